#!/usr/bin/env node
// The inspector with an emulator in the page, as a folder that any static host can serve:  node scripts/playground.mjs [--build] [port]
// --build makes .build/playground/ and ends; without it the folder is served, too. Needs pkg/: make build.
import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { buildInspector } from "./lib/inspector.mjs";
import { Failure, at, main } from "./lib/project.mjs";

const FOLDER = at(".build/playground");
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml" };

async function build() {
  const emulator = at("pkg/dist/emulator.js");
  if (!existsSync(emulator)) throw new Failure("there is no pkg/: run make build");
  rmSync(FOLDER, { recursive: true, force: true });
  await buildInspector(FOLDER, { emulator: "./emulator.js" });
  // The page of the command is not part of it.
  for (const name of ["served.html", "served.js"]) rmSync(join(FOLDER, name));
  cpSync(emulator, join(FOLDER, "emulator.js"));
  console.log(`playground: ${FOLDER} can be served by any static host`);
}

function serve(port) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const path = join(FOLDER, normalize(pathname.endsWith("/") ? `${pathname}index.html` : pathname));
    const type = TYPES[extname(path)];
    if (!type || !existsSync(path)) return response.writeHead(404).end();
    return response.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(readFileSync(path));
  });
  server.listen(port, "127.0.0.1", () => console.log(`playground: http://127.0.0.1:${server.address().port}/`));
}

await main(async () => {
  await build();
  const port = process.argv.slice(2).find((word) => /^\d+$/.test(word));
  if (!process.argv.includes("--build")) serve(Number(port ?? 0));
});
