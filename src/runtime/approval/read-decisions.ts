import { z } from "zod";
import { isRecord, type JsonValue, raceSignal } from "../../base/index.js";
import type { PlanStep } from "../../plan/index.js";
import { type ApprovalRules, judgeAction, type Requester } from "../../policy/index.js";
import type {
  AgentState,
  Decision,
  OpenRequest,
  Waiting,
  WaitingAction,
  WaitingGuidance,
  WaitingPlan,
} from "../../state/index.js";
import { outcomeFault, type ToolRegistry, toJson } from "../../tools/index.js";
import { ANSWER, MAX_STATE_OUTPUT_BYTES, shownName } from "../run/index.js";
import { readEditedArgs } from "./read-edited-args.js";
import { readEditedSteps } from "./read-edited-steps.js";

/** A person's decision, bound to what was shown. An edited plan comes as its steps. */
export type DecidedAction = Omit<Decision, "at" | "by"> & { readonly steps?: readonly PlanStep[] };

/** The decisions in an answer and who it says it is from, or why it cannot be taken. */
type ReadDecisions =
  | { readonly ok: true; readonly decisions: readonly DecidedAction[]; readonly decidedBy?: string }
  | { readonly ok: false; readonly message: string };

/** What answers are checked against, besides what was shown. */
interface AnswerRules {
  readonly registry: ToolRegistry;
  readonly requester: Requester;
  readonly maxSteps: number;
  readonly rules: ApprovalRules;
  /** Whether the answer can only be meant for this request. If not, it must name the request. */
  readonly isMeant: boolean;
  readonly signal: AbortSignal | undefined;
}

/** How long the name may be that an answer gives for who decided. */
const MAX_NAME_CHARACTERS = 200;

const editSchema = z.object({ name: z.string(), args: z.record(z.string(), z.json()) });
const NAMED = { actionId: z.string().optional() };
const answerSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("approve"), ...NAMED }),
  z.object({
    type: z.literal("edit"),
    ...NAMED,
    editedAction: editSchema.optional(),
    edited_action: editSchema.optional(),
    steps: z.array(z.unknown()).optional(),
  }),
  z.object({ type: z.literal("reject"), ...NAMED, message: z.string().optional() }),
  z.object({ type: z.literal("respond"), ...NAMED, response: z.json() }),
]);
const envelopeSchema = z.object({
  requestId: z.string().optional(),
  decidedBy: z.string().max(MAX_NAME_CHARACTERS).optional(),
});
const resumeSchema = z.object({ ...envelopeSchema.shape, decisions: z.array(answerSchema) });

type Answer = z.infer<typeof answerSchema>;
type Resume = z.infer<typeof resumeSchema>;

class RefusedAnswer extends Error {}

/** Reads what a run was resumed with, and checks everything in it against what was shown. */
export async function readDecisions(
  value: unknown,
  request: OpenRequest,
  state: AgentState,
  rules: AnswerRules,
): Promise<ReadDecisions> {
  try {
    const { decisions: answers, decidedBy } = readResume(value, request, rules);
    const decisions: DecidedAction[] = [];
    for (const [index, waiting] of request.waiting.entries()) {
      const answer = answers[index];
      if (answer !== undefined) {
        decisions.push({ ...(await bind(waiting, answer, state, rules)), requestId: request.id });
      }
    }
    return { ok: true, decisions, decidedBy };
  } catch (error) {
    if (error instanceof RefusedAnswer) {
      return { ok: false, message: error.message };
    }
    throw error;
  }
}

