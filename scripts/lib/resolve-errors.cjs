// wasm-bindgen's test runner puts its glue in a temporary folder, where the modules that the client crate imports
// are missing. Loaded into the runner's Node, this leads to those that the package is built with.
const Module = require("node:module");
const { existsSync } = require("node:fs");
const { basename, join } = require("node:path");

const CLIENT = join(__dirname, "../../pkg-template/client");

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  const own = join(CLIENT, basename(request));
  return request === `./${basename(request)}` && request.endsWith(".js") && existsSync(own) ? own : resolve.call(this, request, ...rest);
};
