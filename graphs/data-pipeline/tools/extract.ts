import { join } from "node:path";
import { tool } from "@langchain/core/tools";
import { type JsonValue, requesterOf } from "langgraph-plan-execute";
import { z } from "zod";
import { workspaceFor } from "../../shared/folders.js";
import { profileTable, ruleOf } from "../profile.js";
import { readCsv } from "../read-csv.js";
import { readJson } from "../read-json.js";
import { readSqlite } from "../read-sqlite.js";
import { readRules, rulesOf } from "../rules.js";
import { readRun } from "../run.js";
import type { SourceTable } from "../source-rows.js";
import { chooseSources, findSources, type Source } from "../sources.js";
import { withStaging } from "../staging.js";
import type { Folders } from "./folders.js";

/** A tool that stages a source: `{ source }` → `{ dataset, table, rows, columns, key, references?, notes? }`. */
export function createExtractTool({ data, workspace }: Folders) {
  return tool(
    ({ source }, config) =>
      withStaging(workspaceFor(workspace, requesterOf(config)), readRun(config), async (staging) => {
        const work = ["extract", source];
        const before = staging.resultOf(source, work);
        if (before !== undefined) {
          return before;
        }
        const [found, ...others] = chooseSources(await findSources(data), [source]);
        if (found === undefined || others.length > 0) {
          throw new Error(`"${source}" is several tables: name one, as list_sources does.`);
        }
        const read = await readSource(data, found);
        const rules = rulesOf(readRules(data), found.table ?? source);
        const { columns, key, isKeyUnique, notes } = profileTable(found.table ?? source, read, rules);
        const references = columns.flatMap(({ name }) => {
          const to = ruleOf(rules, name)?.references;
          return to === undefined ? [] : [{ column: name, table: to.table, to: to.column }];
        });
        const broken = read.rows.filter(({ fault }) => fault !== undefined).length;
        const result: JsonValue = {
          dataset: source,
          table: found.table ?? source,
          rows: read.rows.length,
          ...(broken > 0 && { brokenRows: broken }),
          columns: columns.map(({ name, type }) => `${name}: ${type}`),
          key: [...key],
          ...(key.length > 0 && !isKeyUnique && { keyIsUnique: false }),
          ...(references.length > 0 && { references }),
          ...(notes.length > 0 && { notes: [...notes] }),
        };
        const content = read.rows.map((row) => ({
          ...row,
          values: columns.map((_, at) => row.values[at] ?? null),
        }));
        staging.note("extract", source, found.file);
        for (const note of notes) {
          staging.note("warning", `${source}: ${note}`, null);
        }
        const table = found.table ?? source;
        staging.save({ name: source, table, columns, madeBy: "extract", content }, work, result);
        return result;
      }),
    {
      name: "extract",
      description:
        "Reads one table from the data folder into the run's staging area as a dataset, and tells its rows, its columns with their types, and its key. Values stay in the staging area; other tools take the dataset's name.",
      schema: z.object({ source: z.string().describe("the table's name as list_sources gives it") }),
      // What it writes is the run's own, and the same whenever it is called: it may run at any time.
      metadata: { readOnly: true },
    },
  );
}

async function readSource(data: string, { file, kind, table, name }: Source): Promise<SourceTable> {
  const path = join(data, file);
  switch (kind) {
    case "csv":
      return readCsv(path);
    case "json":
      return readJson(path, table);
    case "sqlite":
      return readSqlite(path, table ?? name);
  }
}
