export { type BuiltinToolsOptions, createBuiltinTools } from "./builtin-tools.js";
export { createCalculatorTool } from "./calculator.js";
export type { Clock } from "./calendar.js";
export { createCsvQueryTool } from "./csv-query.js";
export { createCurrentTimeTool } from "./current-time.js";
export { createDateMathTool } from "./date-math.js";
export { evaluateExpression } from "./evaluate-expression.js";
export { createFileRoot, type FileEntry, type FileRoot, type FileRootOptions } from "./file-root.js";
export {
  createFileTools,
  createListFilesTool,
  createReadFileTool,
  createWriteFileTool,
} from "./file-tools.js";
export { createHttpGetTool, type HttpGetOptions } from "./http-get.js";
export type { HttpPage } from "./http-page.js";
export { createJsonQueryTool } from "./json-query.js";
export { createTextStatsTool } from "./text-stats.js";
