import { resolve } from "node:path";
import { type AuditVerdict, verifyAuditLog } from "../../audit/index.js";
import { EXIT_CODES } from "../report.js";
import { type Surroundings, UsageError } from "../surroundings.js";
import { writeJson, writeText } from "../write.js";

/** How many problems are listed. A log that was cut in the middle may have one for each line. */
const MAX_LISTED = 20;

/** Checks an audit log and says what is wrong with it. Returns the exit code. */
export async function verifyAudit(
  path: string,
  { json }: { readonly json: boolean },
  { folder, stdout }: Pick<Surroundings, "folder" | "stdout">,
): Promise<number> {
  const verdict = await verifyAuditLog(resolve(folder, path));
  if (verdict.files.length === 0) {
    throw new UsageError(`There is no audit log ${path}. Name the path that createAuditLog was given.`);
  }
  if (json) {
    writeJson(stdout, verdict, 2);
  } else {
    writeText(stdout, describe(verdict));
  }
  return verdict.problems.length === 0 ? EXIT_CODES.done : EXIT_CODES.failed;
}

function describe({ files, lines, problems, writers }: AuditVerdict): string {
  const listed = problems.slice(0, MAX_LISTED).map(({ file, row, message }) => `${file}:${row}  ${message}`);
  const more = problems.length > MAX_LISTED ? [`… and ${problems.length - MAX_LISTED} more`] : [];
  const found = problems.length === 0 ? "whole and unchanged" : `${problems.length} problems`;
  const ends = writers.map(({ writer, lines: count, lastHash }) => `  ${writer}  ${count}  ${lastHash}`);
  return [
    ...listed,
    ...more,
    `${lines} lines in ${files.length} ${files.length === 1 ? "file" : "files"}: ${found}.`,
    "Writers, their lines, and the hash of the last one:",
    ...ends,
    "",
  ].join("\n");
}
