// Owns: the tools that come with the package, and their limits.
// Gives: `createBuiltinTools`, and by themselves the calculator, the file tools and `http_get`.
// Does not touch: files outside the root folder, and hosts that the options do not allow.
export { type BuiltinToolsOptions, createBuiltinTools } from "./builtin-tools.js";
export { createCalculatorTool, evaluateExpression } from "./calculator.js";
export { createFileRoot, createFileTools, createReplaceCheck, type FileRoot } from "./files/index.js";
export { createHttpGetTool, type HttpGetOptions } from "./http/index.js";
