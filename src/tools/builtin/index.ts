// Owns: the tools that come with the package, and their limits.
// Gives: `createBuiltinTools` for all of them; the calculator, the file tools and `http_get` also by
// themselves.
// Does not touch: files outside the root folder, and hosts that the options do not allow.
export { type BuiltinToolsOptions, createBuiltinTools } from "./builtin-tools.js";
export { createCalculatorTool } from "./calculator.js";
export { createFileTools } from "./files/index.js";
export { createHttpGetTool, type HttpGetOptions } from "./http/index.js";
