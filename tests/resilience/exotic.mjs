// Values that nobody means to pass, as fast-check arbitraries.
import fc from "fast-check";

const thrower = (what = new Error("thrown on purpose")) => () => {
  throw what;
};

/** A proxy whose every trap throws. */
const hostileProxy = (target) => new Proxy(target, Object.fromEntries(
  ["get", "has", "ownKeys", "getOwnPropertyDescriptor", "getPrototypeOf", "set", "apply", "construct", "isExtensible"].map((trap) => [trap, thrower()]),
));

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function cyclic() {
  const value = { user_id: "u", list: [] };
  value.list.push(value);
  return value;
}

function nested(depth) {
  let value = [];
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

/** Made anew each time: some can be used once only. None of them is pending for ever. */
const MAKERS = [
  () => undefined, () => null, () => NaN, () => -0, () => Infinity, () => -Infinity, () => 2 ** 31, () => 2 ** 32 + 0.5, () => 2 ** 53, () => -1, () => 5e-324, () => 1.5,
  () => "", () => " ", () => "\ud800", () => "\udfff\ud800", () => "\u0000", () => "\r\n", () => ".", () => "..", () => "../../v2/forget", () => "a/b?c=d#e", () => "%00",
  () => "__proto__", () => "constructor", () => "x".repeat(100_000), () => "é€😀".repeat(20_000), () => "2026-01-31T12:00:00Z", () => "message", () => "true", () => "7d",
  () => 10n, () => -(2n ** 70n), () => Symbol("s"), () => Symbol.iterator, () => true, () => false,
  () => () => {}, () => thrower(), () => thrower(null), () => thrower("text"), () => async () => {}, () => async () => thrower()(), () => function* () {}, () => class A {},
  () => () => Symbol("from a function"), () => async () => "ck_fuzz", () => eval,
  () => ({}), () => [], () => Object.create(null), () => Object.freeze({ user_id: "u" }), () => Object.create({ user_id: "inherited" }), cyclic, () => nested(5000),
  () => hostileProxy({}), () => hostileProxy([]), () => hostileProxy(() => {}), () => revoked({}), () => revoked([]), () => revoked(() => {}), () => new Proxy({}, { get: (_, name) => name }),
  () => ({ get user_id() { throw new Error("getter"); } }), () => ({ get then() { throw new Error("then"); } }), () => ({ then: (yes) => yes("ck_fuzz") }),
  () => ({ then: (_, no) => no(Symbol("no")) }), () => ({ then: thrower() }), () => ({ toJSON: thrower() }), () => ({ toJSON: () => undefined }), () => ({ toJSON: () => 10n }), () => ({ toJSON: () => "text" }),
  () => ({ toString: thrower() }), () => ({ valueOf: thrower(), toString: () => "text" }), () => ({ [Symbol.toPrimitive]: thrower() }), () => ({ [Symbol.iterator]: thrower() }),
  () => ({ __proto__: null, user_id: "u", type: "message", content: "c" }), () => ({ "": 1, "a b": 2, "\n": 3 }), () => ({ length: 3, 0: "a" }), () => ({ length: 1e9 }),
  () => new Date(), () => new Date(NaN), () => new Map([["user_id", "u"]]), () => new Set([1]), () => new WeakMap(), () => new Error("e"), () => /x/, () => new Uint8Array(3), () => new ArrayBuffer(8),
  () => Object("u"), () => Object(1), () => Object(Symbol("s")), () => new Headers({ a: "b" }), () => new URL("https://example.com/"), () => new Response("{}"), () => new Response("{}", { status: 500 }),
  () => AbortSignal.abort(), () => AbortSignal.abort(Symbol("reason")), () => new AbortController().signal, () => new AbortController(),
  () => ({ aborted: false, addEventListener: thrower() }), () => ({ aborted: true, addEventListener() {}, get reason() { throw new Error("reason"); } }),
  () => ({ aborted: false, addEventListener(_, listener) { listener(); }, removeEventListener: thrower() }),
  () => globalThis, () => Math, () => Reflect, () => Object.assign(new Array(3), { 2: 1 }), () => [["a", "b"]], () => [["a"]], () => new Array(1000).fill("x"),
];

// fast-check looks into the values it makes, which some of these do not survive. So it is given functions that make them.

/** Makes anything at all. */
export const exotic = () => fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...MAKERS) },
  { weight: 1, arbitrary: fc.anything({ maxDepth: 3, withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true, withTypedArray: true, withSparseArray: true, withUnicodeString: true }).map((value) => () => value) },
);

/** Makes an object of these fields, each right, or exotic, or not there; and perhaps one more. */
export const nearly = (fields) => fc.tuple(
  fc.record(Object.fromEntries(Object.entries(fields).map(([name, right]) => [name, fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...right.map((value) => () => value)) },
    { weight: 1, arbitrary: exotic() },
  )])), { requiredKeys: [] }),
  fc.option(exotic(), { freq: 4 }),
).map(([makers, more]) => () => {
  const made = Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, make()]));
  return more ? Object.assign(made, { more: more() }) : made;
});

/** Mostly an object that is nearly right, sometimes anything. */
export const mostly = (fields) => fc.oneof({ weight: 4, arbitrary: nearly(fields) }, { weight: 1, arbitrary: exotic() });
