// wasm-bindgen's test runner puts its glue in a temporary folder, where the "./errors.js" that the client crate imports
// is missing. Loaded into the runner's Node, this leads to the module that the package is built with.
const Module = require("node:module");
const { join } = require("node:path");

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  return request === "./errors.js"
    ? join(__dirname, "../../pkg-template/client/errors.js")
    : resolve.call(this, request, ...rest);
};
