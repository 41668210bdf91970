import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import { centsSchema } from "./money.js";
import { SupportError } from "./support-error.js";

/** Why a customer wants money back. */
export const REASONS = ["damaged", "wrong_item", "changed_mind"] as const;

const text = z.string().trim().min(1, "must not be empty");
const day = z.iso.date('must be a date such as "2026-11-02"');
const orEmpty = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([z.literal("").transform(() => null), schema]);
const wholeNumber = z
  .string()
  .regex(/^\d{1,6}$/, "must be a whole number")
  .transform(Number);
const percent = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,2})?$/, "must be a percentage such as 12.5")
  .transform(Number)
  .refine((value) => value <= 100, "must be at most 100");

const policySchema = z
  .object({
    category: text,
    reason: z.enum([...REASONS, "any"]),
    refundable: z.enum(["yes", "no"]).transform((word) => word === "yes"),
    window_days: orEmpty(wholeNumber),
    fee_percent: orEmpty(percent),
    max_without_manager: orEmpty(centsSchema),
    note: z.string().trim().default(""),
  })
  .refine(({ refundable, window_days }) => !refundable || window_days !== null, {
    path: ["window_days"],
    error: "must say within how many days, where refundable is yes",
  });

const FILES = {
  customers: z.object({ customer: text, name: text, email: z.email("must be an e-mail address") }),
  orders: z.object({
    order: text,
    customer: text,
    currency: z.string().regex(/^[A-Z]{3}$/, "must be a currency such as EUR"),
    ordered: day,
    delivered: orEmpty(day),
  }),
  "order-items": z.object({
    order: text,
    item: text,
    name: text,
    category: text,
    quantity: wholeNumber.refine((count) => count > 0, "must be at least 1"),
    unit_price: centsSchema,
  }),
  "refund-policies": policySchema,
  staff: z.object({ identity: text, name: text, role: z.enum(["agent", "manager"]) }),
};

type FileName = keyof typeof FILES;

/** The rows of the data folder's files, by file. */
export type Records = { readonly [Name in FileName]: readonly z.infer<(typeof FILES)[Name]>[] };

/** The files of a data folder as they are, and what tells whether they have changed. */
export interface DataFiles {
  readonly folder: string;
  readonly contents: Readonly<Record<FileName, string>>;
  readonly signature: string;
}

/** Reads the files of the data folder. */
export async function readDataFiles(folder: string): Promise<DataFiles> {
  const read = async (name: FileName) => {
    const path = join(folder, `${name}.csv`);
    return readFile(path, "utf8").catch((cause: unknown) => {
      throw new SupportError(`${path} cannot be read. The data folder needs ${fileNames()}.`, { cause });
    });
  };
  const contents = {
    customers: await read("customers"),
    orders: await read("orders"),
    "order-items": await read("order-items"),
    "refund-policies": await read("refund-policies"),
    staff: await read("staff"),
  };
  const signature = createHash("sha256").update(JSON.stringify(contents)).digest("hex");
  return { folder, contents, signature };
}

/** Reads and checks every row; throws a `SupportError` that names file, line and column of the first that is wrong. */
export function parseRecords(data: DataFiles): Records {
  const records: Records = {
    customers: rowsOf(data, "customers", FILES.customers),
    orders: rowsOf(data, "orders", FILES.orders),
    "order-items": rowsOf(data, "order-items", FILES["order-items"]),
    "refund-policies": rowsOf(data, "refund-policies", FILES["refund-policies"]),
    staff: rowsOf(data, "staff", FILES.staff),
  };
  assertOnce("customers", records.customers, ({ customer }) => customer);
  assertOnce("orders", records.orders, ({ order }) => order);
  assertOnce("order-items", records["order-items"], ({ order, item }) => `${item} of order ${order}`);
  assertOnce(
    "refund-policies",
    records["refund-policies"],
    ({ category, reason }) => `${category}, ${reason}`,
  );
  assertOnce("staff", records.staff, ({ identity }) => identity);
  const customers = new Set(records.customers.map(({ customer }) => customer));
  const orders = new Set(records.orders.map(({ order }) => order));
  assertKnown(
    "orders",
    "customer",
    records.orders.map(({ customer }) => customer),
    customers,
  );
  assertKnown(
    "order-items",
    "order",
    records["order-items"].map(({ order }) => order),
    orders,
  );
  return records;
}

function rowsOf<Row>({ folder, contents }: DataFiles, name: FileName, schema: z.ZodType<Row>): Row[] {
  const path = join(folder, `${name}.csv`);
  return parseCsv(contents[name], path).map(({ line, row }) => {
    const parsed = schema.safeParse(row);
    if (parsed.success) {
      return parsed.data;
    }
    const [issue] = parsed.error.issues;
    const column = issue?.path.join(".") ?? "";
    const isMissing = !Object.hasOwn(row, column);
    const what = isMissing ? "the column is missing" : `"${row[column]}": ${issue?.message}`;
    throw new SupportError(
      `${path}, line ${line}, column ${column}: ${what}. Mend the file; nothing was changed.`,
    );
  });
}

const csvSchema = z.array(
  z.object({ info: z.object({ lines: z.number() }), record: z.record(z.string(), z.string()) }),
);

function parseCsv(content: string, path: string) {
  try {
    const parsed: unknown = parse(content, {
      bom: true,
      columns: true,
      info: true,
      skip_empty_lines: true,
      trim: true,
    });
    return csvSchema.parse(parsed).map(({ info, record }) => ({ line: info.lines, row: record }));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SupportError(`${path} is no CSV table: ${why}. Mend the file; nothing was changed.`, { cause });
  }
}

function assertOnce<Row>(name: FileName, rows: readonly Row[], keyOf: (row: Row) => string): void {
  const seen = new Set<string>();
  for (const key of rows.map(keyOf)) {
    if (seen.has(key)) {
      throw new SupportError(`${name}.csv has ${key} twice. Mend the file; nothing was changed.`);
    }
    seen.add(key);
  }
}

function assertKnown(
  name: FileName,
  column: string,
  values: readonly string[],
  known: ReadonlySet<string>,
): void {
  const unknown = values.find((value) => !known.has(value));
  if (unknown === undefined) {
    return;
  }
  throw new SupportError(
    `${name}.csv: there is no ${column} ${unknown}. Mend the file; nothing was changed.`,
  );
}

function fileNames(): string {
  return Object.keys(FILES)
    .map((name) => `${name}.csv`)
    .join(", ");
}
