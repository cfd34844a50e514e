// The entry point of every file of the package. The order matters: the module must be started before the exported code is evaluated, and
// imports are evaluated in the order in which they are written.
import "claiv:load";
export * from "claiv:api";
