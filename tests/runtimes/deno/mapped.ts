import { imported } from "./before.mjs";
import * as client from "claiv-memory";
import * as v6 from "claiv-memory/v6";
import * as emulator from "claiv-memory/emulator";
import "./after.mjs";
import { report } from "./report.ts";

await report({ client, v6, emulator, imported });
