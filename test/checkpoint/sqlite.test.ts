import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createCheckpointer } from "../../src/checkpoint/index.js";
import { describeConformance, storesEveryChannel } from "./conformance.js";
import { describeCheckpointer } from "./contract.js";

const folder = mkdtempSync(join(tmpdir(), "plan-execute-sqlite-"));
let files = 0;
const newPath = () => {
  files += 1;
  return join(folder, `${files}.db`);
};
const url = () => `sqlite:${newPath()}`;

afterAll(() => rmSync(folder, { recursive: true }));

describeCheckpointer({ kind: "sqlite", url, survivesClosing: true });
describeConformance({ name: "sqlite", url, knownFailures: [storesEveryChannel] });

describe("sqlite", () => {
  it("makes the folder of its file", async () => {
    const { close } = await createCheckpointer(`sqlite:${join(folder, "a", "b", "threads.db")}`);
    expect(await readdir(join(folder, "a", "b"))).toContain("threads.db");
    await close();
  });

  it("writes ahead, waits for another writer, and leaves one file when closed", async () => {
    const path = join(folder, "alone", "threads.db");
    const { checkpointer, close } = await createCheckpointer(`sqlite:${path}`);
    const pragma = databaseOf(checkpointer);
    expect(pragma("journal_mode")).toEqual([{ journal_mode: "wal" }]);
    expect(pragma("busy_timeout")).toEqual([{ timeout: 5000 }]);
    await close();
    expect(await readdir(join(folder, "alone"))).toEqual(["threads.db"]);
  });

  it("understands an absolute path written as a URL", async () => {
    const { close } = await createCheckpointer(`sqlite://${join(folder, "as-url.db")}`);
    expect(await readdir(folder)).toContain("as-url.db");
    await close();
  });

  it("keeps a database in memory when asked to", async () => {
    const { kind, close } = await createCheckpointer("sqlite::memory:");
    expect(kind).toBe("sqlite");
    await close();
    expect(await readdir(".")).not.toContain(":memory:");
  });

  it("says why a file or folder cannot be opened", async () => {
    const text = newPath();
    await writeFile(text, "this is a text and no database, however long one waits ".repeat(100));
    await expect(createCheckpointer(`sqlite:${text}`)).rejects.toMatchObject({
      code: "CANNOT_OPEN",
      message: `Cannot open the SQLite database ${text}: file is not a database`,
      cause: { code: "SQLITE_NOTADB" },
    });
    const directory = join(folder, "directory");
    await mkdir(directory);
    await expect(createCheckpointer(`sqlite:${directory}`)).rejects.toMatchObject({ code: "CANNOT_OPEN" });
    await expect(createCheckpointer(`sqlite:${join(text, "below.db")}`)).rejects.toMatchObject({
      code: "CANNOT_OPEN",
    });
  });
});

function databaseOf(checkpointer: object): (pragma: string) => unknown {
  const db = "db" in checkpointer ? checkpointer.db : undefined;
  if (!(db instanceof Object) || !("pragma" in db) || typeof db.pragma !== "function") {
    throw new Error("no database");
  }
  return db.pragma.bind(db);
}
