import { imported } from "./before.mjs";
import * as client from "claiv-memory";
import * as emulator from "claiv-memory/emulator";
import "./after.mjs";
import { report } from "./report-page.mjs";

await report({ client, emulator, imported });
