// What the measurements share with the conformance suite's drivers: installed runtimes, a workspace with the packed package, and
// an end for everything that was started.
import { join } from "node:path";
import { Failure } from "../../scripts/lib/project.mjs";
import { NotRun, debian, tools, which } from "../../scripts/runtimes/install.mjs";
import { processes } from "../../scripts/runtimes/process.mjs";
import { Workspaces } from "../../scripts/runtimes/workspace.mjs";

/** Packs pkg/, so that a build in the middle of a run changes nothing, and puts it beside its peers. */
export async function createContext() {
  const workspaces = new Workspaces();
  await workspaces.install();
  const modules = await tools("bench").catch((error) => { throw new Failure(`the other clients: ${error.message}`); });
  const folder = workspaces.make("bench", {}, { copy: ["bench"], modules });
  const closing = [];
  const { capture, serve, stopAll } = processes();
  return {
    tools, debian, which, capture, serve, NotRun, Failure,
    // The conformance suite's services, which the site for browsers would allow its pages to reach.
    urls: {},
    folder,
    modules: join(folder, "node_modules"),
    file: (...parts) => join(folder, ...parts),
    node: async (major) => join(await tools("tests/runtimes/node"), `node${major}/bin/node`),
    after: (work) => closing.push(work),
    async close() {
      for (const work of closing.reverse()) await Promise.resolve().then(work).catch((error) => console.log(`  ${error}`));
      stopAll();
    },
  };
}
