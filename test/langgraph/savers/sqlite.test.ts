import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { describe, expect } from "vitest";
import { SQLITE_TABLES } from "../../../src/langgraph/index.js";
import { checkTouch } from "../touch.js";

const touch = {
  of: "@langchain/langgraph-checkpoint-sqlite",
  breaks:
    "`sqlite:` checkpointers cannot be opened, or large outputs, retention and deletion of threads fail in SQLite files.",
} as const;

describe("the SQLite saver", () => {
  checkTouch(touch, "has its database as a member, and makes its tables at its first read", async () => {
    const saver = SqliteSaver.fromConnString(":memory:");
    await saver.getTuple({ configurable: { thread_id: "" } });
    for (const [table, columns] of Object.entries(SQLITE_TABLES)) {
      const found = saver.db.prepare("select name from pragma_table_info(?)").all(table);
      const names = found.map((row) => Reflect.get(Object(row), "name"));
      expect(names, table).toEqual(expect.arrayContaining([...columns]));
    }
    saver.db.close();
  });
});
