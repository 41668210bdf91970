import { execFileSync } from "node:child_process";
import { statSync, watch } from "node:fs";
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFileRoot, type FileRoot } from "../../../src/tools/builtin/files/file-root.js";
import { createFileTools } from "../../../src/tools/builtin/files/file-tools.js";
import { invokeTool } from "../../../src/tools/invoke-tool.js";
import { BuiltinToolError } from "../../../src/tools/tool-errors.js";
import { createDeferred } from "../../support/deferred.js";

let base: string;
let root: string;
let files: FileRoot;

beforeEach(async () => {
  base = await mkdtemp(join(await realpath(tmpdir()), "file-tools-"));
  root = join(base, "root");
  await mkdir(join(root, "sub"), { recursive: true });
  await mkdir(join(base, "root-beside"));
  await writeFile(join(root, "a.txt"), "hello");
  await writeFile(join(root, "sub", "b.txt"), "inner");
  await writeFile(join(base, "secret.txt"), "TOPSECRET");
  await writeFile(join(base, "root-beside", "c.txt"), "TOPSECRET");
  files = createFileRoot({ root, maxBytes: 1_000 });
});

afterEach(() => rm(base, { recursive: true, force: true }));

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof BuiltinToolError) {
      return error.code;
    }
    throw error;
  }
  return "no error";
}

