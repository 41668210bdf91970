import type { AgentTool } from "../agent-tool.js";
import { createCalculatorTool } from "./calculator.js";
import { createCsvQueryTool } from "./csv-query.js";
import { createCurrentTimeTool } from "./current-time.js";
import { createDateMathTool } from "./date-math.js";
import { createFileRoot, type RootFolder } from "./file-root.js";
import { createListFilesTool, createReadFileTool, createWriteFileTool } from "./file-tools.js";
import { createHttpGetTool, type HttpGetOptions } from "./http-get.js";
import { createJsonQueryTool } from "./json-query.js";
import { createTextStatsTool } from "./text-stats.js";

/** What the built-in tools work with. */
export interface BuiltinToolsOptions {
  /** The folder that the file tools and the queries are kept inside of, or what says it for each call. */
  readonly root: RootFolder;
  /** Names that begin with a dot and are read, written and listed all the same, such as ".github". @default none */
  readonly hidden?: readonly string[];
  /** Bytes of the largest file that is read or written. @default 10,000,000 */
  readonly maxFileBytes?: number;
  /** What http_get may fetch; left out: there is no such tool. */
  readonly http?: HttpGetOptions;
  /** What time it is. @default the computer's clock */
  readonly now?: () => Date;
  /** IANA name of the time zone that "today" is meant in. @default the computer's own */
  readonly timezone?: string;
}

/** The built-in tools: arithmetic, dates, files, text, CSV and JSON, and HTTP where it is allowed. */
export function createBuiltinTools(options: BuiltinToolsOptions): AgentTool[] {
  const files = createFileRoot({
    root: options.root,
    hidden: options.hidden,
    maxBytes: options.maxFileBytes,
  });
  const clock = { now: options.now ?? (() => new Date()), timezone: options.timezone };
  return [
    createCalculatorTool(),
    createCurrentTimeTool(clock),
    createDateMathTool(clock),
    createReadFileTool(files),
    createWriteFileTool(files),
    createListFilesTool(files),
    createTextStatsTool(),
    createCsvQueryTool(files),
    createJsonQueryTool(files),
    ...(options.http === undefined ? [] : [createHttpGetTool(options.http)]),
  ];
}
