// The answer that a run brought to a request. LangGraph's `interrupt` alone would accept too much as an answer:
//
//   (1) In a fork from before an answer, `interrupt` returns the old answer and ignores the new one. Such a fork is the
//       only case in which a node runs again after an answer, because its result is stored together with the answer. So
//       we skip stored answers and take only what this run brought.
//   (2) Inside another graph, a plain answer is given to every node that asks. It was certainly meant for this request
//       if it came under the request's own interrupt id, or if this was the only question shown. Otherwise the answer
//       itself must say so.
//
// A question that a node beside ours asked counts as shown until the outer superstep is over, even if it was answered,
// because this same answer may have been the one that answered it just now.
import { interrupt, type LangGraphRunnableConfig } from "@langchain/langgraph";
import { answersIn, isInsideGraph, type Question, questionsIn } from "../../langgraph/index.js";
import type { ApprovalRequest } from "../run/index.js";

/** An answer, and whether it can only be meant for this request; undefined if the run brought none. */
export type GivenAnswer = { readonly value: unknown; readonly isMeant: boolean } | undefined;

/** Takes the answer that a run brought to a request. If it brought none, the node ends here and the run waits. */
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
    // What is left of an answer from an earlier run does not belong to this run.
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

/** Asks as often as needed to get past the stored answers, and returns the last answer. */
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
