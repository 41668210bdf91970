import { answerOf, stepsOf, type Work } from "../work.js";
import type { ModelReply } from "./reply.js";
import type { ModelRequest } from "./request.js";
import { nextCalls, readTranscript } from "./transcript.js";

/** A loop of model and tools. It makes all possible calls, without a word beside them, until it can answer. */
export function replyAsReact(work: Work, request: ModelRequest): ModelReply {
  const seen = readTranscript(work, request);
  const calls = nextCalls(work, stepsOf(work), seen, request);
  if (calls.length > 0) {
    return { purpose: "loop", calls };
  }
  return { purpose: "answer", text: answerOf(work, seen.outputs) };
}
