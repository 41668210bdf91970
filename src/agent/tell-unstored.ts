// Whoever reads a run learns that it could not be stored, however late that turns out. Each state that is shown from
// then on says so. If all states had already been shown, the last one is shown once more.
import { z } from "zod";
import { payloadOf, tellsInterrupt, withPayload } from "../langgraph/index.js";
import type { RunStorage, StorageError } from "../runtime/index.js";
import { leftSteps, outputStateSchema, type RunOutcome } from "../state/index.js";

/** What a chunk must hold so that it can say how the run ended. */
const stateSchema = z.looseObject(
  outputStateSchema.pick({ plan: true, pastSteps: true, status: true, outcome: true }).shape,
);

/**
 * Gives the chunks of a run's stream. If the run could not be stored, the chunks say so. If no chunk can say it, this
 * throws the storage error at the end. Calls `onLoss` if the run itself ended without reporting the error.
 */
export async function* tellUnstored(
  chunks: AsyncIterable<unknown>,
  storage: RunStorage,
  onLoss: (failure: StorageError) => void,
): AsyncGenerator<unknown> {
  let last: unknown;
  let isShown = false;
  for await (const chunk of chunks) {
    const payload = payloadOf(chunk);
    // A question that is not stored cannot be answered, so it is not shown.
    if (tellsInterrupt(chunk)) {
      await storage.settled();
      if (storage.failure !== undefined) {
        continue;
      }
    }
    if (has(payload, "outcome")) {
      last = chunk;
    }
    const shown = storage.failure === undefined ? chunk : withFailure(chunk, storage.failure);
    isShown ||= storage.failure !== undefined && tells(payloadOf(shown));
    yield shown;
  }
  const { failure } = storage;
  if (failure === undefined) {
    return;
  }
  if (!storage.isTold) {
    onLoss(failure);
  }
  if (isShown) {
    return;
  }
  const shown = withFailure(last, failure);
  if (!tells(payloadOf(shown))) {
    throw failure;
  }
  yield shown;
}

/**
 * Makes the state in a chunk say why the run ended. A chunk without a state, or that already says so, stays as it is.
 */
function withFailure(chunk: unknown, { message: reason, code }: StorageError): unknown {
  const payload = payloadOf(chunk);
  const state = stateSchema.safeParse(payload).data;
  if (state === undefined || tells(payload)) {
    return chunk;
  }
  const { failed = [] } = state.outcome ?? {};
  const outcome: RunOutcome = { status: "failed", reason, code, failed, left: leftSteps(state) };
  const shown = { ...state, status: "failed", outcome };
  return withPayload(chunk, shown);
}

/** Whether a state or a node's update says that the run could not be stored. */
function tells(payload: unknown): boolean {
  return [payload, ...Object.values(Object(payload))].some((one) => {
    const outcome: unknown = Reflect.get(Object(one), "outcome");
    return Reflect.get(Object(outcome), "code") !== undefined;
  });
}

function has(payload: unknown, key: string): boolean {
  return typeof payload === "object" && payload !== null && key in payload;
}
