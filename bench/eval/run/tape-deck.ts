import {
  type Cassette,
  RecordingSession,
  ReplayingSession,
  sendRequest,
  withSession,
} from "../cassette/index.js";
import type { CallLog } from "./call-log.js";
import type { RunFolder, RunKey } from "./run-folder.js";
import { OUT_OF_TIME, type Transcript } from "./transcript.js";

/** What stands between the runs of tasks and the models. */
export interface TapeDeck {
  readonly isReplaying: boolean;
  /** Whether a run of a task is to be made. */
  wants(key: RunKey, folder: RunFolder): boolean;
  play(key: RunKey, log: CallLog, run: () => Promise<Transcript>): Promise<Transcript>;
}

/** A deck that lets everything through. */
export const noTape: TapeDeck = {
  isReplaying: false,
  wants: (key, folder) => !folder.isDone(key),
  play: (_key, _log, run) => run(),
};

/**
 * A deck that records each run of a task. A run in which a request got no answer, or that ran out of time, is not kept: it
 * would not come to the same again.
 */
export function createRecorder(cassette: Cassette, report: (line: string) => void): TapeDeck {
  return {
    isReplaying: false,
    wants: (key, folder) => !folder.isDone(key) || !cassette.has(key),
    async play(key, log, run) {
      const session = new RecordingSession(sendRequest, log);
      const transcript = await withSession(session, run);
      const { failures, exchanges } = session;
      const late = transcript.status === OUT_OF_TIME ? ["it ran out of time"] : [];
      const reasons = [...failures, ...late];
      if (reasons.length > 0) {
        report(`${nameOf(key)} is not recorded: ${reasons.join("; ")}`);
      } else {
        cassette.save(key, { answer: transcript.answer, isRight: transcript.isRight, exchanges });
      }
      return transcript;
    },
  };
}

/** A deck that plays recordings. `stale` gets a line for each run that does not come to what was recorded. */
export function createPlayer(cassette: Cassette, stale: string[]): TapeDeck {
  return {
    isReplaying: true,
    wants: (key) => cassette.has(key),
    async play(key, log, run) {
      const tape = cassette.read(key);
      const session = new ReplayingSession(tape, log);
      const transcript = await withSession(session, run);
      stale.push(...differences(session, tape, transcript).map((line) => `${nameOf(key)}: ${line}`));
      return transcript;
    },
  };
}

function differences(
  { staleRoles, unusedRoles }: ReplayingSession,
  tape: { readonly answer: string; readonly isRight: boolean },
  { answer, isRight }: Transcript,
): readonly string[] {
  if (staleRoles.length > 0) {
    return [`the prompt of ${staleRoles.join(", ")} is another than the one recorded`];
  }
  return [
    ...(unusedRoles.length === 0 ? [] : [`calls of ${unusedRoles.join(", ")} were recorded and not made`]),
    ...(answer === tape.answer
      ? []
      : [`the answer is ${JSON.stringify(answer)}, it was ${JSON.stringify(tape.answer)}`]),
    ...(isRight === tape.isRight ? [] : [`the answer is ${isRight ? "right" : "wrong"} now`]),
  ];
}

function nameOf({ suite, task, agent }: RunKey): string {
  return `${suite}/${task} (${agent})`;
}
