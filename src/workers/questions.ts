// What a worker asks a person, and how it is answered. Most agents ask with LangChain's human-in-the-loop request: calls
// that wait, of which each can be approved, edited or rejected. Our own agents ask in the same form. Anything else that an
// agent hands to `interrupt` is a question, and `interrupt` returns the answer.
import { z } from "zod";
import { fingerprint, isRecord, type JsonValue, stableStringify } from "../base/index.js";
import { toJson } from "../tools/index.js";

/** A question of a worker, as its graph holds it. */
export interface WorkerQuestion {
  readonly id: string;
  readonly value: unknown;
}

const DECISIONS = ["approve", "edit", "reject", "respond"] as const;
type DecisionType = (typeof DECISIONS)[number];

/** One thing that a worker asks: whether a call may be made, or a question. */
export interface AskedByWorker {
  /** Names the question, what exactly is asked, and its place in it. */
  readonly key: string;
  /** The call's tool; undefined if it is a question. */
  readonly tool?: string;
  readonly args: Record<string, JsonValue>;
  readonly description?: string;
  /** What is asked, if it is a question. */
  readonly asks?: JsonValue;
  readonly allowedDecisions: DecisionType[];
}

/** A person's decision about one thing that a worker asked. */
export interface DecisionForWorker {
  readonly type: DecisionType;
  readonly by?: string;
  readonly tool?: string;
  readonly args?: Record<string, JsonValue>;
  readonly message?: string;
  readonly response?: JsonValue;
}

const actionSchema = z.object({
  name: z.string().min(1),
  args: z.record(z.string(), z.json()),
  description: z.string().optional(),
});

/** How many bytes of a worker's question a person is shown. */
const MAX_QUESTION_BYTES = 64_000;

/** Reads what a worker asks with one question. */
export function toAsked({ id, value }: WorkerQuestion): AskedByWorker[] {
  const { shown, request } = readQuestion(value);
  const keyOf = (index: number) => fingerprint(stableStringify([id, index, shown]));
  if (request === undefined) {
    return [{ key: keyOf(0), args: {}, asks: shown, allowedDecisions: ["respond", "edit"] }];
  }
  return request.actions.map(({ name, args, description }, index) => ({
    key: keyOf(index),
    tool: name,
    args,
    ...(description === undefined ? {} : { description }),
    allowedDecisions: allowedIn(request.reviews, name, index),
  }));
}

/** Makes what the question of a worker is answered with, out of a decision for each thing that it asks. */
export function toAnswer({ value }: WorkerQuestion, decisions: readonly DecisionForWorker[]): unknown {
  const [first] = decisions;
  if (readQuestion(value).request === undefined) {
    return first?.response;
  }
  const requestId: unknown = Reflect.get(Object(value), "requestId");
  // Only our own agents name their requests, and note who decided.
  const own = typeof requestId === "string" ? { requestId, decidedBy: first?.by } : {};
  return { ...own, decisions: decisions.map(toDecision) };
}

function toDecision({ type, tool: name = "", args = {}, message, response }: DecisionForWorker): object {
  switch (type) {
    case "approve":
      return { type };
    case "edit":
      // LangChain's two languages spell it differently.
      return { type, editedAction: { name, args }, edited_action: { name, args } };
    case "reject":
      return message === undefined ? { type } : { type, message };
    case "respond":
      return { type, response };
  }
}

interface ReviewRequest {
  readonly actions: readonly z.infer<typeof actionSchema>[];
  readonly reviews: readonly unknown[];
}

/** Reads a question. What is too long to be shown whole is no request, because nobody could say what was approved. */
function readQuestion(question: unknown): { shown: JsonValue; request: ReviewRequest | undefined } {
  const { value, truncated } = toJson(question, { maxBytes: MAX_QUESTION_BYTES });
  return { shown: value, request: truncated ? undefined : readRequest(value) };
}

/** Reads a human-in-the-loop request in either spelling; undefined if the question is no such request. */
function readRequest(value: JsonValue): ReviewRequest | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const actions = z
    .array(actionSchema)
    .min(1)
    .safeParse(value.actionRequests ?? value.action_requests);
  const reviews: unknown = value.reviewConfigs ?? value.review_configs;
  return actions.success
    ? { actions: actions.data, reviews: Array.isArray(reviews) ? reviews : [] }
    : undefined;
}

/** The decisions that a call allows. Reviews stand in the order of the calls, or there is one for each tool. */
function allowedIn(reviews: readonly unknown[], name: string, index: number): DecisionType[] {
  const isFor = (review: unknown) => isRecord(review) && (review.actionName ?? review.action_name) === name;
  const review = isFor(reviews[index]) ? reviews[index] : reviews.find(isFor);
  const told: unknown = isRecord(review) ? (review.allowedDecisions ?? review.allowed_decisions) : undefined;
  const allowed = DECISIONS.filter((one) => Array.isArray(told) && told.includes(one));
  return allowed.length === 0 ? ["approve", "reject"] : allowed;
}
