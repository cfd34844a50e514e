// The first import of a program: what comes after it is watched.
import { watch } from "./conformance/watch.mjs";

export const imported = watch();
