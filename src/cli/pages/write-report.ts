import { rename, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { PlanExecuteAgent } from "../../agent/index.js";
import { type ReportOptions, readRun, renderReport } from "../../report/index.js";
import type { CommandOptions } from "../options/index.js";
import { EXIT_CODES } from "../report.js";
import { type Surroundings, UsageError } from "../surroundings.js";
import type { Threads } from "../threads.js";
import { writeText } from "../write.js";
import { readSnapshot } from "./read-snapshot.js";

/** What pages are made from. */
export interface PageSource {
  readonly threads: Threads;
  readonly agent: PlanExecuteAgent;
  readonly isReadOnly: (tool: string) => boolean;
}

/** How often a file that follows a run is written again, and read again by a browser. */
const FOLLOW_SECONDS = 2;

/** Writes the page of a thread's last turn, once or until its run is over. Returns the exit code. */
export async function writeReport(
  threadId: string,
  { out, against, follow }: Pick<CommandOptions, "out" | "against" | "follow">,
  { threads, agent, isReadOnly }: PageSource,
  surroundings: Surroundings,
): Promise<number> {
  const { stdout, stderr, now } = surroundings;
  const read = (id: string) => readSnapshot(agent, threads, id);
  const options: ReportOptions = {
    isReadOnly,
    now,
    ...(follow ? { refreshSeconds: FOLLOW_SECONDS } : {}),
    ...(against === undefined ? {} : { against: await read(against) }),
  };
  if (out === "-") {
    writeText(stdout, renderReport(await read(threadId), options));
    return EXIT_CODES.done;
  }
  const path = resolve(surroundings.folder, out ?? `report-${toFileName(threadId)}.html`);
  /** Returns whether the run may still change. */
  const write = async (): Promise<boolean> => {
    const snapshot = await read(threadId);
    await replaceFile(path, renderReport(snapshot, options));
    return !readRun(snapshot, { isReadOnly, now }).isOver;
  };
  const goesOn = await write();
  writeText(stdout, `${path}\n`);
  if (follow && goesOn) {
    writeText(stderr, "The page is written again until the run is over. Ctrl-C ends that.\n");
    await repeatWhile(write, surroundings);
  }
  return EXIT_CODES.done;
}

/** Repeats an action until it says no or the person stops it. An action that is not done yet is not begun again. */
function repeatWhile(
  action: () => Promise<boolean>,
  { repeat, signal }: Pick<Surroundings, "repeat" | "signal">,
): Promise<void> {
  return new Promise((done, fail) => {
    let isBusy = false;
    const stop = repeat(FOLLOW_SECONDS * 1_000, () => {
      if (isBusy) {
        return;
      }
      isBusy = true;
      action().then((goesOn) => {
        isBusy = false;
        if (!goesOn) {
          end();
        }
      }, end);
    });
    const end = (error?: unknown) => {
      stop();
      signal.removeEventListener("abort", abort);
      if (error === undefined) {
        done();
      } else {
        fail(error);
      }
    };
    const abort = () => end();
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) {
      end();
    }
  });
}

/** A browser never sees half a page. What threads hold is for their owner alone, and so is the page. */
async function replaceFile(path: string, text: string): Promise<void> {
  const half = `${path}.${process.pid}.part`;
  try {
    await writeFile(half, text, { mode: 0o600 });
    await rename(half, path);
  } catch (error) {
    throw new UsageError(`${path} cannot be written. Name another file with --out.`, { cause: error });
  }
}

const MAX_FILE_NAME = 80;

function toFileName(threadId: string): string {
  return threadId.replaceAll(/[^\w.-]+/g, "_").slice(0, MAX_FILE_NAME);
}
