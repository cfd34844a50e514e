// wasm-bindgen's test runner puts its glue in a temporary folder, where the modules that the client crate imports
// are missing. Loaded into the runner's Node, this leads to those that the package is built with.
const Module = require("node:module");
const { join } = require("node:path");

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  return ["./errors.js", "./content.js", "./fetch.js", "./signals.js", "./strings.js", "./values.js"].includes(request)
    ? join(__dirname, "../../pkg-template/client", request)
    : resolve.call(this, request, ...rest);
};
