import { createInterface } from "node:readline/promises";
import { withoutControls } from "./line.js";
import type { PendingRequest } from "./read-thread.js";
import type { Surroundings } from "./surroundings.js";

/** What a run that waits is resumed with. */
export interface ResumeValue {
  readonly requestId: string;
  readonly decisions: readonly (
    | { readonly type: "approve" }
    | { readonly type: "reject"; readonly message?: string }
  )[];
}

/** Asks about each action in the terminal; undefined where the person ends the input, or the run, instead. */
export async function askPerson(
  { requestId, actionRequests }: PendingRequest,
  { stdin, stderr, signal, interrupt }: Surroundings,
): Promise<ResumeValue | undefined> {
  const lines = createInterface({ input: stdin, output: stderr });
  const closed = new Promise<undefined>((resolve) => lines.once("close", () => resolve(undefined)));
  // In raw mode Ctrl-C is a key, not a signal.
  lines.on("SIGINT", interrupt);
  try {
    const decisions: ResumeValue["decisions"][number][] = [];
    for (const action of actionRequests) {
      stderr.write(describeAction(action));
      const decision = await decide((question) =>
        Promise.race([lines.question(question, { signal }), closed]),
      );
      if (decision === undefined) {
        stderr.write("\n");
        return undefined;
      }
      decisions.push(decision);
    }
    return { requestId, decisions };
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    lines.close();
  }
}

async function decide(ask: (question: string) => Promise<string | undefined>) {
  for (;;) {
    const answer = (await ask("Approve? y, n, or what is wrong with it: "))?.trim();
    if (answer === undefined) return undefined;
    if (/^(y|yes|approve)$/i.test(answer)) return { type: "approve" } as const;
    if (/^(n|no|reject)$/i.test(answer)) return { type: "reject" } as const;
    if (answer !== "") return { type: "reject", message: answer } as const;
  }
}

/** An action with its arguments, whole: what is approved is what is shown. */
export function describeAction({
  name,
  args,
  description,
}: PendingRequest["actionRequests"][number]): string {
  const shown = Object.entries(args).map(([key, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
    return `  ${key}: ${text.includes("\n") ? `\n${indent(text)}` : text}\n`;
  });
  return `\n${withoutControls(`${name}: ${description}`)}\n${withoutControls(shown.join(""))}`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "    ");
}
