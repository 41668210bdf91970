import { isGroup, type Work, type WorkItem, withReferences } from "../work.js";
import type { PlanMark } from "./reply.js";

/** What a plan is written from. */
export interface PlanToWrite {
  readonly work: Work;
  readonly items: readonly WorkItem[];
  /** The position of the first step. */
  readonly firstId: number;
  /** The words of the answer, if they are known. */
  readonly answer: string | undefined;
  /** The ids that finished items had in earlier plans of the run. */
  readonly doneIds: ReadonlyMap<string, string>;
}

/**
 * A plan as our planner's model writes it, in the shortest form that its prompt teaches (src/prompts/plan-rules.ts).
 */
export function writePlan({ work, items, firstId, answer, doneIds }: PlanToWrite): {
  readonly argsText: string;
  readonly marks: readonly PlanMark[];
} {
  const ids = new Map(items.map(({ id }, index) => [id, String(firstId + index)]));
  const idOf = (id: string) => ids.get(id) ?? doneIds.get(id) ?? ids.get(insteadOf(work, id)) ?? id;
  const marks: PlanMark[] = [];
  let text = '{"steps":[';
  for (const [index, item] of items.entries()) {
    if (index > 0) {
      text += ",";
    }
    text += withReferences(JSON.stringify(toWire(item)), (id) => `{{${idOf(id)}}}`);
    marks.push({ itemId: item.id, end: text.length });
  }
  text +=
    answer === undefined
      ? "]}"
      : `],"answer":${JSON.stringify(toAnswer(withReferences(answer, (id) => `{{${idOf(id)}}}`)))}}`;
  return { argsText: text, marks };
}

/** A reference by itself is written as the step's id. */
function toAnswer(words: string): string {
  return /^\{\{([^{}]*)\}\}$/.exec(words)?.[1] ?? words;
}

function toWire(item: WorkItem): object {
  if (!isGroup(item)) {
    return { [item.tool]: toWireArgs(item.args) };
  }
  // An agent has the tools that its step names, or else all. It follows the step before it, unless it says that it
  // waits for nothing.
  const tools = [...new Set(item.steps.map(({ tool }) => tool))];
  return { description: item.words, tools, dependsOn: [] };
}

function toWireArgs(args: Readonly<Record<string, unknown>>): unknown {
  const [value, ...others] = Object.values(args);
  return others.length === 0 && typeof value === "string" ? value : args;
}

function insteadOf(work: Work, id: string): string {
  return work.items.find((item) => !isGroup(item) && item.insteadOf === id)?.id ?? id;
}
