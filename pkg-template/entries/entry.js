// The shape of every file of the package. The order matters: the module must have been started before the first line of what
// is exported is evaluated, and imports run in the order they are written.
import "claiv:load";
export * from "claiv:api";
