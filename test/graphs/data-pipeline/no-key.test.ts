import { expect, test } from "vitest";
import { loadTable } from "../../../graphs/data-pipeline/load/load-table.js";
import { openDatabase } from "../../../graphs/shared/open-database.js";

test("one row does not take the place of all that are like it in a column that is no key there", async () => {
  const database = await openDatabase(":memory:");
  database.exec("create table orders (id integer, status text)");
  database.exec("insert into orders values (1, 'open'), (2, 'open')");
  const load = {
    table: "orders",
    columns: [
      { name: "id", type: "integer" },
      { name: "status", type: "text" },
    ],
    rows: [[3, "open"]],
    key: ["status"],
    mode: "upsert",
  } as const;
  expect(() => database.transaction(() => loadTable(database, load))).toThrow("2 rows have the same status");
  expect(database.prepare("select id from orders").all()).toHaveLength(2);
  database.close();
});