describe("files inside one root", () => {
  it("are read, by paths from the root and by absolute ones inside of it", async () => {
    for (const path of ["a.txt", "./a.txt", "sub/../a.txt", join(root, "a.txt")]) {
      expect(await files.readText(path)).toBe("hello");
    }
    expect(await files.readText("sub/b.txt")).toBe("inner");
  });

  it("are written with the folders on the way, and replaced as a whole", async () => {
    expect(await files.writeText("new/deep/é.txt", "é1")).toEqual({ path: "new/deep/é.txt", bytes: 3 });
    expect(await files.writeText(join(root, "new/deep/é.txt"), "2")).toEqual({
      path: "new/deep/é.txt",
      bytes: 1,
    });
    expect(await readFile(join(root, "new/deep/é.txt"), "utf8")).toBe("2");
    expect(await readdir(join(root, "new/deep"))).toEqual(["é.txt"]);
  });

  it("are listed by name, from the root", async () => {
    await symlink(join(base, "secret.txt"), join(root, "z-link"));
    await symlink(join(root, "a.txt"), join(root, "inner-link"));
    const listed = [
      { path: "a.txt", bytes: 5, isDirectory: false },
      { path: "inner-link", bytes: 5, isDirectory: false },
      { path: "sub", bytes: 0, isDirectory: true },
    ];
    expect(await files.list()).toEqual(listed);
    expect(await files.list("sub")).toEqual([{ path: "sub/b.txt", bytes: 5, isDirectory: false }]);
  });

  it.each([
    "../secret.txt",
    "sub/../../secret.txt",
    "../root-beside/c.txt",
    "..",
    "/etc/passwd",
    "/",
    "../missing/file.txt",
    "sub/../../../../../../../../etc/passwd",
  ])("cannot be left by %s", async (path) => {
    expect(await codeOf(files.readText(path))).toBe("OUTSIDE_ROOT");
    expect(await codeOf(files.list(path))).toBe("OUTSIDE_ROOT");
    expect(await codeOf(files.writeText(path, "x"))).toBe("OUTSIDE_ROOT");
    expect(await readFile(join(base, "secret.txt"), "utf8")).toBe("TOPSECRET");
  });

  it.each([
    ".env",
    ".ENV",
    "./.env",
    "sub/../.env",
    "sub/.git/config",
    ".git",
    ".langgraph_api/.langgraphjs_ops.json",
    ".plan-execute/threads.db",
    ".Plan-Execute/new.txt",
    "link/threads.db",
    "sub/link.txt",
    ".visible",
    "...",
    "\u200b.env",
    "\u202e.env",
    "\u00ad.env",
    "\ufeff.env",
    " .env",
    "\u00a0.env",
    "\uff0eenv",
    "\u2024env",
    "\ufe52git/config",
  ])("do not show what is hidden by the path %j", async (path) => {
    for (const folder of [".plan-execute", ".langgraph_api", ".git", "sub/.git"]) {
      await mkdir(join(root, folder));
    }
    for (const file of [".env", "sub/.git/config", ".git/config", ".plan-execute/threads.db"]) {
      await writeFile(join(root, file), "TOPSECRET");
    }
    await symlink(".plan-execute", join(root, "link"));
    await symlink("../.env", join(root, "sub", "link.txt"));
    await symlink("a.txt", join(root, ".visible"));
    const before = await readdir(root, { recursive: true });
    for (const one of [path, join(root, path)]) {
      expect(await codeOf(files.readText(one))).toBe("OUTSIDE_ROOT");
      expect(await codeOf(files.list(one))).toBe("OUTSIDE_ROOT");
      expect(await codeOf(files.writeText(one, "x"))).toMatch(/^(?:OUTSIDE_ROOT|NOT_A_FILE)$/);
      expect(await codeOf(files.writeText(`${one}/x`, "x"))).toBe("OUTSIDE_ROOT");
    }
    expect(await readdir(root, { recursive: true })).toEqual(before);
    expect((await files.list()).map((entry) => entry.path)).toEqual(["a.txt", "sub"]);
    expect((await files.list("sub")).map((entry) => entry.path)).toEqual(["sub/b.txt"]);
  });

  it("show what is hidden and named, and nothing else that is hidden", async () => {
    await mkdir(join(root, ".github", ".secret"), { recursive: true });
    await writeFile(join(root, ".github", "ci.yml"), "steps");
    await writeFile(join(root, ".env"), "TOPSECRET");
    const shown = createFileRoot({ root, hidden: [".github"] });
    expect(await shown.readText(".github/ci.yml")).toBe("steps");
    expect((await shown.list()).map(({ path }) => path)).toEqual([".github", "a.txt", "sub"]);
    expect((await shown.list(".github")).map(({ path }) => path)).toEqual([".github/ci.yml"]);
    await shown.writeText(".github/new.yml", "x");
    for (const path of [".env", ".github/.secret/x", ".githubs/x"]) {
      expect(await codeOf(shown.readText(path))).toBe("OUTSIDE_ROOT");
      expect(await codeOf(shown.writeText(path, "x"))).toBe("OUTSIDE_ROOT");
    }
  });

  it("are reached under a root that is itself in a hidden folder", async () => {
    const inside = createFileRoot({ root: join(base, ".state", "files") });
    await inside.writeText("x.txt", "1");
    expect(await inside.readText("x.txt")).toBe("1");
  });

  it("cannot be left by an absolute path beside the root", async () => {
    expect(await codeOf(files.readText(join(base, "root-beside", "c.txt")))).toBe("OUTSIDE_ROOT");
    expect(await codeOf(files.writeText(join(base, "new.txt"), "x"))).toBe("OUTSIDE_ROOT");
  });

  it("cannot be left by links, to files or folders, to what exists or does not", async () => {
    await symlink(join(base, "secret.txt"), join(root, "file-link"));
    await symlink(base, join(root, "folder-link"));
    await symlink(join(base, "nowhere"), join(root, "dead-link"));
    await symlink("folder-link/root-beside", join(root, "second-link"));
    for (const path of [
      "file-link",
      "folder-link/secret.txt",
      "dead-link",
      "dead-link/x",
      "second-link/c.txt",
    ]) {
      expect(await codeOf(files.readText(path))).toBe("OUTSIDE_ROOT");
      expect(await codeOf(files.list(path))).toBe("OUTSIDE_ROOT");
    }
    for (const path of [
      "folder-link/new.txt",
      "folder-link/a/b/new.txt",
      "dead-link/x",
      "second-link/c.txt",
    ]) {
      expect(await codeOf(files.writeText(path, "x"))).toBe("OUTSIDE_ROOT");
    }
    for (const path of ["file-link", "dead-link"]) {
      expect(await codeOf(files.writeText(path, "x"))).toBe("NOT_A_FILE");
    }
    expect((await readdir(base)).sort()).toEqual(["root", "root-beside", "secret.txt"]);
    expect(await readFile(join(base, "secret.txt"), "utf8")).toBe("TOPSECRET");
  });

  it("are read through a link that stays inside, never written through one", async () => {
    await symlink("a.txt", join(root, "link"));
    await symlink("sub", join(root, "sub-link"));
    expect(await files.readText("link")).toBe("hello");
    expect(await files.readText("sub-link/b.txt")).toBe("inner");
    expect(await codeOf(files.writeText("link", "x"))).toBe("NOT_A_FILE");
    expect(await files.writeText("sub-link/c.txt", "x")).toEqual({ path: "sub/c.txt", bytes: 1 });
  });

  it("may lie under a root that is itself reached by a link", async () => {
    await symlink(root, join(base, "alias"));
    const aliased = createFileRoot({ root: join(base, "alias") });
    expect(await aliased.readText("a.txt")).toBe("hello");
    expect(await aliased.readText(join(base, "alias", "a.txt"))).toBe("hello");
    expect(await aliased.readText(join(root, "a.txt"))).toBe("hello");
    expect(await codeOf(aliased.readText("../secret.txt"))).toBe("OUTSIDE_ROOT");
  });

  it.each([
    ["a\0.txt", "INVALID_PATH"],
    ["", "INVALID_PATH"],
    ["  ", "INVALID_PATH"],
    ["C:\\Windows\\win.ini", "INVALID_PATH"],
    ["c:/x", "INVALID_PATH"],
    ["..\\secret.txt", "INVALID_PATH"],
    ["x/".repeat(3_000), "INVALID_PATH"],
    ["missing.txt", "NOT_FOUND"],
    ["sub/missing/x.txt", "NOT_FOUND"],
    ["a.txt/x", "NOT_FOUND"],
    ["sub", "NOT_A_FILE"],
    [".", "NOT_A_FILE"],
  ])("are refused under the path %j", async (path, code) => {
    expect(await codeOf(files.readText(path))).toBe(code);
  });

  it("refuses to write where a folder is, or under a file", async () => {
    expect(await codeOf(files.writeText("sub", "x"))).toBe("NOT_A_FILE");
    expect(await codeOf(files.writeText(".", "x"))).toBe("NOT_A_FILE");
    expect(await codeOf(files.writeText("a.txt/x", "x"))).toBe("NOT_A_FOLDER");
    expect(await codeOf(files.list("a.txt"))).toBe("NOT_A_FOLDER");
    expect(await codeOf(files.writeText(`${"n".repeat(300)}.txt`, "x"))).toBe("INVALID_PATH");
    expect((await readdir(root)).sort()).toEqual(["a.txt", "sub"]);
  });

  it("refuses what is no text, too large, or no regular file", async () => {
    await writeFile(join(root, "bin"), Buffer.from([1, 0, 2]));
    await writeFile(join(root, "latin1"), Buffer.from([0x63, 0xe9]));
    await writeFile(join(root, "large"), "x".repeat(1_001));
    await writeFile(join(root, "bom"), "\uFEFFtext");
    execFileSync("mkfifo", [join(root, "pipe")]);
    expect(await codeOf(files.readText("bin"))).toBe("NOT_TEXT");
    expect(await codeOf(files.readText("latin1"))).toBe("NOT_TEXT");
    expect(await codeOf(files.readText("large"))).toBe("TOO_LARGE");
    expect(await codeOf(files.readText("pipe"))).toBe("NOT_A_FILE");
    expect(await codeOf(files.writeText("pipe", "x"))).toBe("NOT_A_FILE");
    expect(await codeOf(files.writeText("new", "x".repeat(1_001)))).toBe("TOO_LARGE");
    expect(await files.readText("bom")).toBe("text");
  });

  it("need no root before the first write", async () => {
    const later = createFileRoot({ root: join(base, "later", "root") });
    expect(await codeOf(later.readText("x"))).toBe("NOT_FOUND");
    expect(await codeOf(later.list())).toBe("NOT_FOUND");
    await later.writeText("x", "1");
    expect(await later.readText("x")).toBe("1");
  });

  it.each([0o000, 0o022, 0o077, 0o777])(
    "are for their owner alone when they are new, umask %o",
    async (umask) => {
      const modeOf = async (path: string) => (await stat(join(root, path))).mode & 0o777;
      const before = process.umask(umask);
      try {
        await files.writeText("new/deep/x.txt", "1");
        await Promise.all([1, 2, 3].map((name) => files.writeText(`side/by/side/${name}.txt`, "1")));
      } finally {
        process.umask(before);
      }
      expect(await modeOf("new/deep/x.txt")).toBe(0o600);
      expect(await modeOf("side/by/side/3.txt")).toBe(0o600);
      for (const folder of ["new", "new/deep", "side/by/side"]) {
        expect(await modeOf(folder)).toBe(0o700);
      }
    },
  );

  it.each([0o600, 0o640, 0o755, 0o444])("keep the mode %o when they are overwritten", async (mode) => {
    await chmod(join(root, "a.txt"), mode);
    await files.writeText("a.txt", "new");
    expect(await readFile(join(root, "a.txt"), "utf8")).toBe("new");
    expect((await stat(join(root, "a.txt"))).mode & 0o777).toBe(mode);
  });

  it("are readable to nobody else while they are written", async () => {
    await mkdir(join(root, "watched"));
    const seen = new Set<number>();
    const written = createDeferred();
    const watcher = watch(join(root, "watched"), (_, name) => {
      const stats = statSync(join(root, "watched", String(name)), { throwIfNoEntry: false });
      if (stats !== undefined) {
        seen.add(stats.mode & 0o777);
      }
      if (name === "x.txt") {
        written.resolve();
      }
    });
    const umask = process.umask(0);
    try {
      await createFileRoot({ root }).writeText("watched/x.txt", "x".repeat(9_000_000));
    } finally {
      process.umask(umask);
    }
    await written.promise;
    watcher.close();
    expect([...seen]).toEqual([0o600]);
  });

  it("are in the folder that each call's config says", async () => {
    const own = createFileRoot({ root: ({ configurable }) => join(base, String(configurable?.user)) });
    const [ann, bob] = ["ann", "bob"].map((user) => ({ configurable: { user } }));
    await own.writeText("x.txt", "Ann's", ann);
    expect(await own.readText("x.txt", ann)).toBe("Ann's");
    expect(await codeOf(own.readText("x.txt", bob))).toBe("NOT_FOUND");
    expect(await codeOf(own.readText("../ann/x.txt", bob))).toBe("NOT_FOUND");
    await own.writeText("y.txt", "Bob's", bob);
    expect(await codeOf(own.readText("../ann/x.txt", bob))).toBe("OUTSIDE_ROOT");
    expect((await own.list(".", bob)).map(({ path }) => path)).toEqual(["y.txt"]);
    const nowhere = createFileRoot({ root: () => "" });
    expect(await codeOf(nowhere.readText("x.txt"))).toBe("INVALID_PATH");
  });

  it("need a root that has a path", () => {
    expect(() => createFileRoot({ root: "" })).toThrow(BuiltinToolError);
  });

  it("stay inside for any path made of hostile parts", async () => {
    await symlink(base, join(root, "out"));
    await symlink("..", join(root, "sub", "up"));
    const part = fc.constantFrom("..", ".", "", "sub", "up", "out", "root", "a.txt", "secret.txt", "new", "\0", "~", "%2e%2e", "\\", base, "/"); // biome-ignore format: short
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 7 }), async (parts) => {
        const path = parts.join("/");
        const outcomes = await Promise.allSettled([
          files.readText(path),
          files.list(path),
          files.writeText(path, "overwritten"),
        ]);
        for (const outcome of outcomes) {
          if (outcome.status === "rejected") {
            expect(outcome.reason).toBeInstanceOf(BuiltinToolError);
          } else {
            expect(JSON.stringify(outcome.value)).not.toContain("TOPSECRET");
          }
        }
        expect(await readFile(join(base, "secret.txt"), "utf8")).toBe("TOPSECRET");
        expect((await readdir(base)).sort()).toEqual(["root", "root-beside", "secret.txt"]);
      }),
      { numRuns: 400 },
    );
  });
});

