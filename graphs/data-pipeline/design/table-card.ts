import { z } from "zod";
import { COLUMN_TYPES, type Column } from "../cell.js";
import { plain } from "../profile.js";
import { toSingular } from "../sources.js";

/** What the playbook knows of a table: what the tool extract said of it. */
export interface TableCard {
  /** The dataset as it was extracted. */
  readonly dataset: string;
  readonly table: string;
  readonly columns: readonly Column[];
  readonly key: readonly string[];
  readonly isKeyUnique: boolean;
  /** The references that the rules declare. */
  readonly references: readonly { readonly column: string; readonly table: string; readonly to: string }[];
}

const extractedSchema = z.object({
  dataset: z.string(),
  table: z.string(),
  columns: z.array(z.string()),
  key: z.array(z.string()),
  keyIsUnique: z.boolean().default(true),
  references: z.array(z.object({ column: z.string(), table: z.string(), to: z.string() })).default([]),
});
const typeSchema = z.enum(COLUMN_TYPES).catch("mixed");

/** Reads what extract gave; undefined where the output is none of its, or was cut. */
export function readTableCard(output: unknown): TableCard | undefined {
  const read = extractedSchema.safeParse(output);
  if (!read.success) {
    return undefined;
  }
  const { dataset, table, key, keyIsUnique, references } = read.data;
  const columns = read.data.columns.map((text): Column => {
    // A column's own name may hold what stands between name and type.
    const end = text.lastIndexOf(": ");
    return { name: text.slice(0, end), type: typeSchema.parse(text.slice(end + 2)) };
  });
  return { dataset, table, columns, key, isKeyUnique: keyIsUnique, references };
}

/** Whether words name a thing that has this name, in singular or plural, with blanks or underscores. */
export function isNamed(name: string, words: string): boolean {
  const [left, right] = [plain(name), plain(words)];
  return left !== "" && (left === right || toSingular(left) === toSingular(right));
}

/** The column that words name: by its name, or with the table's before it ("customer name"). */
export function findColumn({ columns, table }: TableCard, words: string): Column | undefined {
  const singular = toSingular(table);
  return (
    columns.find(({ name }) => name === words) ??
    columns.find(({ name }) => isNamed(name, words)) ??
    columns.find(({ name }) => isNamed(`${singular}${name}`, words) || isNamed(name, `${singular}${words}`))
  );
}

/** The column in which a table's rows are named for people. */
export function findLabel({ columns, table }: TableCard): Column | undefined {
  const singular = plain(toSingular(table));
  const names = ["name", `${singular}name`, "fullname", "title", "label", "displayname", "description"];
  return names
    .map((wanted) => columns.find(({ name }) => plain(name) === wanted))
    .find((column) => column !== undefined);
}
