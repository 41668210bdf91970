import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { z } from "zod";
import { bundleProgram } from "../support/program-file.js";

const worker = bundleProgram(new URL("./fixtures/lock-worker.ts", import.meta.url));

const answerSchema = z.object({
  is: z.string(),
  pid: z.number().optional(),
  message: z.string().optional(),
});
/** What a process says of the thread that it was to take. */
export type LockAnswer = z.infer<typeof answerSchema>;

/** A process that takes a thread and lets go of it when it is told. */
export class LockProcess {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(url: string, threadId: string, staleAfterMs: number) {
    const args = [worker, url, threadId, String(staleAfterMs)];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#child = child;
    this.#answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  }

  /** Starts a process and waits until it has opened the database. */
  static async start(url: string, { threadId = "1", staleAfterMs = 5_000 } = {}): Promise<LockProcess> {
    const started = new LockProcess(url, threadId, staleAfterMs);
    await started.answer();
    return started;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Tells it what to do, and returns its answer. */
  async tell(word: "take" | "release"): Promise<LockAnswer> {
    this.#child.stdin?.write(`${word}\n`);
    return this.answer();
  }

  /** The next that it says. */
  async answer(): Promise<LockAnswer> {
    const line = await this.#answers.next();
    return answerSchema.parse(JSON.parse(line.value));
  }

  /** Stops it, or lets it go on. */
  signal(name: "SIGSTOP" | "SIGCONT"): void {
    this.#child.kill(name);
  }

  /** Kills it and waits until it is gone. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
      return;
    }
    const gone = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await gone;
  }
}
