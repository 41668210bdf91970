import {
  type Cassette,
  knownOr,
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
    play: (key, log, run) => record({ cassette, key, report, send: sendRequest }, log, run),
  };
}

/**
 * A deck that records a cassette anew, and sends only the requests that are not on it. What is not asked for any more is
 * gone then.
 */
export function createUpdater(cassette: Cassette, report: (line: string) => void): TapeDeck {
  return {
    isReplaying: false,
    wants: () => true,
    async play(key, log, run) {
      let sent = 0;
      const send = (request: Request) => {
        sent += 1;
        return sendRequest(request);
      };
      const known = cassette.has(key) ? knownOr(cassette.read(key), send) : send;
      const transcript = await record({ cassette, key, report, send: known }, log, run);
      report(`${nameOf(key)}: ${sent} new requests`);
      return transcript;
    },
  };
}

interface Recording {
  readonly cassette: Cassette;
  readonly key: RunKey;
  readonly send: (request: Request) => Promise<Response>;
  report(line: string): void;
}

async function record(
  { cassette, key, send, report }: Recording,
  log: CallLog,
  run: () => Promise<Transcript>,
): Promise<Transcript> {
  const session = new RecordingSession(send, log);
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
