// How Rust knows JavaScript's values: by numbers. 0 is undefined. A number above it stands for a value that lasts: a name, or what Rust
// keeps. One below it stands for a value of the call that runs: whatever a call meets on its way stays in one list, its scope, for as
// long as the call does. So no value has to be given back one by one. In Rust this is src/platform/value.rs.

const lasting = [undefined];
const free = [];
const outer = [];
let told;
let scope = fresh();

/** A scope, with a first value. Values begin at 1, and its callbacks are made when they are first needed. */
function fresh(first) {
  return { values: [0, first], token: 0, done: undefined, failed: undefined };
}

/** The value that a number stands for. */
export const valueOf = (number) => (number < 0 ? scope.values[-number] : lasting[number]);

/** A number for a value of the call that runs. */
export const numberOf = (value) => (value === undefined ? 0 : 1 - scope.values.push(value));

/** Calls a method of the API, in a scope of its own. The scope's first value is what settles the promise that the method gives. */
export function method(run, self, a, b, c) {
  const before = scope;
  const own = deferred();
  scope = fresh(own);
  try {
    run(self, numberOf(a), numberOf(b), numberOf(c));
    return own.promise;
  } finally {
    scope = before;
  }
}

/** Calls a constructor, in a scope of its own. */
export function made(run, a, b) {
  const before = scope;
  scope = fresh();
  try {
    const [self, error, failed] = run(numberOf(a), numberOf(b));
    if (failed) throw valueOf(error);
    return self;
  } finally {
    scope = before;
  }
}

/** Says who is told of promises, timers and signals. */
export function connect(who) {
  told = who;
}

/** Tells somebody something, in the scope of the call that began to wait for it. */
function tell(of, token, what, value) {
  const before = scope;
  scope = of;
  try {
    // Of a call that was cut short nothing is needed, but a promise that never settles may hold on to its scope.
    if (told(token, what, value)) of.values = [0];
  } finally {
    scope = before;
  }
}

/** A function that tells `what`, with its own first argument. */
export const callback = (token, what) => tell.bind(undefined, scope, token, what);

/** A timer that tells `what`. */
export const timer = (ms, token, what) => setTimeout(tell, ms, scope, token, what);

/** A promise and what settles it. */
export function deferred() {
  let resolve;
  let reject;
  const promise = new Promise((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** Waits for anything, and tells 0 when it resolves and 1 when it rejects. A thenable's `then` is foreign code, but it is called later. */
export function settle(value, token) {
  if (scope.token !== token) {
    scope.token = token;
    scope.done = callback(token, 0);
    scope.failed = callback(token, 1);
  }
  Promise.resolve(value).then(scope.done, scope.failed);
}

const nothing = () => {};

/** Lets a promise be: whatever becomes of it is nobody's concern, and its rejection not unhandled. */
export function ignore(value) {
  Promise.resolve(value).then(nothing, nothing);
}

// What Rust asks of a value again and again, in one question each.

/** A number as it is, and NaN for anything else. */
export const number = (value) => (typeof value === "number" ? value : NaN);

/** The length of a string, and 0 for anything else. */
export const length = (value) => (typeof value === "string" ? value.length : 0);

/** True for an object that is not an array. Throws for a proxy that cannot be asked. */
export const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Names, a line each: they have the numbers from 1 on. */
export const name = (lines) => lasting.push(...lines.split("\n"));

/** Makes a value last: gives it a number that is good in all scopes until `release`. */
export function keep(value) {
  const number = free.pop() ?? lasting.length;
  lasting[number] = value;
  return number;
}

export function release(number) {
  lasting[number] = undefined;
  free.push(number);
}

/** Makes a scope that lasts, with a first value in it. */
export function open(value) {
  return keep(fresh(value));
}

/** Lets go of a scope and of all that is in it. */
export function close(number) {
  lasting[number].values = [0];
  release(number);
}

/** Goes into a scope that lasts, and out again. */
export function enter(number) {
  outer.push(scope);
  scope = lasting[number];
}

export function leave() {
  scope = outer.pop();
}

/** Forgets what the call that runs has met since this number was given. */
export function forget(number) {
  scope.values.length = 1 - number;
}
