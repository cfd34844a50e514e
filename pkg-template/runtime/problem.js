// Failures of a call that the module itself does not report: the host cannot run it, the module failed, or `this` is not an object of the class.
// A Problem is no Error, since making one needs more space on the stack; brand.js makes the public error of it.

import { setField } from "./own.js";

const HELP = {
  load: (name) => `${name} cannot run here, because its WebAssembly module was not started. It needs a host that has WebAssembly (Node `
    + "without --jitless), a Content-Security-Policy with 'wasm-unsafe-eval' if there is one, and, in Chromium before version 115, a Worker",
  stack: (name) => `this call of ${name} was not begun: it was made near the end of the stack. Look for functions that call each other without end`,
  damaged: (name) => `the WebAssembly module of ${name} failed during this call, which may have taken effect. Later calls start it anew`,
  lost: (name) => `this ${name} lost its memory when its WebAssembly module failed. Make a new one`,
  wrongThis: (name) => `this is no ${name}, but a copy or a proxy of one, or nothing, as when a method is called without its object. Call `
    + "it on the object that was made with new",
  host: (name) => `a function of the host failed while ${name} was being called, which may have taken effect`,
  disposed: (name) => `this ${name} was disposed of`,
};

/** The message of an exception, in parentheses; nothing for an exception that is no Error. */
function reasonOf(cause) {
  try {
    return cause instanceof Error ? ` (${cause.message})` : "";
  } catch {
    return "";
  }
}

export class Problem {
  /** `kind` is a key of HELP; `cause` is the exception that led to it, if there is one. */
  constructor(kind, cause) {
    setField(this, "kind", kind);
    setField(this, "cause", cause);
  }

  /** The message for users of the class `name`: what is wrong and what to do about it. */
  message(name) {
    const text = HELP[this.kind](name) + reasonOf(this.cause);
    return `${text[0].toUpperCase()}${text.slice(1)}.`;
  }
}

/** Made beforehand, while there is space on the stack to make it. */
export const NO_STACK_SPACE = new Problem("stack");