function readResume(
  given: unknown,
  { id: requestId, waiting }: OpenRequest,
  { rules, isMeant }: AnswerRules,
): Resume {
  const { value, truncated } = toJson(given, { maxBytes: MAX_STATE_OUTPUT_BYTES });
  if (truncated) {
    throw new RefusedAnswer(
      `The answer is larger than ${MAX_STATE_OUTPUT_BYTES} bytes, or nested too deep, and was not read.`,
    );
  }
  const bare = readResponse(value, waiting) ?? readBare(value);
  const answer = bare ?? readEnvelope(Array.isArray(value) ? { decisions: value } : value);
  const isNameWanted = rules.requireRequestId || rules.standing.requireRequestId;
  if (answer.requestId === undefined && isNameWanted) {
    throw new RefusedAnswer(
      `An answer must name the request that it is to: { requestId: "${requestId}", decisions: [...] }.`,
    );
  }
  if (answer.requestId === undefined && !isMeant && !answer.decisions.every(({ actionId }) => actionId)) {
    throw new RefusedAnswer(
      "Something else waits beside this request, and an answer that names neither may be meant for it. Answer " +
        `{ requestId: "${requestId}", decisions: [...] }, or by the interrupt's id: Command({ resume: { [id]: answer } }).`,
    );
  }
  if (answer.requestId !== undefined && answer.requestId !== requestId) {
    throw new RefusedAnswer(
      `The answer is to request ${answer.requestId}; what waits is request ${requestId}.`,
    );
  }
  const { decisions } = answer;
  if (bare !== undefined && waiting.length !== 1) {
    throw new RefusedAnswer(
      `${waiting.length} actions wait; answer { decisions: [...] } with one decision for each.`,
    );
  }
  if (decisions.length !== waiting.length) {
    throw new RefusedAnswer(
      `${waiting.length} actions wait and ${decisions.length} decisions came: give one for each, in order.`,
    );
  }
  return answer;
}

function readEnvelope(value: JsonValue): Resume {
  const parsed = resumeSchema.safeParse(value);
  if (parsed.success) {
    return parsed.data;
  }
  const { path, message } = parsed.error.issues[0] ?? { path: [], message: "not understood" };
  throw new RefusedAnswer(
    `The answer cannot be read at ${path.join(".") || "its top"}: ${message}. Answer { decisions: [...] }, each ` +
      '{ type: "approve" }, { type: "edit", editedAction: { name, args } } or { type: "reject", message }.',
  );
}

/** Reads a single decision without an envelope, in short or in full. It can only mean one action. */
function readBare(value: JsonValue): Resume | undefined {
  if (value === true || value === "approve") {
    return { decisions: [{ type: "approve" }] };
  }
  if (value === false || value === "reject") {
    return { decisions: [{ type: "reject" }] };
  }
  const decision = answerSchema.safeParse(value);
  const envelope = envelopeSchema.safeParse(value);
  if (!decision.success || !envelope.success) {
    return undefined;
  }
  return { ...envelope.data, decisions: [decision.data] };
}

/** Reads what answers a tool's question, if nothing else waits: `interrupt` returns just what a run is resumed with. */
function readResponse(value: JsonValue, [only, ...others]: readonly Waiting[]): Resume | undefined {
  if (only?.kind !== "action" || only.asks === undefined || others.length > 0) {
    return undefined;
  }
  const isDecided =
    answerSchema.safeParse(value).success ||
    answerSchema.array().min(1).safeParse(value).success ||
    (isRecord(value) && ("decisions" in value || "requestId" in value));
  return isDecided ? undefined : { decisions: [{ type: "respond", response: value }] };
}

async function bind(
  waiting: Waiting,
  answer: Answer,
  state: AgentState,
  rules: AnswerRules,
): Promise<Omit<DecidedAction, "requestId">> {
  const { actionId, allowedDecisions } = waiting;
  if (answer.actionId !== undefined && answer.actionId !== actionId) {
    throw new RefusedAnswer(
      `A decision is on action ${answer.actionId}; what stands at its place is ${actionId}.`,
    );
  }
  if (!allowedDecisions.includes(answer.type)) {
    throw new RefusedAnswer(
      `"${answer.type}" is not allowed for ${shownName(waiting)}; allowed: ${allowedDecisions.join(", ")}.`,
    );
  }
  const bound = {
    actionId,
    ...(waiting.kind === "action"
      ? { stepId: waiting.stepId, shown: { tool: waiting.tool, args: waiting.args } }
      : {}),
  };
  switch (answer.type) {
    case "approve":
      return { ...bound, type: "approve" };
    case "reject":
      return { ...bound, type: "reject", message: answer.message };
    case "respond":
      return { ...bound, type: "respond", response: checkedAnswer(waiting, answer.response) };
    case "edit":
      if (waiting.kind === "action" && waiting.asks !== undefined) {
        return { ...bound, type: "respond", response: checkedAnswer(waiting, writtenAnswer(answer)) };
      }
      if (waiting.kind === "action" && waiting.worker !== undefined) {
        return { ...bound, type: "edit", ...editedInWorker(waiting, answer) };
      }
      return waiting.kind === "action"
        ? { ...bound, type: "edit", ...(await editedCall(waiting, answer, rules)) }
        : { ...bound, type: "edit", steps: editedSteps(waiting, answer, state, rules) };
  }
}

