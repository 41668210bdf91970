// Owns: the arguments that a model makes for a step's one call.
// Gives: `makeArguments`, and how the arguments of any call of a model are read.
// Does not touch: the call itself.
export { argsOf, assertWholeArgs, makeArguments } from "./make-arguments.js";
