import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { z } from "zod";

/** A line of a log, as far as tests look at it. */
export const lineSchema = z.object({ line: z.int(), event: z.object({ seq: z.int() }) });

/** The path of a log that is gone after the test. */
export function temporaryLog(): string {
  const folder = mkdtempSync(join(tmpdir(), "plan-execute-audit-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "logs", "audit.jsonl");
}

/** The whole lines of a file. */
export const linesOf = (path: string) => readFileSync(path, "utf8").split("\n").slice(0, -1);
