// Owns: the tools that come with the package, and their limits.
// Gives: `createBuiltinTools`, and each tool by itself.
// Does not touch: the network and the file system beyond what its options allow.
export { type BuiltinToolsOptions, createBuiltinTools } from "./builtin-tools.js";
export { createCalculatorTool } from "./calculator.js";
export { createFileTools } from "./files/index.js";
export { createHttpGetTool, type HttpGetOptions } from "./http/index.js";
