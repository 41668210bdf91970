import { isRecord } from "../../base/index.js";
import { ModelError } from "../../models/index.js";
import { planSchema, readCallsInText, readPlan, readWholeJson } from "../../plan/index.js";
import { BLOCKED_TOOL, PLAN_TOOL, RESPOND_TOOL } from "../../prompts/index.js";
import type { AgentServices } from "./node-context.js";

const OWN_TOOLS: ReadonlySet<string> = new Set([PLAN_TOOL, RESPOND_TOOL, BLOCKED_TOOL]);

/** Says why a text is no answer for anybody: it is calls or a plan, and nothing else. Undefined if it is an answer. */
export function rawAnswerIn(text: string, registry: AgentServices["registry"]): string | undefined {
  const written = readCallsInText(text, (name) => OWN_TOOLS.has(name) || registry.has(name));
  if (written !== undefined) {
    return `it is a call of ${written.calls[0]?.name} written as text`;
  }
  return isPlan(text, registry) ? "it is a plan" : undefined;
}

/** Throws a `ModelError` if a text is no answer for anybody. */
export function assertAnswer(text: string, registry: AgentServices["registry"]): void {
  const raw = rawAnswerIn(text, registry);
  if (raw !== undefined) {
    throw new ModelError("MODEL_UNREADABLE", `its answer is for nobody: ${raw}`);
  }
}

/** Whether a text is a plan: a list of steps as JSON, and nothing else, with a call of a known tool. */
function isPlan(text: string, registry: AgentServices["registry"]): boolean {
  const json = readWholeJson(text);
  if (!Array.isArray(json) && !(isRecord(json) && "steps" in json)) {
    return false;
  }
  const read = readPlan(json, { tools: registry.planTools() });
  const parsed = planSchema.safeParse(read.found ? read.plan : undefined);
  return parsed.data?.steps.some(({ tool, args }) => registry.has(tool ?? "") && args !== undefined) ?? false;
}
