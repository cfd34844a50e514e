(async () => {
  // The suite is an ES module; the package is required.
  const { watch } = await import("./conformance/watch.mjs");
  const imported = watch();
  const client = require("claiv-memory");
  const v6 = require("claiv-memory/v6");
  const emulator = require("claiv-memory/emulator");
  imported.stop();
  const { report } = await import("./report.mjs");
  await report({ client, v6, emulator, imported });
})();
