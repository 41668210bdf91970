// The data folder's files are the tables' source: the tables follow them, in one transaction, whenever they change.
// What was refunded is nobody's file: it stays.
import { join } from "node:path";
import { type Database, openDatabase, type SqlValue } from "../shared/open-database.js";
import { parseRecords, readDataFiles } from "./read-records.js";

/** Where the data is read from and where the database is. */
export interface SupportFolders {
  readonly data: string;
  readonly workspace: string;
}

const FILE = "support.db";

const TABLES = `
create table if not exists source (signature text not null);
create table if not exists customers (customer text primary key, name text not null, email text not null);
create table if not exists orders (
  "order" text primary key, customer text not null, currency text not null, ordered text not null, delivered text);
create table if not exists order_items (
  position integer not null, "order" text not null, item text not null, name text not null, category text not null,
  quantity integer not null, unit_cents integer not null, primary key ("order", item));
create table if not exists refund_policies (
  category text not null, reason text not null, refundable integer not null, window_days integer, fee_percent real,
  max_cents integer, note text not null, primary key (category, reason));
create table if not exists staff (identity text primary key, name text not null, role text not null);
create table if not exists refunds (
  key text primary key, "order" text not null, customer text not null, cents integer not null check (cents > 0),
  currency text not null, reason text not null, request text not null, made_on text not null, approved_by text);
create table if not exists refund_items (
  key text not null references refunds (key), item text not null, cents integer not null, primary key (key, item));
create index if not exists refunds_of_order on refunds ("order");
`;

/** Works with the database, made and brought up to date with the data folder first. */
export async function withDatabase<T>(folders: SupportFolders, work: (database: Database) => T): Promise<T> {
  const data = await readDataFiles(folders.data);
  const database = await openDatabase(join(folders.workspace, FILE));
  try {
    database.exec(TABLES);
    const signature = () => database.prepare("select signature from source").get()?.signature;
    if (signature() !== data.signature) {
      const records = parseRecords(data);
      database.transaction(() => {
        if (signature() === data.signature) {
          return;
        }
        const fill = (table: string, rows: readonly (readonly SqlValue[])[]) => {
          database.exec(`delete from ${table}`);
          for (const row of rows) {
            database.prepare(`insert into ${table} values (${row.map(() => "?").join()})`).run(...row);
          }
        };
        fill(
          "customers",
          records.customers.map(({ customer, name, email }) => [customer, name, email]),
        );
        fill(
          "orders",
          records.orders.map(({ order, customer, currency, ordered, delivered }) => [
            order,
            customer,
            currency,
            ordered,
            delivered,
          ]),
        );
        fill(
          "order_items",
          records["order-items"].map(({ order, item, name, category, quantity, unit_price }, position) => [
            position,
            order,
            item,
            name,
            category,
            quantity,
            unit_price,
          ]),
        );
        fill(
          "refund_policies",
          records["refund-policies"].map((row) => [
            row.category,
            row.reason,
            Number(row.refundable),
            row.window_days,
            row.fee_percent,
            row.max_without_manager,
            row.note,
          ]),
        );
        fill(
          "staff",
          records.staff.map(({ identity, name, role }) => [identity, name, role]),
        );
        fill("source", [[data.signature]]);
      });
    }
    return work(database);
  } finally {
    database.close();
  }
}
