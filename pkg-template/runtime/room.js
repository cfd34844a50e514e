// Room on the host's stack. An overflow in the middle of the module would leave its memory half written, so whatever enters it asks first.

const { apply } = Reflect;
const nothing = () => {};
/** Passed as arguments, which the engine puts on the stack: 8 bytes each. */
const ROOM = new Array(2048).fill(0);

/** Throws what the engine throws for an overflow, before anything has begun, where the stack is almost used up. */
export const demandRoom = () => apply(nothing, undefined, ROOM);
