// What a run was given as the answer to a request. LangGraph's `interrupt` alone would take too much for it:
//
//   (1) In a fork from before an answer, `interrupt` gives the answer that was given there, and the new one is not heard.
//       A node is run again only there: what it did with an answer is stored together with the answer. So stored answers
//       are passed over, and what counts is what this run brought.
//   (2) Inside another graph a plain answer is given to each node that asks. Whether it was meant for this request is
//       known where it came under the request's own interrupt id, or where this is the one question that was shown; else
//       the answer has to say so itself.
//
// A question that a node beside ours asked counts as shown until the outer superstep is over, answered or not: by the
// same answer it may have been answered just now.
import { INTERRUPT, interrupt, type LangGraphRunnableConfig } from "@langchain/langgraph";
import type { ApprovalRequest } from "../run/index.js";

/** An answer, and whether it can only be meant for the request; nothing where the run brought none. */
export type GivenAnswer = { readonly value: unknown; readonly isMeant: boolean } | undefined;

/** What was shown to whoever answers: a question, and the id that LangGraph gave it. */
interface Question {
  readonly id: unknown;
  readonly requestId: unknown;
}

/** What LangGraph keeps for the node's questions. */
interface Answers {
  /** What was given to this node, in order: what is stored, and last what this run brought for it by its id. */
  readonly resume: readonly unknown[];
  /** What this run, or one that was cut off, brought for whoever asks. */
  readonly nullResume?: unknown;
}

/** The answer that a run brought to a request. Where it brought none, the node ends here, and the run waits. */
export async function takeAnswer(
  request: ApprovalRequest,
  { configurable = {} }: LangGraphRunnableConfig,
): Promise<GivenAnswer> {
  const { resume, nullResume } = toAnswers(configurable.__pregel_scratchpad);
  const byId: unknown = configurable.__pregel_resume_map;
  if (typeof byId === "object" && byId !== null) {
    const value = resume.at(-1);
    const asked = await questionsOf(configurable);
    const isKeyed = asked.some(
      ({ id, requestId }) => requestId === request.requestId && Object.hasOwn(byId, String(id)),
    );
    if (isKeyed && resume.length > 0) {
      askTimes(request, resume.length);
      return { value, isMeant: true };
    }
    // What is left of an answer that an earlier run brought is none of this run's.
    if (nullResume !== undefined) {
      return undefined;
    }
  }
  const value = askTimes(request, resume.length + 1);
  if (!isInside(configurable)) {
    return { value, isMeant: true };
  }
  const asked = await questionsOf(configurable);
  return { value, isMeant: asked.length === 1 && asked[0]?.requestId === request.requestId };
}

/** Asks as often as it takes to come past what is stored; the last answer. */
function askTimes(request: ApprovalRequest, times: number): unknown {
  let value: unknown;
  for (let asked = 0; asked < times; asked++) {
    value = interrupt(request);
  }
  return value;
}

/** Whether the agent is a part of another graph: its node's namespace then has more than one part. */
function isInside({ checkpoint_ns: namespace }: Record<string, unknown>): boolean {
  return typeof namespace === "string" && namespace.includes("|");
}

/** All that waited in the outermost graph when this run began; nothing where that is stored elsewhere. */
async function questionsOf(configurable: Record<string, unknown>): Promise<readonly Question[]> {
  const { __pregel_checkpointer: saver, thread_id, checkpoint_map: ids } = configurable;
  const checkpoint_id: unknown = Reflect.get(Object(ids), "");
  if (!isReadable(saver) || typeof checkpoint_id !== "string") {
    return [];
  }
  const tuple = await saver.getTuple({ configurable: { thread_id, checkpoint_ns: "", checkpoint_id } });
  const writes: readonly unknown[] = Reflect.get(Object(tuple), "pendingWrites") ?? [];
  return writes.flatMap((write) => {
    const [, channel, asked] = Array.isArray(write) ? write : [];
    if (channel !== INTERRUPT) {
      return [];
    }
    // LangGraph 1.4 wrote a nested graph's question by itself, not in a list.
    return [asked].flat().map((one: unknown) => ({
      id: Reflect.get(Object(one), "id"),
      requestId: Reflect.get(Object(Reflect.get(Object(one), "value")), "requestId"),
    }));
  });
}

function isReadable(saver: unknown): saver is { getTuple(config: object): Promise<unknown> } {
  return typeof saver === "object" && saver !== null && "getTuple" in saver;
}

function toAnswers(scratchpad: unknown): Answers {
  const resume: unknown = Reflect.get(Object(scratchpad), "resume");
  const nullResume: unknown = Reflect.get(Object(scratchpad), "nullResume");
  return { resume: Array.isArray(resume) ? [...resume] : [], nullResume };
}
