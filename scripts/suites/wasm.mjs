import { cargoTest } from "../lib/cargo-test.mjs";
import { TARGET, checkedEnv, locked } from "../lib/cargo.mjs";
import { at, tools } from "../lib/project.mjs";

export const wasm = {
  name: "wasm",
  what: "the Rust tests under tests/*.rs, as wasm in Node (with panics that can be read, unlike the release build's)",
  async run(report) {
    const { CLAIV_WASM_CARGO, CLAIV_TEST_RUNNER } = tools();
    return cargoTest(report, CLAIV_WASM_CARGO, ["--workspace", "--target", TARGET, "--test", "*", ...locked], {
      ...(await checkedEnv()),
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: CLAIV_TEST_RUNNER,
      // The runner's own backtrace, which it adds to every failure, says nothing about the test.
      RUST_BACKTRACE: "0",
      WASM_BINDGEN_TEST_TIMEOUT: "120",
      NODE_OPTIONS: `--require=${at("scripts/lib/resolve-errors.cjs")} --no-warnings`,
    });
  },
};
