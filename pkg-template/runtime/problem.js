// What can be wrong with a call besides what the module itself says: the host cannot run it, the module failed, or `this` is not what
// the method belongs to. It is no Error, so that it can be made where there is no room for a stack; brand.js has the public error made of it.

import { setField } from "./own.js";

const HELP = {
  load: (name) => `${name} cannot run here, because its WebAssembly module was not started. It needs a host that has WebAssembly (Node `
    + "without --jitless), a Content-Security-Policy with 'wasm-unsafe-eval' if there is one, and, in Chromium before version 115, a Worker",
  room: (name) => `this call of ${name} was not begun: it was made near the end of the stack. Look for functions that call each other without end`,
  damaged: (name) => `the WebAssembly module of ${name} failed during this call, which may have taken effect. Later calls start it anew`,
  lost: (name) => `this ${name} lost its memory when its WebAssembly module failed. Make a new one`,
  stranger: (name) => `this is no ${name}, but a copy or a proxy of one, or nothing, as when a method is called without its object. Call `
    + "it on the object that was made with new",
  foreign: (name) => `a function of the host failed while ${name} was being called, which may have taken effect`,
  disposed: (name) => `this ${name} was disposed of`,
};

/** What an exception says of itself, in parentheses. It may be anything, and say nothing. */
function reasonOf(cause) {
  try {
    return cause instanceof Error ? ` (${cause.message})` : "";
  } catch {
    return "";
  }
}

export class Problem {
  /** `kind` is one of the above; `cause` is the exception behind it, if there is one. */
  constructor(kind, cause) {
    setField(this, "kind", kind);
    setField(this, "cause", cause);
  }

  /** What is wrong and what to do about it, for users of the class `name`. */
  message(name) {
    const text = HELP[this.kind](name) + reasonOf(this.cause);
    return `${text[0].toUpperCase()}${text.slice(1)}.`;
  }
}

/** The one that says that there is no room on the stack, made while there was some. */
export const NO_ROOM = new Problem("room");
