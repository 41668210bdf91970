import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { isRecord } from "../../../base/index.js";
import { TokenHandler } from "../../../langgraph/index.js";
import { FORM_TAG, ResultText } from "../../../models/index.js";
import { toJson } from "../../../tools/index.js";
import { isOwnAgent, type WorkerAgent } from "../../../workers/index.js";
import { MAX_PROMPT_OUTPUT_BYTES, type NodeContext } from "../../run/index.js";

/** What tells of a worker's work, while it works. */
interface WorkerEvents {
  readonly handlers: readonly BaseCallbackHandler[];
  readonly onChunk: (mode: unknown, chunk: unknown) => void;
}

/**
 * Tells of a worker's work under its step. The tokens of its models are the step's. One of our own agents has models that
 * write plans, so of that one only the answer's tokens are.
 */
export function createWorkerEvents(
  stepId: string,
  worker: string,
  agent: WorkerAgent,
  { emit }: Pick<NodeContext, "emit">,
): WorkerEvents {
  const isOwn = isOwnAgent(agent);
  const runs = { tag: FORM_TAG, createReader: () => new ResultText() };
  return {
    handlers: isOwn ? [] : [new TokenHandler(emit, stepId, runs)],
    onChunk(mode, chunk) {
      if (mode !== "custom") {
        return;
      }
      const token = isRecord(chunk) && typeof chunk.turnId === "string" ? tokenIn(chunk) : undefined;
      if (token === undefined) {
        const { value } = toJson(chunk, { maxBytes: MAX_PROMPT_OUTPUT_BYTES });
        emit({ type: "worker.event", stepId, worker, event: value });
      } else if (token !== "") {
        emit({ type: "step.token", stepId, token });
      }
    },
  };
}

/** The token that an event of ours tells: of the answer, or nothing of a step; undefined if it is another event. */
function tokenIn({ type, token }: Record<string, unknown>): string | undefined {
  if (type === "step.token") {
    return "";
  }
  return type === "answer.token" && typeof token === "string" ? token : undefined;
}
