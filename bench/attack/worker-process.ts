import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Attack, AttackCase, Verdict } from "./case.js";

const verdictSchema = z.object({ isHeld: z.boolean(), got: z.string() });
/** What a worker says when it can take its first case. */
export const READY = "ready";
const DEADLINE_MS = 10_000;
/** How many of the last characters that a worker wrote are kept for the case that it dies. */
const KEPT_CHARACTERS = 4_000;

/** What a worker is given besides the case's name. */
export interface Order extends Omit<Attack, "random"> {
  readonly seed: number;
}

/** A process that runs cases one after the other. If it died or had to be killed, the next case gets a new one. */
export class WorkerProcess {
  readonly #program: string;
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #said = "";

  /** The process runs a program in a folder, and starts with the first case. */
  constructor(program: string, folder: string) {
    this.#program = program;
    this.#folder = folder;
  }

  /** Runs a case to its verdict. */
  async run({ name, deadlineMs = DEADLINE_MS }: AttackCase, order: Order): Promise<Verdict> {
    const child = this.#child ?? (await this.#start());
    this.#said = "";
    const ended = new AbortController();
    const { signal } = ended;
    try {
      child.send({ ...order, name });
      return await Promise.race([
        once(child, "message", { signal }).then(([message]) => verdictSchema.parse(message)),
        once(child, "exit", { signal }).then(([code, killedBy]): Verdict => {
          this.stop();
          return { isHeld: false, got: `the process died (${killedBy ?? code}): ${this.#reason()}` };
        }),
        delay(deadlineMs, undefined, { signal }).then((): Verdict => {
          this.stop();
          return { isHeld: false, isLate: true, got: `no end within ${deadlineMs / 1_000} s` };
        }),
      ]);
    } finally {
      ended.abort();
    }
  }

  /** Ends the process and everything that it has started. */
  stop(): void {
    const group = this.#child?.pid;
    this.#child = undefined;
    if (group !== undefined) {
      killGroup(group);
    }
  }

  async #start(): Promise<ChildProcess> {
    const child = fork(this.#program, {
      cwd: this.#folder,
      execArgv: ["--expose-gc"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // The process leads a group of its own, so that ending the group ends what its cases have started.
      detached: true,
    });
    this.#child = child;
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#said = (this.#said + text).slice(-KEPT_CHARACTERS);
    });
    const first = await Promise.race([once(child, "message"), once(child, "exit")]);
    if (first[0] !== READY) {
      throw new Error(`A worker did not start: ${this.#said}`);
    }
    return child;
  }

  #reason(): string {
    const lines = this.#said.split("\n").map((line) => line.trim());
    return lines.findLast((line) => /error/i.test(line) && !line.startsWith("at ")) ?? lines.at(-1) ?? "";
  }
}

function killGroup(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) {
      throw error;
    }
  }
}
