import { z } from "zod";
import { type PlanStep, planSchema, readPlan, validatePlan } from "../plan/index.js";
import type { AgentState, Decision, Waiting } from "../state/index.js";
import type { ToolRegistry } from "../tools/index.js";
import { shownName } from "./approval-request.js";
import { editPlanText } from "./edit-plan-text.js";

/** What a person decided, bound to what was shown; an edited plan comes as its steps. */
export type DecidedAction = Omit<Decision, "at"> & { readonly steps?: readonly PlanStep[] };

/** The decisions of an answer, or why it cannot be taken. */
export type ReadDecisions =
  | { readonly ok: true; readonly decisions: readonly DecidedAction[] }
  | { readonly ok: false; readonly message: string };

const editSchema = z.object({ name: z.string(), args: z.record(z.string(), z.json()) });
const answerSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("approve") }),
  z.object({
    type: z.literal("edit"),
    editedAction: editSchema.optional(),
    edited_action: editSchema.optional(),
    steps: z.array(z.unknown()).optional(),
  }),
  z.object({ type: z.literal("reject"), message: z.string().optional() }),
]);
const resumeSchema = z.object({ requestId: z.string().optional(), decisions: z.array(answerSchema) });

type Answer = z.infer<typeof answerSchema>;

class RefusedAnswer extends Error {}

/** Reads what a run was resumed with; everything in it is checked against what was shown. */
export function readDecisions(
  value: unknown,
  state: AgentState,
  registry: ToolRegistry,
  maxSteps: number,
): ReadDecisions {
  try {
    const answers = readAnswers(value, state);
    const decisions = state.waiting.flatMap((waiting, index) => {
      const answer = answers[index];
      return answer === undefined ? [] : [bind(waiting, answer, state, registry, maxSteps)];
    });
    return { ok: true, decisions };
  } catch (error) {
    if (error instanceof RefusedAnswer) return { ok: false, message: error.message };
    throw error;
  }
}

function readAnswers(value: unknown, { requestId, waiting }: AgentState): readonly Answer[] {
  const bare = readBare(value);
  if (bare !== undefined) {
    if (waiting.length === 1) return [bare];
    throw new RefusedAnswer(
      `${waiting.length} actions wait; answer { decisions: [...] } with one decision for each.`,
    );
  }
  const parsed = resumeSchema.safeParse(Array.isArray(value) ? { decisions: value } : value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0] ?? { path: [], message: "not understood" };
    throw new RefusedAnswer(
      `The answer cannot be read at ${path.join(".") || "its top"}: ${message}. Answer { decisions: [...] }, each ` +
        '{ type: "approve" }, { type: "edit", editedAction: { name, args } } or { type: "reject", message }.',
    );
  }
  const { decisions } = parsed.data;
  if (parsed.data.requestId !== undefined && parsed.data.requestId !== requestId) {
    throw new RefusedAnswer(
      `The answer is to request ${parsed.data.requestId}; what waits is request ${requestId}.`,
    );
  }
  if (decisions.length !== waiting.length) {
    throw new RefusedAnswer(
      `${waiting.length} actions wait and ${decisions.length} decisions came: give one for each, in order.`,
    );
  }
  return decisions;
}

function readBare(value: unknown): Answer | undefined {
  if (value === true || value === "approve") return { type: "approve" };
  if (value === false || value === "reject") return { type: "reject" };
  const single = answerSchema.safeParse(value);
  return single.success ? single.data : undefined;
}

function bind(
  waiting: Waiting,
  answer: Answer,
  state: AgentState,
  registry: ToolRegistry,
  maxSteps: number,
): DecidedAction {
  const { actionId, allowedDecisions } = waiting;
  const { requestId } = state;
  if (!allowedDecisions.includes(answer.type)) {
    throw new RefusedAnswer(
      `"${answer.type}" is not allowed for ${shownName(waiting)}; allowed: ${allowedDecisions.join(", ")}.`,
    );
  }
  if (answer.type === "approve") return { actionId, requestId, type: "approve" };
  if (answer.type === "reject") return { actionId, requestId, type: "reject", message: answer.message };
  if (waiting.kind === "plan") {
    return {
      actionId,
      requestId,
      type: "edit",
      steps: editedSteps(waiting.steps, answer, state, registry, maxSteps),
    };
  }
  const edited = answer.editedAction ?? answer.edited_action;
  if (edited === undefined) throw new RefusedAnswer("An edit needs editedAction: { name, args }.");
  const faults = registry.has(edited.name)
    ? registry.checkArgs(edited.name, edited.args)
    : [`there is no tool "${edited.name}"`];
  if (faults.length > 0)
    throw new RefusedAnswer(`The edited call of ${edited.name} is not valid: ${faults.join("; ")}.`);
  return { actionId, requestId, type: "edit", tool: edited.name, args: edited.args };
}

function editedSteps(
  steps: readonly PlanStep[],
  answer: Extract<Answer, { type: "edit" }>,
  state: AgentState,
  registry: ToolRegistry,
  maxSteps: number,
): readonly PlanStep[] {
  const tools = registry.planTools();
  const args = (answer.editedAction ?? answer.edited_action)?.args;
  const structured = answer.steps ?? args?.steps;
  const pastIds = state.pastSteps.map(({ id }) => id);
  const edited =
    structured !== undefined
      ? readPlan(structured, { tools, pastIds })
      : ({ found: true, plan: { steps: editPlanText(String(args?.plan ?? ""), steps, pastIds) } } as const);
  if (!edited.found) throw new RefusedAnswer(edited.reason);
  const issues = validatePlan(edited.plan, { tools, maxSteps, pastSteps: state.pastSteps });
  if (issues.length > 0) {
    throw new RefusedAnswer(
      `The edited plan cannot be used: ${issues.map(({ message }) => message).join(" ")}`,
    );
  }
  return planSchema.parse(edited.plan).steps;
}
