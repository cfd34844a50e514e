// The watch mode, in a process of its own, over a folder of its own.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { changed, snapshot } from "../../scripts/lib/watch.mjs";

function folder(t) {
  const path = mkdtempSync(join(tmpdir(), "claiv-watch-"));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

test("a changed, a new, a replaced and a deleted file are found; what tests install is not looked at", (t) => {
  const path = folder(t);
  mkdirSync(join(path, "node_modules"));
  const write = (name, text) => writeFileSync(join(path, name), text);
  const differs = (work) => {
    const before = snapshot([path, join(path, "absent")]);
    work();
    return changed(before, snapshot([path, join(path, "absent")])).map((file) => file.slice(path.length + 1)).sort();
  };
  assert.deepEqual(differs(() => write("a.rs", "1")), ["a.rs"]);
  assert.deepEqual(differs(() => write("a.rs", "12")), ["a.rs"]);
  assert.deepEqual(differs(() => { write("b.rs", "123"); renameSync(join(path, "b.rs"), join(path, "a.rs")); }), ["a.rs"]);
  assert.deepEqual(differs(() => write("node_modules/x.js", "")), []);
  assert.deepEqual(differs(() => rmSync(join(path, "a.rs"))), ["a.rs"]);
});

/** Starts a watch of `path` that runs `program` again and again; `next` waits for a line with these words in it. */
function watching(t, path, program) {
  const module = new URL("../../scripts/lib/watch.mjs", import.meta.url).href;
  const child = spawn(process.execPath, ["--input-type=module", "-e",
    `import { watch } from ${JSON.stringify(module)}; await watch([${JSON.stringify(path)}], ["-e", ${JSON.stringify(program)}]);`]);
  t.after(() => child.kill("SIGKILL"));
  let text = "";
  let look = () => {};
  child.stdout.on("data", (data) => { text += data; look(); });
  const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve(signal ?? code)));
  const next = (words) => new Promise((resolve) => {
    look = () => {
      const place = text.indexOf(words);
      if (place < 0) return;
      text = text.slice(place + words.length);
      resolve();
    };
    look();
  });
  return { child, next, ended };
}

test("it runs at once, again after each change, also one made during a run, and ends on Ctrl-C", { timeout: 60_000 }, async (t) => {
  const path = folder(t);
  const file = join(path, "lib.rs");
  writeFileSync(file, "1");
  const { child, next, ended } = watching(t, path, "console.log('a run begins'); setTimeout(() => console.log('a run ends'), 600)");
  await next("a run begins");
  await next("watching for changes");
  writeFileSync(file, "12");
  await next("lib.rs changed");
  await next("a run begins");
  // While it runs.
  writeFileSync(file, "123");
  await next("a run ends");
  await next("lib.rs changed");
  await next("a run begins");
  await next("watching for changes");
  child.kill("SIGINT");
  assert.equal(await ended, 0);
});

test("a run that fails does not end it", { timeout: 60_000 }, async (t) => {
  const path = folder(t);
  const { next } = watching(t, path, "console.log('a run fails'); process.exit(1)");
  await next("a run fails");
  await next("watching for changes");
  writeFileSync(join(path, "new.rs"), "");
  await next("new.rs changed");
  await next("a run fails");
});
