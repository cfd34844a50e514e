// The inspector with an emulator of its own, whose WebAssembly runs in this page: nothing is sent anywhere.
import { ClaivEmulator } from "claiv-memory/emulator";
import { start } from "./app.js";

const emulator = new ClaivEmulator();

/** The paths are those the command serves: `api/…` is the inspector's own, `service/…` the API of the service. */
function send(path, init = {}) {
  const target = path.startsWith("service/") ? path.slice("service".length) : `/_claiv/${path}`;
  return emulator.fetch(`https://emulator.invalid${target}`, { ...init, headers: { ...init.headers, authorization: "Bearer inspector" } });
}

start(send, { where: "this page" });
