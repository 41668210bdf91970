import { readCorpus } from "../corpora/corpus.js";
import type { Call } from "./forms.js";

interface NestfulEntry {
  calls: { name: string; arguments: Record<string, unknown> }[];
}
interface LlmEntry {
  nodes: (string | { task?: unknown; arguments?: unknown })[];
}
interface Named {
  name: string;
  value: unknown;
}

/** The public plans whose calls name their arguments, in our terms: references by position. */
export function readRealPlans(): Call[][] {
  const nested = readCorpus<NestfulEntry>("nestful").map(({ calls }) =>
    calls.map(({ name, arguments: args }) => ({ tool: name, args: toOwnReferences(args) })),
  );
  const written = readCorpus<LlmEntry>("llm-plans").map(({ nodes }) => nodes.map(toCall));
  return [...nested, ...written.filter((calls) => calls.every((call) => call !== undefined))];
}

function toOwnReferences(args: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(args).replace(/\$var(\d+)([^$"]*)\$/g, "{{$1$2}}");
  return JSON.parse(text);
}

function toCall(node: LlmEntry["nodes"][number]): Call | undefined {
  if (typeof node === "string" || typeof node.task !== "string") {
    return undefined;
  }
  const given = node.arguments;
  if (!Array.isArray(given) || given.length === 0 || !given.every(isNamed)) {
    return undefined;
  }
  const args = Object.fromEntries(given.map(({ name, value }) => [name, value]));
  const text = JSON.stringify(args).replace(/<node-(\d+)>/g, (_, place) => `{{${Number(place) + 1}}}`);
  return { tool: node.task, args: JSON.parse(text) };
}

function isNamed(value: unknown): value is Named {
  return typeof value === "object" && value !== null && "name" in value && "value" in value;
}
