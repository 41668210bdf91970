import type { AgentTool } from "../registry.js";
import { createCalculatorTool } from "./calculator.js";
import { createCurrentTimeTool, createDateMathTool } from "./dates.js";
import {
  createFileRoot,
  createListFilesTool,
  createReadFileTool,
  createWriteFileTool,
  type RootFolder,
} from "./files/index.js";
import { createHttpGetTool, type HttpGetOptions } from "./http/index.js";
import { createCsvQueryTool, createJsonQueryTool } from "./tables/index.js";
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
