// The emulator has no classic script; its module can be had all the same.
/* global ClaivMemory, conformanceWatch */
conformanceWatch.stop();
(async () => {
  const emulator = await import("./node_modules/claiv-memory/dist/emulator.js");
  const { report } = await import("./report-page.mjs");
  await report({ client: ClaivMemory, emulator, imported: conformanceWatch, ownGlobals: ["ClaivMemory", "conformanceWatch"] });
})().catch((error) => globalThis.fallen(error.stack));
