import { migrateDatabase } from "../../queue/index.js";
import type { CommandOptions } from "../options/index.js";
import { EXIT_CODES } from "../report.js";
import type { Surroundings } from "../surroundings.js";
import { writeJson, writeText } from "../write.js";
import { queueUrl } from "./queue-url.js";

/** Brings the tables of a database up to date, or prints what they lack. Returns the exit code. */
export async function migrate(
  { checkpointer, print: isDryRun, json }: CommandOptions,
  { stdout, loadPackage: load }: Pick<Surroundings, "stdout" | "loadPackage">,
): Promise<number> {
  const { missing, sql } = await migrateDatabase(queueUrl(checkpointer), { load, isDryRun });
  if (json) {
    writeJson(stdout, { missing }, 2);
  } else if (isDryRun) {
    writeText(stdout, sql);
  } else {
    const made = missing.map(({ part, version }) => `${part} ${version}`).join(", ");
    writeText(stdout, `The database is up to date. New here: ${made === "" ? "nothing" : made}\n`);
  }
  return EXIT_CODES.done;
}
