#!/usr/bin/env node
// Prints what CHANGELOG.md says of a version, for the GitHub release:  node scripts/release/changelog-section.mjs [version]
import { readFileSync } from "node:fs";
import { at, main, version } from "../lib/project.mjs";
import { sectionOf } from "./changelog.mjs";

await main(() => console.log(sectionOf(readFileSync(at("CHANGELOG.md"), "utf8"), process.argv[2] ?? version())));
