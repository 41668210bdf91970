import type { WorkTool } from "../tools.js";

/** A task of a plan in lines: `3. calculate("$1 + $2")`. */
export interface CompilerTask {
  readonly id: string;
  readonly tool: string;
  /** In the order of the tool's parameters. `$1` stands for a task's result. */
  readonly args: readonly string[];
}

const LINE = /^(\d+)\. (\w+)\((.*)\)$/;
const REFERENCE = /\$(\d+)/g;

/** Reads whole lines from a text that is still being written. */
export function createLineReader(): (piece: string) => CompilerTask[] {
  let rest = "";
  return (piece) => {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    return lines.map(readLine);
  };
}

function readLine(line: string): CompilerTask {
  const [, id = "", tool = "", args = ""] = LINE.exec(line) ?? [];
  if (id === "") {
    throw new Error(`"${line}" is no task.`);
  }
  const values: unknown = JSON.parse(`[${args}]`);
  return { id, tool, args: Array.isArray(values) ? values.map(String) : [] };
}

/** The tasks whose results a task needs. */
export function needsOf({ args }: CompilerTask): string[] {
  return [...new Set(args.flatMap((arg) => [...arg.matchAll(REFERENCE)].map(([, id = ""]) => id)))];
}

/** The arguments of a tool call. */
export function argsFor(
  { args }: CompilerTask,
  tool: WorkTool,
  results: ReadonlyMap<string, string>,
): Record<string, string> {
  const names = Object.keys(tool.schema.shape);
  return Object.fromEntries(
    args.map((arg, index) => [
      names[index] ?? "",
      arg.replace(REFERENCE, (whole, id: string) => results.get(id) ?? whole),
    ]),
  );
}

/** A tool as the planner sees it. */
export function toSignature({ name, description, schema }: WorkTool): string {
  const parameters = Object.entries(schema.shape).map(
    ([parameter, { description: meaning }]) => `${parameter}: ${meaning}`,
  );
  return `${name}(${parameters.join(", ")}): ${description}`;
}
