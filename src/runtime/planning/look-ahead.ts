// What the names in a goal stand for, where a tool can show it (`metadata.preview`): a small model that plans without it
// guesses columns and fields.
import { raceSignal } from "../../base/index.js";
import { ModelError, ModelLine, type RoleModels } from "../../models/index.js";
import { judgeAction } from "../../policy/index.js";
import type { Seen } from "../../prompts/index.js";
import { type AgentState, turnOf } from "../../state/index.js";
import type { PreviewCall } from "../../tools/index.js";
import type { NodeContext, RoleSettings } from "../run/index.js";
import { callTool } from "../steps/index.js";
import { styleOf } from "./asking/index.js";
import type { ShownTools } from "./shown-tools.js";

/** How many names of a goal are looked up. */
const MAX_LOOKS = 3;

/**
 * Looks at what the goal names, for a model that is told little, because such a model asks nothing before it plans. What
 * would wait for a person is not looked at, and what fails shows nothing: the plan will find out.
 */
export async function lookAhead(
  state: AgentState,
  role: RoleSettings,
  context: NodeContext,
): Promise<readonly Seen[]> {
  const calls = context.services.registry.previewsIn(turnOf(state).goal).slice(0, MAX_LOOKS);
  if (calls.length === 0 || !(await isBrief(role, context))) {
    return [];
  }
  const seen = await Promise.all(calls.map((call, at) => look(call, `seen-${at + 1}`, state, context)));
  return seen.flat();
}

/** Whether a role's model is one that is told little, because it can use little. */
export async function isBrief(role: RoleModels, { settings, services }: NodeContext): Promise<boolean> {
  const models = new ModelLine(role, services.resolveModel);
  try {
    return styleOf(await models.current(), settings.planner) === "short";
  } catch (error) {
    // A model that is not there is told of, or another one asked, when it is asked for the plan.
    if (error instanceof ModelError) {
      return false;
    }
    throw error;
  }
}

/**
 * Leaves out the tools that show what names stand for and know none of the goal's, where others do: a small model asks
 * one tool for the file of another.
 */
export function withoutStrangers<Shown extends ShownTools>(
  shown: Shown,
  seen: readonly Seen[],
  { services: { registry } }: NodeContext,
): Shown {
  const knows = new Set(seen.map(({ tool }) => tool));
  const tools = shown.tools.filter(
    ({ name }) => knows.size === 0 || knows.has(name) || !registry.hasPreview(name),
  );
  return { ...shown, tools };
}

async function look(
  { name, tool, args: given }: PreviewCall,
  partId: string,
  state: AgentState,
  context: NodeContext,
): Promise<readonly Seen[]> {
  const { settings, services, requester } = context;
  const signal = context.signal ?? new AbortController().signal;
  const read = await raceSignal(services.registry.readArgs(tool, given), signal);
  const judged = await raceSignal(judgeAction(settings.approval, { tool, ...read }, requester), signal);
  const isLetPass = judged.verdict === "run" && judged.refuse === undefined;
  if (!isLetPass || services.registry.checkArgs(tool, read.args).length > 0) {
    return [];
  }
  const call = { partId, description: `look at ${name}`, tool, args: read.args };
  const ended = await callTool(call, { context, state, signal });
  return ended.ok ? [{ name, tool, output: ended.value.output }] : [];
}
