// Room on the host's stack. An overflow in the middle of the module would leave its memory half written, so whatever enters it asks first.

const { apply } = Reflect;
const nothing = () => {};

// Passed as arguments, which the engine puts on the stack: 8 bytes each. By measurement (Node 20, calls from every depth of an overflow)
// 4 KB are enough for code that has run before; these are 8. V8 compiles a function when it is first called, and throws unless it has
// 40 KB for that; these are 56.
const ROOM = new Array(1024).fill(0);
const ROOM_TO_COMPILE = new Array(7168).fill(0);

/** Throws what the engine throws for an overflow, before anything has begun, where the stack is almost used up. */
export const demandRoom = (compiles) => apply(nothing, undefined, compiles ? ROOM_TO_COMPILE : ROOM);