type Edit = Extract<Answer, { type: "edit" }>;

/** The answer that a person wrote into the form of a question. */
function writtenAnswer({ editedAction, edited_action }: Edit): JsonValue {
  const response = (editedAction ?? edited_action)?.args[ANSWER];
  if (response === undefined) {
    throw new RefusedAnswer(`An edit of a question needs editedAction: { name, args: { ${ANSWER} } }.`);
  }
  return response;
}

/** Refuses an answer to whether a call was carried out that does not say so: nothing is guessed here. */
function checkedAnswer(waiting: Waiting, response: JsonValue): JsonValue {
  const wrong = waiting.kind === "action" ? outcomeFault(waiting, response) : undefined;
  if (wrong !== undefined) {
    throw new RefusedAnswer(wrong);
  }
  return response;
}

/**
 * Reads the call that a person wrote. It needs no further approval, unless it is of another tool whose rule allows no
 * edits.
 */
async function editedCall(
  waiting: WaitingAction,
  { editedAction, edited_action }: Edit,
  { registry, rules, requester, signal }: AnswerRules,
): Promise<Pick<DecidedAction, "tool" | "args">> {
  const edited = editedAction ?? edited_action;
  if (edited === undefined) {
    throw new RefusedAnswer("An edit needs editedAction: { name, args }.");
  }
  const { name } = edited;
  const shown = name === waiting.tool ? waiting.args : {};
  const read = readEditedArgs(edited.args, shown, registry.get(name)?.schema);
  if (!read.ok) {
    throw new RefusedAnswer(read.message);
  }
  const faults = registry.has(name) ? registry.checkArgs(name, read.args) : [`there is no tool "${name}"`];
  if (faults.length > 0) {
    throw new RefusedAnswer(`The edited call of ${name} is not valid: ${faults.join("; ")}.`);
  }
  const called = await raceSignal(registry.readArgs(name, read.args), signal);
  const verdict = await raceSignal(judgeAction(rules, { tool: name, ...called }, requester), signal);
  if (name !== waiting.tool && verdict.verdict === "ask" && !verdict.allowedDecisions.includes("edit")) {
    throw new RefusedAnswer(
      `A call cannot be edited to ${name}: its own rule allows ${verdict.allowedDecisions.join(", ")}.`,
    );
  }
  return { tool: name, args: called.args };
}

/** Reads a call of a worker's tool that a person wrote. Only the worker knows what its tools take. */
function editedInWorker(
  waiting: WaitingAction,
  { editedAction, edited_action }: Edit,
): Pick<DecidedAction, "tool" | "args"> {
  const edited = editedAction ?? edited_action;
  if (edited === undefined || edited.name !== waiting.tool) {
    throw new RefusedAnswer(`An edit of this call needs editedAction: { name: "${waiting.tool}", args }.`);
  }
  const read = readEditedArgs(edited.args, waiting.args, undefined);
  if (!read.ok) {
    throw new RefusedAnswer(read.message);
  }
  return { tool: edited.name, args: read.args };
}

/** Reads the steps that a person wrote in place of the shown ones. */
function editedSteps(
  waiting: WaitingPlan | WaitingGuidance,
  answer: Edit,
  state: AgentState,
  { registry, maxSteps }: AnswerRules,
): readonly PlanStep[] {
  const edited = { args: (answer.editedAction ?? answer.edited_action)?.args, steps: answer.steps };
  const read = readEditedSteps(edited, waiting, state, { tools: registry.planTools(), maxSteps });
  if (!read.ok) {
    throw new RefusedAnswer(read.message);
  }
  return read.steps;
}
