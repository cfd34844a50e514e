import { imported } from "./before.mjs";
import * as client from "npm:claiv-memory";
import * as v6 from "npm:claiv-memory/v6";
import * as emulator from "npm:claiv-memory/emulator";
import "./after.mjs";
import { report } from "./report.ts";

await report({ client, v6, emulator, imported });
