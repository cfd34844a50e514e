// The pages of docs/ that travel in the package, so that no link of the README is dead where it is read.
import { readdirSync } from "node:fs";
import { at } from "./project.mjs";

/** About this repository's own work, with pictures and measurements that nobody needs beside the package. */
const STAYS = ["performance.md"];

/** Their paths within the repository, which are those within the package. */
export const docsPages = () => readdirSync(at("docs")).filter((name) => /\.(?:md|txt)$/.test(name) && !STAYS.includes(name)).sort().map((name) => `docs/${name}`);
