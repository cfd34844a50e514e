// What projects do that call fetch in jsdom: its environment, with what Node has and jsdom lacks.
const { TestEnvironment } = require("jest-environment-jsdom");

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    const names = ["fetch", "Request", "Response", "Headers", "AbortController", "AbortSignal", "ReadableStream", "TextEncoder", "TextDecoder", "structuredClone"];
    for (const name of names) this.global[name] = globalThis[name];
  }
};
