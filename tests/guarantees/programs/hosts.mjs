// Every function of the host that a program can replace, each replaced by one that can be told to throw. To be installed before the
// package is imported or after it; see host-faults.mjs.
const { apply, construct, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;

/**
 * While `on`, calls by the package are counted by name; the call number `n` of the function `name` throws `error`. What the host does by
 * itself, for its own Response say, is not the package's, and no program can make it throw.
 */
export const fault = { on: false, counts: new Map(), name: undefined, n: 0, error: undefined, thrown: false };
Error.stackTraceLimit = 30;

/** Whether the nearest function with a place in a file is the package's. */
function calledByPackage() {
  const [, ...frames] = new Error().stack.split("\n");
  const nearest = frames.find((frame) => !frame.includes("/programs/hosts.mjs") && /:\d+:\d+\)?$|wasm:/.test(frame)) ?? "";
  return nearest.includes("/claiv-memory/") || nearest.includes("wasm");
}

function meet(name) {
  if (!fault.on) return;
  fault.on = false;
  const ours = calledByPackage();
  const n = ours ? (fault.counts.get(name) ?? 0) + 1 : 0;
  if (ours) fault.counts.set(name, n);
  fault.on = true;
  if (n === 0 || name !== fault.name || n !== fault.n) return;
  fault.thrown = true;
  throw fault.error;
}

/** Runs `work` as if nothing were replaced: for what stands for the host itself, such as a stub of fetch. */
export function withoutFaults(work) {
  const { on } = fault;
  fault.on = false;
  try {
    return work();
  } finally {
    fault.on = on;
  }
}

const shown = (key) => (typeof key === "symbol" ? `[${key.description}]` : key);

function replaceFunction(owner, key, name) {
  const descriptor = getOwnPropertyDescriptor(owner, key);
  if (!descriptor?.configurable) return;
  for (const part of ["value", "get", "set"]) {
    const original = descriptor[part];
    if (typeof original !== "function") continue;
    const met = part === "value" ? name : `${part} ${name}`;
    descriptor[part] = { [key](...args) { meet(met); return apply(original, this, args); } }[key];
  }
  defineProperty(owner, key, descriptor);
}

function replaceConstructor(key) {
  const original = globalThis[key];
  if (typeof original !== "function") return;
  globalThis[key] = new Proxy(original, {
    construct(target, args, newTarget) { meet(`new ${key}`); return construct(target, args, newTarget === globalThis[key] ? target : newTarget); },
  });
}

/** What a class of the host has: its methods and accessors, and its static ones. */
function replaceClass(Class, name) {
  if (!Class) return;
  for (const [owner, path] of [[Class.prototype, `${name}.prototype`], [Class, name]]) {
    for (const key of ownKeys(owner)) {
      if (key !== "constructor" && key !== Symbol.species && key !== "prototype") replaceFunction(owner, key, `${path}.${shown(key)}`);
    }
  }
}

const GLOBALS = ["fetch", "setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "queueMicrotask", "structuredClone",
  "encodeURIComponent", "decodeURIComponent", "encodeURI", "atob", "btoa", "isNaN", "isFinite", "parseInt", "parseFloat", "reportError"];
const NAMESPACES = { Math, JSON, Reflect, Atomics };
const CLASSES = ["Object", "Function", "Array", "String", "Number", "BigInt", "Boolean", "Symbol", "Promise", "Error", "RegExp", "Date", "Map", "Set", "WeakMap", "WeakSet",
  "WeakRef", "FinalizationRegistry", "ArrayBuffer", "DataView", "URL", "URLSearchParams", "Headers", "Request", "Response", "AbortController", "AbortSignal", "EventTarget",
  "Event", "DOMException", "ReadableStream", "ReadableStreamDefaultReader", "TextDecoder", "TextEncoder", "Blob", "Crypto", "Performance"];
/** Not those which the language itself makes without asking the global. */
const CONSTRUCTED = ["Promise", "Map", "Set", "WeakMap", "WeakSet", "WeakRef", "FinalizationRegistry", "URL", "URLSearchParams", "Headers", "Request", "Response",
  "AbortController", "TextDecoder", "TextEncoder", "Blob", "Uint8Array", "Proxy", "Date"];

/** Replaces them all. */
export function install() {
  for (const key of GLOBALS) if (typeof globalThis[key] === "function") replaceFunction(globalThis, key, key);
  for (const [name, owner] of Object.entries(NAMESPACES)) for (const key of ownKeys(owner)) replaceFunction(owner, key, `${name}.${shown(key)}`);
  for (const name of CLASSES) replaceClass(globalThis[name], name);
  const TypedArray = getPrototypeOf(Uint8Array);
  replaceClass(TypedArray, "TypedArray");
  for (const [name, iterator] of [["Array", [][Symbol.iterator]()], ["Map", new Map().entries()]]) {
    replaceFunction(getPrototypeOf(iterator), "next", `${name} iterator.next`);
  }
  for (const key of CONSTRUCTED) replaceConstructor(key);
}
