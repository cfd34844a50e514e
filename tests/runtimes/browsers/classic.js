// The emulator has no classic script; its module can be had all the same.
/* global ClaivMemory, conformanceWatch */
conformanceWatch.stop();
(async () => {
  const emulator = await import("./node_modules/claiv-memory/dist/emulator.js");
  const { report } = await import("./report-page.mjs");
  await report({ client: ClaivMemory, without: { v6: "claiv-memory/v6 has no classic script" }, emulator, imported: conformanceWatch, ownGlobals: ["ClaivMemory", "conformanceWatch"] });
})().catch((error) => globalThis.fallen(error.stack));
