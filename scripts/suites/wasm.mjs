import { cargoTest } from "../lib/cargo-test.mjs";
import { TARGET, checkedEnv, locked } from "../lib/cargo.mjs";
import { at, tools } from "../lib/project.mjs";

/** Runs the tests in wasm, or with `filter` those whose names contain it. The runner knows #[wasm_bindgen_test] only; plain #[test] is native. */
export async function wasmTests(report, filter = []) {
  const { CLAIV_WASM_CARGO, CLAIV_TEST_RUNNER } = tools();
  return cargoTest(report, CLAIV_WASM_CARGO, ["--workspace", "--target", TARGET, "--lib", "--test", "*", ...locked, "--", ...filter], {
    ...(await checkedEnv()),
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: CLAIV_TEST_RUNNER,
    // The runner's own backtrace, which it adds to every failure, says nothing about the test.
    RUST_BACKTRACE: "0",
    WASM_BINDGEN_TEST_TIMEOUT: "120",
    NODE_OPTIONS: `--require=${at("scripts/lib/resolve-errors.cjs")} --no-warnings`,
  });
}

export const wasm = {
  name: "wasm",
  what: "the Rust tests that need JavaScript, as wasm in Node: those of tests/*.rs and the unit tests (with panics that can be read)",
  run: (report) => wasmTests(report),
};
