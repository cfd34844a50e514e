// Import maps do not hold in workers: paths it is.
import { imported } from "./before.mjs";
import * as client from "./node_modules/claiv-memory/dist/index.js";
import * as v6 from "./node_modules/claiv-memory/dist/v6.js";
import * as emulator from "./node_modules/claiv-memory/dist/emulator.js";
import "./after.mjs";
import { report } from "./report-page.mjs";

await report({ client, v6, emulator, imported });
