import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { createCheckpointer, createStore, trimThread, withThreadLock } from "../../src/checkpoint/index.js";

const folder = mkdtempSync(join(tmpdir(), "plan-execute-paths-"));
const inFolder = (...parts: string[]) => join(folder, ...parts);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const openers = { createCheckpointer, createStore };

describe.each(Object.entries(openers))("%s", (_, open) => {
  const cases: [string, () => string][] = [
    ["below a folder in which nobody can make one", () => "/proc/x/y.db"],
    ["far below it", () => "/proc/x/y/z/threads.db"],
    ["in a folder in which nobody can make a file", () => "/proc/y.db"],
    ["on a file system that is only read", () => "/sys/kernel/x/y.db"],
    ["a folder", () => folder],
    ["a folder, with a slash at its end", () => `${folder}/`],
    ["below a file", () => inFolder("file", "threads.db")],
    ["/dev/null", () => "/dev/null"],
    ["/dev/full", () => "/dev/full"],
    ["below /dev/null", () => "/dev/null/threads.db"],
    ["a pipe", () => inFolder("pipe")],
    ["a link to a pipe", () => inFolder("link-to-pipe")],
    ["a file that is no database", () => inFolder("file")],
    ["a path with a NUL in it", () => inFolder("cut\0off.db")],
    ["a folder with a NUL in it", () => inFolder("cut\0off", "threads.db")],
    ["a name that is too long", () => inFolder("x".repeat(300))],
    ["a folder whose name is too long", () => inFolder("x".repeat(300), "threads.db")],
    ["a path that is too long", () => inFolder(...Array<string>(500).fill("0123456789"), "threads.db")],
    ["links that lead in a circle", () => inFolder("circle")],
    ["below links that lead in a circle", () => inFolder("circle", "threads.db")],
    ["below a link that leads nowhere", () => inFolder("nowhere", "threads.db")],
  ];
  writeFileSync(inFolder("file"), "this is a text and no database, however long one waits ".repeat(100));

  it.each(cases)("refuses, and says which, %s", async (_case, path) => {
    makeOddFiles();
    await expect(open(`sqlite:${path()}`)).rejects.toMatchObject({
      name: "CheckpointerError",
      code: "CANNOT_OPEN",
      message: expect.stringContaining(path()),
    });
  });
});

describe("a file of SQLite's that is not there", () => {
  const umask = process.umask();
  afterEach(() => process.umask(umask));
  const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8);

  it.each([0o000, 0o022, 0o277, 0o777])(
    "is made for its owner alone, whatever the umask: %o",
    async (mask) => {
      const made = inFolder(`masked-${mask}`);
      process.umask(mask);
      const opened = await createCheckpointer(`sqlite:${join(made, "a", "threads.db")}`);
      const { store, close } = await createStore(`sqlite:${join(made, "b", "store.db")}`);
      await store.put(["a"], "1", { n: 1 });
      await withThreadLock(opened, "1", async () => {
        await opened.checkpointer.put(
          { configurable: { thread_id: "1" } },
          { v: 4, id: "1", ts: "", channel_values: {}, channel_versions: {}, versions_seen: {} },
          { source: "input", step: 0, parents: {} },
          {},
        );
      });
      await trimThread(opened, "1", { keep: 1 });
      for (const path of ["a", "b"]) {
        expect([path, modeOf(join(made, path))]).toEqual([path, "700"]);
      }
      expect(modeOf(made)).toBe("700");
      for (const path of ["a/threads.db", "b/store.db"]) {
        for (const ending of ["", "-wal", "-shm"]) {
          expect(modeOf(join(made, path + ending))).toBe("600");
        }
      }
      await opened.close();
      await close();
    },
  );

  it("is made at the end of a link, and for its owner alone", async () => {
    process.umask(0);
    mkdirSync(inFolder("elsewhere"));
    symlinkSync(inFolder("elsewhere", "threads.db"), inFolder("link.db"));
    const { close } = await createCheckpointer(`sqlite:${inFolder("link.db")}`);
    expect(modeOf(inFolder("elsewhere", "threads.db"))).toBe("600");
    await close();
  });

  it("leaves the mode of a folder that is there as it is", async () => {
    mkdirSync(inFolder("project"));
    chmodSync(inFolder("project"), 0o755);
    const { close } = await createCheckpointer(`sqlite:${inFolder("project", "threads.db")}`);
    expect(modeOf(inFolder("project"))).toBe("755");
    expect(modeOf(inFolder("project", "threads.db"))).toBe("600");
    await close();
  });
});

it("a file that is there keeps its mode, and so does what SQLite puts beside it", async () => {
  process.umask(0o077);
  const path = inFolder("shared.db");
  writeFileSync(path, "");
  chmodSync(path, 0o640);
  const { store, close } = await createStore(`sqlite:${path}`);
  await store.put(["a"], "1", { n: 1 });
  for (const ending of ["", "-wal"]) {
    expect((statSync(path + ending).mode & 0o777).toString(8)).toBe("640");
  }
  await close();
  expect(readFileSync(path).subarray(0, 15).toString()).toBe("SQLite format 3");
});

function makeOddFiles(): void {
  if (statSync(inFolder("pipe"), { throwIfNoEntry: false }) !== undefined) {
    return;
  }
  execFileSync("mkfifo", [inFolder("pipe")]);
  symlinkSync(inFolder("pipe"), inFolder("link-to-pipe"));
  symlinkSync(inFolder("circle"), inFolder("circle"));
  symlinkSync(inFolder("not", "there"), inFolder("nowhere"));
}
