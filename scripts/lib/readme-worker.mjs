// Runs a README block that exports a Worker: sends it one request, as the runtime would, and wants a good answer.
import { pathToFileURL } from "node:url";

const { default: worker } = await import(pathToFileURL(process.argv[2]));
const waiting = [];
const context = { waitUntil: (promise) => waiting.push(promise), passThroughOnException() {} };
const response = await worker.fetch(new Request("http://localhost/"), { ...process.env }, context);
console.log(response.status, await response.text());
await Promise.all(waiting);
if (response.status >= 400) process.exitCode = 1;
