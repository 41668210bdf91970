// Owns: the command line's flags: how they are read, checked and kept with a thread.
// Gives: `parseArguments`, `settleOptions`.
// Does not touch: the terminal.
export { flagOf, threadOptionsSchema, withFlags } from "./option-values.js";
export { type CommandOptions, checkOptions, parseArguments } from "./parse-arguments.js";
export { AgentStore, openKeptOptions, settleOptions } from "./settle-options.js";