describe("the file tools", () => {
  it("keep what is read as text and write what is no text as JSON", async () => {
    const [read, write, list] = createFileTools({ root });
    const call = (tool: typeof read | typeof write | typeof list, args: Record<string, unknown>) =>
      invokeTool({ tool, id: "1", args, repeat: "with-key", maxOutputBytes: 10_000 });
    expect(await call(write, { path: "n.txt", content: 391 })).toMatchObject({
      output: { path: "n.txt", bytes: 3 },
    });
    expect(await call(read, { path: "n.txt" })).toMatchObject({ output: "391" });
    await call(write, { path: "o.json", content: { a: [1] } });
    expect(await readFile(join(root, "o.json"), "utf8")).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(await call(read, { path: "o.json" })).toMatchObject({ output: '{\n  "a": [\n    1\n  ]\n}' });
    expect(await call(list, { path: "sub" })).toMatchObject({ output: [{ path: "sub/b.txt" }] });
    expect(await call(list, {})).toMatchObject({ ok: true });
    expect([read, write, list].map((tool) => tool.metadata?.readOnly)).toEqual([true, false, true]);
    const refused = await call(read, { path: "../secret.txt" });
    expect(refused).toMatchObject({ ok: false, retryable: false });
    expect(JSON.stringify(refused)).not.toContain(base);
    expect((await stat(join(root, "n.txt"))).mode & 0o111).toBe(0);
  });
});
