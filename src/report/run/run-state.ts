import type { z } from "zod";
import { PlanExecuteError } from "../../base/index.js";
import { stateSchema, type Turn } from "../../state/index.js";

const runStateSchema = stateSchema.pick({
  messages: true,
  turn: true,
  plan: true,
  planVersions: true,
  pastSteps: true,
  request: true,
  suspended: true,
  decisions: true,
  steering: true,
  response: true,
  status: true,
  outcome: true,
  usage: true,
});

/** What a thread holds of its last turn, as far as a page shows it. */
export interface RunState extends z.infer<typeof runStateSchema> {
  readonly turn: Turn;
}

/** The snapshot holds no turn of an agent of this package, or one of a newer version. */
export class ReportError extends PlanExecuteError {
  readonly code = "NO_RUN";
}

/**
 * Reads the values of a snapshot.
 * @throws ReportError if they hold no turn.
 */
export function readRunState(values: unknown, threadId: string): RunState {
  const { data, error } = runStateSchema.safeParse(values);
  if (data === undefined || data.turn === null) {
    throw new ReportError(
      `The thread "${threadId}" holds no turn that this version can show. Give it a goal first, or open it with the ` +
        "version of this package that wrote it.",
      { cause: error },
    );
  }
  return { ...data, turn: data.turn };
}
