// A page that compares when it is told to.
import { make as hand } from "../clients/hand-written.mjs";
import { make as other } from "claiv:client";
import { compare } from "./slices.mjs";

globalThis.compare = (options) => compare([hand, other], options);
