import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { takeFolders } from "../../graphs/shared/folders.js";
import { openDatabase } from "../../graphs/shared/open-database.js";
import { replaceFile } from "../../graphs/shared/private-files.js";

const folder = mkdtempSync(join(tmpdir(), "plan-execute-graphs-"));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

it("keeps all of a transaction or nothing", async () => {
  const database = await openDatabase(join(folder, "deep", "a.db"));
  database.exec("create table part (name text primary key, count integer)");
  const insert = database.prepare("insert into part values (?, ?)");
  const load = (names: readonly string[]) =>
    database.transaction(() => names.map((name) => insert.run(name, 1).changes));
  expect(load(["a", "b"])).toEqual([1, 1]);
  expect(() => load(["c", "a"])).toThrow(/UNIQUE/);
  expect(database.prepare("select name from part order by name").all()).toEqual([
    { name: "a" },
    { name: "b" },
  ]);
  expect(database.prepare("select name from part where name = ?").get("c")).toBeUndefined();
  database.close();
});

it("opens a file that is only read, and neither makes nor changes one", async () => {
  const path = join(folder, "read", "b.db");
  await expect(openDatabase(path, { readOnly: true })).rejects.toThrow();
  (await openDatabase(path)).close();
  const before = readFileSync(path);
  const database = await openDatabase(path, { readOnly: true });
  expect(() => database.exec("create table part (name text)")).toThrow(/readonly/);
  database.close();
  expect(readFileSync(path)).toEqual(before);
});

it.each([0o000, 0o077, 0o777])("writes files and folders for their owner alone, umask %o", async (umask) => {
  const before = process.umask(umask);
  try {
    const database = await openDatabase(join(folder, "new", "deep", "a.db"));
    database.exec("create table part (name text)");
    replaceFile(join(folder, "new", "a.md"), "text");
    const found = readdirSync(folder, { recursive: true, encoding: "utf8" });
    expect(found.sort()).toEqual(
      ["", "/a.md", "/deep", "/deep/a.db", "/deep/a.db-shm", "/deep/a.db-wal"].map((path) => `new${path}`),
    );
    for (const path of found) {
      const stats = statSync(join(folder, path));
      expect([path, stats.mode & 0o777]).toEqual([path, stats.isDirectory() ? 0o700 : 0o600]);
    }
    database.close();
  } finally {
    process.umask(before);
  }
});

it("replaces a file as a whole, and leaves its mode and nothing beside it", () => {
  const path = join(folder, "a.sh");
  mkdirSync(folder);
  for (const mode of [0o755, 0o640, 0o600]) {
    writeFileSync(path, "old");
    chmodSync(path, mode);
    replaceFile(path, "new");
    expect([readFileSync(path, "utf8"), statSync(path).mode & 0o777]).toEqual(["new", mode]);
  }
  mkdirSync(join(folder, "b"));
  expect(() => replaceFile(join(folder, "b"), "new")).toThrow();
  expect(readdirSync(folder).sort()).toEqual(["a.sh", "b"]);
});

it("takes the folders that are given, then the environment's, then its own", () => {
  vi.stubEnv("PLAN_EXECUTE_ROOT", folder);
  expect(takeFolders("support", { model: "offline" })).toEqual({
    data: expect.stringMatching(/graphs\/support\/data$/),
    workspace: join(folder, ".plan-execute", "support"),
    options: { model: "offline" },
  });
  vi.stubEnv("PLAN_EXECUTE_DATA", tmpdir());
  expect(takeFolders(folder.slice(tmpdir().length + 1), {}).data).not.toBe(folder);
  const given = { data: folder, workspace: join(folder, "out") };
  expect(takeFolders("support", given)).toEqual({ ...given, options: {} });
});
