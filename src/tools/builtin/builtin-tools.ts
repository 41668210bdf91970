import type { AgentTool } from "../registry.js";
import { BuiltinToolError } from "../tool-errors.js";
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

/** Options of the built-in tools. */
export interface BuiltinToolsOptions {
  /** The folder that the file tools and the queries are confined to, or a function that chooses it for each call. */
  readonly root: RootFolder;
  /** Dot names that may be read, written and listed all the same, such as ".github". @default none */
  readonly hidden?: readonly string[];
  /** Size limit for files that are read or written, in bytes. @default 10,000,000 */
  readonly maxFileBytes?: number;
  /** What http_get may fetch. If left out, there is no such tool. */
  readonly http?: HttpGetOptions;
  /** Tells the time. @default the computer's clock */
  readonly now?: () => Date;
  /** IANA name of the time zone that "today" refers to. @default the computer's own */
  readonly timezone?: string;
}

/** Creates the built-in tools: arithmetic, dates, files, text, CSV and JSON, plus HTTP if the options allow it. */
export function createBuiltinTools(options: BuiltinToolsOptions): AgentTool[] {
  if (options?.root === undefined) {
    throw new BuiltinToolError(
      "INVALID_PATH",
      'createBuiltinTools needs the folder that its tools may use: createBuiltinTools({ root: "./files" }).',
    );
  }
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
