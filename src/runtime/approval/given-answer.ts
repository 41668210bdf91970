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
import { interrupt, type LangGraphRunnableConfig } from "@langchain/langgraph";
import { answersIn, isInsideGraph, type Question, questionsIn } from "../../langgraph/index.js";
import type { ApprovalRequest } from "../run/index.js";

/** An answer, and whether it can only be meant for the request; nothing where the run brought none. */
export type GivenAnswer = { readonly value: unknown; readonly isMeant: boolean } | undefined;

/** The answer that a run brought to a request. Where it brought none, the node ends here, and the run waits. */
export async function takeAnswer(
  request: ApprovalRequest,
  { configurable = {} }: LangGraphRunnableConfig,
): Promise<GivenAnswer> {
  const { resume, forAnybody, byId } = answersIn(configurable);
  if (byId !== undefined) {
    const value = resume.at(-1);
    const asked = await questionsIn(configurable);
    const isKeyed = asked.some((one) => isRequest(one, request) && Object.hasOwn(byId, String(one.id)));
    if (isKeyed && resume.length > 0) {
      askTimes(request, resume.length);
      return { value, isMeant: true };
    }
    // What is left of an answer that an earlier run brought is none of this run's.
    if (forAnybody !== undefined) {
      return undefined;
    }
  }
  const value = askTimes(request, resume.length + 1);
  if (!isInsideGraph(configurable.checkpoint_ns)) {
    return { value, isMeant: true };
  }
  const [only, ...others] = await questionsIn(configurable);
  const isMeant = only !== undefined && others.length === 0 && isRequest(only, request);
  return { value, isMeant };
}

/** Asks as often as it takes to come past what is stored; the last answer. */
function askTimes(request: ApprovalRequest, times: number): unknown {
  let value: unknown;
  for (let asked = 0; asked < times; asked++) {
    value = interrupt(request);
  }
  return value;
}

function isRequest({ value }: Question, { requestId }: ApprovalRequest): boolean {
  return Reflect.get(Object(value), "requestId") === requestId;
}
