// How cargo is called for wasm32, by builds and by tests.
import { homedir } from "node:os";
import { at, root, tools } from "./project.mjs";
import { capture } from "./run.mjs";

export const TARGET = "wasm32-unknown-unknown";

/** Lock files are changed by people, never by CI. */
export const locked = process.env.CI ? ["--locked"] : [];

/**
 * The environment of a wasm build: the compiler set-up chose, a target folder of its own (cargo would compile everything anew after each
 * change of flags or compiler), and `flags` for rustc in place of whatever the caller's shell has.
 */
export function wasmEnv(folder, flags = []) {
  const { CLAIV_ROUTE, CLAIV_WASM_RUSTC, CLAIV_WASM_LINKER } = tools();
  return {
    // rustup's own cargo finds its compiler; naming it would only hide a toolchain override.
    ...(CLAIV_ROUTE === "debian" && { RUSTC: CLAIV_WASM_RUSTC }),
    ...(CLAIV_WASM_LINKER && { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: CLAIV_WASM_LINKER }),
    CARGO_TARGET_DIR: at("target", `${folder}-${CLAIV_ROUTE}`),
    CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f"),
  };
}

/** The environment of builds with all checks, in a target folder of their own: the tests in wasm, and the development build. */
export async function checkedEnv(folder = "wasm-test", flags = []) {
  const library = `${await capture(tools().CLAIV_WASM_RUSTC, ["--print", "sysroot"])}/lib/rustlib/src/rust`;
  return wasmEnv(folder, [...flags, ...(await remapPaths()), `--remap-path-prefix=${library}=/rust`]);
}

/** Flags that replace this machine's paths in the output. rustc takes the last prefix that fits. */
export async function remapPaths() {
  const { CLAIV_WASM_RUSTC } = tools();
  const sysroot = await capture(CLAIV_WASM_RUSTC, ["--print", "sysroot"]);
  return [
    [homedir(), "/home"],
    [process.env.CARGO_HOME ?? `${homedir()}/.cargo`, "/cargo"],
    [sysroot, "/rust"],
    [root, "/claiv-memory"],
  ].map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
}
