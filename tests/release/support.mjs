// Runs the release's scripts as processes, on folders that a test makes.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** A folder with `files` (text by path) that is gone after the test. */
export function folderOf(t, files = {}) {
  const folder = mkdtempSync(join(tmpdir(), "claiv-release-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  put(folder, files);
  return folder;
}

export function put(folder, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Runs a program; resolves to its exit code and to all that it printed. */
export function program(command, args, { env = {}, cwd } = {}) {
  return new Promise((done) => {
    execFile(command, args, { cwd, env: { ...process.env, NODE_OPTIONS: "", ...env }, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      done({ code: error ? error.code : 0, stdout, output: stdout + stderr });
    });
  });
}

export const script = (name, args = [], options) => program(process.execPath, [join(repository, "scripts/release", name), ...args], options);

/** A register of npm packages on this machine: `answer(method, path, body)` gives { status?, json }. Records the requests. */
export async function registry(t, answer) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    asked.push({ method: request.method, path: request.url, body });
    const { status = 200, json } = answer(request.method, request.url, body) ?? { status: 404, json: { error: "not found" } };
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => { server.closeAllConnections(); server.close(); });
  const url = `http://127.0.0.1:${server.address().port}/`;
  // A cache of its own: npm would remember what another test's register said.
  const env = { npm_config_registry: url, npm_config_cache: folderOf(t), npm_config_fetch_retries: "0", npm_config_update_notifier: "false", [`npm_config_//127.0.0.1:${server.address().port}/:_authToken`]: "a-token" };
  return { url, asked, env };
}
