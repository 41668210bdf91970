import { tool } from "@langchain/core/tools";
import { z } from "zod";
import type { AgentTool } from "../../../src/index.js";
import { hasCorpora, readCorpus } from "../../corpora/corpus.js";
import { createScene, type EvalTask, type Suite } from "../task.js";
import { isCall, type MadeCall, tokenOf, toUnmade } from "./recorded-tools.js";

/** Every so many entries of the file is a task. */
const STRIDE = 6;
/** The call that only says what the result is. */
const RESULT = "var_result";
const REFERENCE = /\$(var\d+)(?:\.([^$]+))?\$/g;

const entrySchema = z.object({
  input: z.string(),
  calls: z.array(
    z.object({
      name: z.string(),
      arguments: z.record(z.string(), z.unknown()),
      label: z.string().optional(),
    }),
  ),
});

type Entry = z.infer<typeof entrySchema>;

/** What the corpus shows of a tool: its arguments, and the fields of its output that others refer to. */
interface ToolShape {
  readonly args: Map<string, "number" | "boolean" | "string" | "other">;
  readonly fields: Set<string>;
}

/**
 * NESTFUL: goals whose calls need what earlier calls gave. The corpus has neither tools nor outputs. The tools are made of
 * its calls, and their outputs are tokens, so a call is right only if its arguments came from the right one.
 */
export const nestful: Suite = {
  name: "nestful",
  about: "calls whose arguments refer to the outputs of earlier ones, checked by the calls that were made",
  source:
    "NESTFUL (Apache 2.0), read from ../shared/data/nestful.jsonl. Without that file the suite has no tasks.",
  tasks: hasCorpora() ? toTasks(readCorpus<unknown>("nestful").map((entry) => entrySchema.parse(entry))) : [],
};

function toTasks(entries: readonly Entry[]): readonly EvalTask[] {
  const shapes = shapesIn(entries);
  return entries.flatMap((entry, line) =>
    line % STRIDE === 0 ? [toTask(entry, `n${String(line).padStart(3, "0")}`, shapes)] : [],
  );
}

function toTask({ input, calls }: Entry, id: string, shapes: ReadonlyMap<string, ToolShape>): EvalTask {
  const names = new Set(calls.map(({ name }) => name).filter((name) => name !== RESULT));
  const others = [...shapes.keys()].filter((name) => !names.has(name));
  // Ten tools that the goal does not need, from one place in the corpus, so that they are not all alike.
  const start = (Number(id.slice(1)) * 7) % Math.max(1, others.length - 10);
  const offered = [...names, ...others.slice(start, start + 10)].sort();
  return {
    id,
    question: input,
    async open() {
      const made: MadeCall[] = [];
      const tools = offered.map((name) => createTool(name, shapes.get(name), (call) => made.push(call)));
      return createScene(tools, () => ({ kind: "exact", faults: findUnmade(made, calls, input) }));
    },
  };
}

function createTool(name: string, shape: ToolShape | undefined, onCall: (call: MadeCall) => void): AgentTool {
  const args = [...(shape?.args ?? [])].map(([arg, type]) => [arg, ARGUMENT_TYPES[type].optional()] as const);
  return tool(
    (given) => {
      const call = { tool: name, args: z.record(z.string(), z.unknown()).parse(given) };
      onCall(call);
      return outputOf(call, shape?.fields);
    },
    {
      name: toToolName(name),
      description: `${name.replaceAll(/[_.-]+/g, " ").replaceAll(/([a-z])([A-Z])/g, "$1 $2")}. Gives ${[...(shape?.fields ?? []), "result"].join(", ")}`,
      schema: z.object(Object.fromEntries(args)),
      metadata: { readOnly: true, outputExample: outputOf({ tool: name, args: {} }, shape?.fields) },
    },
  );
}

/** An argument may be the output of another call, which is text. */
const ARGUMENT_TYPES = {
  number: z.union([z.number(), z.string()]),
  boolean: z.boolean(),
  string: z.string(),
  other: z.unknown(),
} as const;

function toToolName(name: string): string {
  return name.replaceAll(/[^\w-]/g, "_");
}

function outputOf(call: MadeCall, fields: Iterable<string> = []): Record<string, string> {
  return Object.fromEntries(
    [...fields, "result"].map((field) => [field.replaceAll(/\W+/g, "_"), tokenOf(call, field)]),
  );
}

/**
 * Says which calls of the corpus were not made. References stand for what the call made in the place of theirs gave. Of
 * other arguments only those count that the goal says, because the corpus also has values that nobody could know.
 */
function findUnmade(made: readonly MadeCall[], calls: Entry["calls"], goal: string): readonly string[] {
  const byLabel = new Map<string, MadeCall>();
  return calls
    .filter(({ name }) => name !== RESULT)
    .flatMap(({ name, arguments: args, label = "" }) => {
      const wanted = { tool: name, args: Object.fromEntries(Object.entries(args).flatMap(toWanted)) };
      const call = made.find((one) => isCall(one, wanted));
      if (call !== undefined) {
        byLabel.set(label, call);
      }
      return call === undefined ? [toUnmade(wanted)] : [];
    });

  function toWanted([arg, value]: [string, unknown]): readonly (readonly [string, unknown])[] {
    if (typeof value === "string" && value.search(REFERENCE) >= 0) {
      const filled = value.replaceAll(REFERENCE, (written, from: string, field = "result") => {
        const call = byLabel.get(from);
        return call === undefined ? written : tokenOf(call, field);
      });
      return [[arg, filled]];
    }
    const isSaid = goal.toLowerCase().includes(String(value).toLowerCase());
    return isSaid ? [[arg, value]] : [];
  }
}

function shapesIn(entries: readonly Entry[]): Map<string, ToolShape> {
  const shapes = new Map<string, ToolShape>();
  for (const { calls } of entries) {
    const byLabel = new Map<string, ToolShape>();
    for (const { name, arguments: args, label } of calls) {
      for (const [, from = "", field] of JSON.stringify(args).matchAll(REFERENCE)) {
        if (field !== undefined) {
          byLabel.get(from)?.fields.add(field);
        }
      }
      if (name === RESULT) {
        continue;
      }
      const shape = shapes.get(name) ?? { args: new Map(), fields: new Set() };
      for (const [arg, value] of Object.entries(args)) {
        shape.args.set(arg, joinTypes(shape.args.get(arg), value));
      }
      shapes.set(name, shape);
      byLabel.set(label ?? "", shape);
    }
  }
  return shapes;
}

function joinTypes(known: string | undefined, value: unknown): "number" | "boolean" | "string" | "other" {
  const type =
    typeof value === "number" || typeof value === "boolean" || typeof value === "string"
      ? typeof value
      : "other";
  const found = z.enum(["number", "boolean", "string", "other"]).catch("other").parse(type);
  if (known === undefined || known === found) {
    return found;
  }
  return known === "number" || found === "number" ? "number" : "other";
}
