import { createInterface } from "node:readline";
import type { Surroundings } from "../surroundings.js";
import { writeText } from "../write.js";

/** Asks questions in a terminal. An answer is one line. */
export interface Prompter {
  /** Returns the trimmed answer, or undefined if the person ends the input or the run. */
  ask(question: string): Promise<string | undefined>;
  say(text: string): void;
  /** Leaves the terminal to another program until the action has ended. */
  leaveTerminal<Value>(action: () => Promise<Value>): Promise<Value>;
  close(): void;
}

/** Opens the terminal for questions. Lines that arrive early are kept for the next question. */
export function createPrompter({
  stdin,
  stderr,
  signal,
  interrupt,
}: Pick<Surroundings, "stdin" | "stderr" | "signal" | "interrupt">): Prompter {
  const lines = createInterface({ input: stdin, output: stderr });
  const early: string[] = [];
  let isOver = signal.aborted;
  let take: ((line: string | undefined) => void) | undefined;
  const give = (line: string | undefined) => {
    const taker = take;
    take = undefined;
    taker?.(line);
  };
  const end = () => {
    isOver = true;
    give(undefined);
  };
  lines.on("line", (line) => (take === undefined ? early.push(line) : give(line)));
  lines.once("close", end);
  // In raw mode Ctrl-C is a key and not a signal.
  lines.on("SIGINT", interrupt);
  signal.addEventListener("abort", end, { once: true });

  const next = (question: string) => {
    if (signal.aborted) {
      return Promise.resolve(undefined);
    }
    const line = early.shift();
    if (line !== undefined) {
      writeText(stderr, `${question}${line}\n`);
    }
    if (line !== undefined || isOver) {
      return Promise.resolve(line);
    }
    return new Promise<string | undefined>((resolve) => {
      take = resolve;
      lines.setPrompt(question);
      lines.prompt();
    });
  };
  return {
    ask: async (question) => {
      const line = await next(question);
      if (line === undefined) {
        writeText(stderr, "\n");
      }
      return line?.trim();
    },
    say: (text) => writeText(stderr, text),
    leaveTerminal: async (action) => {
      const isRaw = stdin.isRaw === true;
      lines.pause();
      if (isRaw) {
        stdin.setRawMode?.(false);
      }
      try {
        return await action();
      } finally {
        if (isRaw) {
          stdin.setRawMode?.(true);
        }
      }
    },
    close: () => {
      signal.removeEventListener("abort", end);
      lines.close();
    },
  };
}
