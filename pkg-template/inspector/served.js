// The inspector as `claiv-emulator` serves it: it asks the command for everything.
import { start } from "./app.js";

start((path, init) => fetch(`/_claiv/${path}`, init), { where: "the command" });
