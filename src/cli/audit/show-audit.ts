import { resolve } from "node:path";
import { readAuditLog, toAuditRecord } from "../../audit/index.js";
import type { AgentEvent } from "../../events/index.js";
import { EXIT_CODES } from "../report.js";
import { toOneLine } from "../showing/index.js";
import { type Surroundings, UsageError } from "../surroundings.js";
import { writeJson, writeText } from "../write.js";

const MAX_FACTS = 120;
/** The part of an event that its own line shows. */
const STAMP = /^(id|schemaVersion|at|seq|segment|turnId|threadId|runId|userId|type|stepId)$/;

/** Prints an audit log: event by event, or as JSON turn by turn. Returns the exit code. */
export async function showAudit(
  path: string,
  { json }: { readonly json: boolean },
  { folder, stdout }: Pick<Surroundings, "folder" | "stdout">,
): Promise<number> {
  const events = await readAuditLog(resolve(folder, path));
  if (events.length === 0) {
    throw new UsageError(
      `There is nothing in an audit log ${path}. Name the path that createAuditLog was given.`,
    );
  }
  const turns = [...new Set(events.map(({ turnId }) => turnId))];
  if (json) {
    writeJson(
      stdout,
      turns.map((turnId) => toAuditRecord(events, turnId)),
      2,
    );
    return EXIT_CODES.done;
  }
  for (const turnId of turns) {
    const { session, phase, input } = toAuditRecord(events, turnId);
    writeText(
      stdout,
      `Turn ${turnId} of thread ${session.threadId ?? "-"}: ${phase}. ${toOneLine(input, MAX_FACTS)}\n`,
    );
    for (const event of events.filter((one) => one.turnId === turnId)) {
      writeText(stdout, `${toLine(event)}\n`);
    }
  }
  return EXIT_CODES.done;
}

function toLine(event: AgentEvent): string {
  const { at, segment, seq, type } = event;
  const step = "stepId" in event && event.stepId !== undefined ? ` ${event.stepId}` : "";
  const facts = Object.fromEntries(Object.entries(event).filter(([key]) => !STAMP.test(key)));
  return `  ${at}  ${segment}:${seq}  ${type}${step}  ${toOneLine(JSON.stringify(facts), MAX_FACTS)}`;
}
