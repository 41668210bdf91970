// Whoever reads a run is told where it could not be stored, however late that comes out: each state that is shown from
// then on says so, and where all had been shown before, the last one is shown once more.
import { z } from "zod";
import { payloadOf, tellsInterrupt, withPayload } from "../langgraph/index.js";
import type { RunStorage, StorageError } from "../runtime/index.js";
import { leftSteps, outputStateSchema, type RunOutcome } from "../state/index.js";

/** What a state must have to say how the run ended. */
const stateSchema = z.looseObject(
  outputStateSchema.pick({ plan: true, pastSteps: true, status: true, outcome: true }).shape,
);

/**
 * The chunks of a run's stream, and in the end what could not be stored, which is thrown where no chunk can say it.
 * `onLoss` is called where the run ended without it.
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
    // A question that is not stored takes no answer.
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

/** The chunk, whose state says why the run ended; unchanged where there is no state in it, or it says so already. */
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

/** Whether a state, or the update of a node, says that the run could not be stored. */
function tells(payload: unknown): boolean {
  return [payload, ...Object.values(Object(payload))].some((one) => {
    const outcome: unknown = Reflect.get(Object(one), "outcome");
    return Reflect.get(Object(outcome), "code") !== undefined;
  });
}

function has(payload: unknown, key: string): boolean {
  return typeof payload === "object" && payload !== null && key in payload;
}
