import { readFile } from "node:fs/promises";
import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { checkProcess, type Faults } from "./check-run.js";
import { type Kept, keptOfBranch, readKept } from "./kept.js";
import type { ModelServer } from "./model-server.js";
import type { Moment, Phase } from "./phases.js";
import { type Entry, entrySchema } from "./ragged-plan.js";
import type { Shape } from "./shapes.js";
import type { Assignment } from "./worker.js";
import { type Attempt, startWorker, type WorkerEnd } from "./worker-process.js";

/** What a run over many processes is made of. */
export interface RunParts {
  /** Names the run's thread and its model. */
  readonly name: string;
  readonly url: string;
  readonly journal: string;
  readonly workerFile: string;
  readonly models: ModelServer;
  /** The store that the processes write to, as we read it. */
  readonly store: BaseCheckpointSaver;
  readonly random: () => number;
  readonly shape: Shape;
  readonly hasStore: boolean;
}

/** Sees which phase a process is in, and may kill it. */
export interface Killer {
  onMoment(moment: Moment): void;
  /** The process has ended. Returns the phase in which it was killed, if it was. */
  atEnd(): Phase | undefined;
}

/** The result of one process of a run. */
export interface ProcessReport {
  readonly end: WorkerEnd | undefined;
  readonly isBusy: boolean;
  readonly struck: Phase | undefined;
  readonly faults: Faults;
  readonly entries: readonly Entry[];
}

/** One run over many processes. */
export class KilledRun {
  readonly #parts: RunParts;
  readonly #assignment: Assignment;
  #journaled = 0;
  #namespace = "";
  /** Steps that succeeded on any branch of the thread. */
  readonly #rightSteps = new Set<string>();
  /** How many model calls were made in all. */
  requests = 0;

  /** The thread that the run is on. */
  get thread(): string {
    return this.#parts.name;
  }

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#assignment = {
      url: parts.url,
      thread: parts.name,
      journal: parts.journal,
      model: parts.name,
      shape: parts.shape,
      hasStore: parts.hasStore,
      storeMs: 0,
      personMs: 30,
      approves: true,
    };
  }

  /**
   * Lets a new process continue until it ends or is killed, and judges what it did. If the thread was changed from
   * outside, or another branch of it begins, the process is only forbidden to repeat what succeeded.
   */
  async attempt(
    more: Partial<Assignment> = {},
    createKiller?: (kill: () => void) => Killer,
    isBranch = false,
  ): Promise<ProcessReport> {
    const { models, name, workerFile } = this.#parts;
    const before = isBranch ? keptOfBranch([...this.#rightSteps]) : await this.#readKept();
    const calls: string[] = [];
    let killer: Killer | undefined;
    const stored: string[] = [];
    const onMoment = (moment: Moment) => {
      if (moment.phase === "result stored" && moment.at === "begin") {
        stored.push(moment.id);
      }
      killer?.onMoment(moment);
    };
    const unwatch = models.watch(name, { onCall: (call) => calls.push(call.name), onMoment });
    const worker = startWorker(
      workerFile,
      { ...this.#assignment, ...more },
      { ...models.environment },
      onMoment,
    );
    killer = createKiller?.(worker.kill);
    const { end, isBusy, namespace, complaint } = await worker.ended;
    unwatch();
    this.requests += calls.length;
    const journal = await this.journal();
    const entries = journal.slice(this.#journaled);
    this.#journaled = journal.length;
    this.#namespace = namespace ?? this.#namespace;
    const after = await this.#readKept();
    for (const id of [...after.rightSteps, ...stored]) {
      this.#rightSteps.add(id);
    }
    const faults = checkProcess({ before, after, acknowledged: stored, entries, calls, complaint });
    return { end, isBusy, struck: killer?.atEnd(), faults, entries };
  }

  #readKept(): Promise<Kept> {
    const { store, name } = this.#parts;
    return readKept(store, name, this.#namespace);
  }

  /**
   * Starts a process while another one is working. The other's report contains everything that both wrote into the
   * journal.
   */
  async intrude(more: Partial<Assignment>): Promise<Attempt> {
    const { workerFile, models } = this.#parts;
    const assignment = { ...this.#assignment, ...more };
    return startWorker(workerFile, assignment, { ...models.environment }, () => {}).ended;
  }

  /** Everything that was ever written into the journal. */
  async journal(): Promise<Entry[]> {
    const text = await readFile(this.#parts.journal, { encoding: "utf8", flag: "a+" });
    const lines = text.split("\n").filter((line) => line !== "");
    return lines.map((line) => entrySchema.parse(JSON.parse(line)));
  }
}
