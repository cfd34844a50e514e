// Checks for space on the host's stack. An overflow while the module runs would leave its memory half written, so calls into it check first.

const { apply } = Reflect;
const nothing = () => {};

// Passed as arguments, which the engine puts on the stack: 8 bytes each. By measurement (Node 20, calls from every depth of an overflow)
// 4 KB are enough for code that has run before; these are 8. V8 compiles a function when it is first called, and throws unless it has
// 40 KB for that; these are 56.
const ARGUMENTS = new Array(1024).fill(0);
const ARGUMENTS_TO_COMPILE = new Array(7168).fill(0);

/** Throws what the engine throws for an overflow where there is too little space. `compiles` is for code that may not have run before. */
export const requireStackSpace = (compiles) => apply(nothing, undefined, compiles ? ARGUMENTS_TO_COMPILE : ARGUMENTS);
