// Owns: the flags of the command line: how they are read, checked and kept with a thread.
// Gives: `parseArguments`, `settleOptions`, and `AgentStore`, which protects the kept flags.
// Does not touch: the terminal.
export { completionScript } from "./completion.js";
export {
  flagOf,
  optionValuesSchema,
  type TypedOptions,
  threadOptionsSchema,
  withFlags,
} from "./option-values.js";
export { type CommandOptions, checkOptions, parseArguments } from "./parse-arguments.js";
export { AgentStore, openKeptOptions, settleOptions } from "./settle-options.js";
