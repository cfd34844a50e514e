// The stores of Node in the storm.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inMemory } from "./memory.mjs";
import { inProcesses } from "./processes.mjs";

/** By name: gives `begin` for the storm. `after` is given what cleans up. */
export const STORES = {
  memoryStore: () => inMemory(),
  fileStore(after) {
    const folder = mkdtempSync(join(tmpdir(), "claiv-storm-"));
    after(() => rmSync(folder, { recursive: true, force: true }));
    return inProcesses(process.execPath, [fileURLToPath(new URL("process.mjs", import.meta.url)), "file", join(folder, "journal")]);
  },
};
