import { cargoTest } from "../lib/cargo-test.mjs";
import { locked } from "../lib/cargo.mjs";
import { tools } from "../lib/project.mjs";

export const rust = {
  name: "rust",
  what: "the Rust tests that need no JavaScript, on this machine",
  run: (report) => cargoTest(report, tools().CLAIV_CARGO, ["--workspace", ...locked]),
};
