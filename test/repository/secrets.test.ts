// A key in an .env file goes neither into a commit nor into an image nor into the package.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { createImageFilter } from "../deploy/dockerfile.js";
import { repositoryRoot } from "./source-files.js";

/** Files of somebody who works here, which are nobody else's. */
const own = [".env", ".env.local", ".env.production.local", "graphs/.env", "graphs/finance/.env.test"];
const kept = [".plan-execute/threads.db", ".langgraph_api/.langgraphjs_ops.json"];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plan-execute-secrets-"));
  for (const name of [".gitignore", ".dockerignore", "package.json"]) {
    cpSync(join(repositoryRoot, name), join(folder, name));
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (path: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), "{}");
};
const run = (program: string, words: readonly string[]) =>
  execFileSync(program, words, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

it("is not seen by git", () => {
  for (const path of [...own, ...kept, "graphs/general.ts"]) {
    write(path);
  }
  run("git", ["init", "--quiet"]);
  const seen = run("git", ["ls-files", "--others", "--exclude-standard"]).trim().split("\n");
  expect(seen.sort()).toEqual([".dockerignore", ".gitignore", "graphs/general.ts", "package.json"]);
});

it("is not copied into an image", () => {
  const isCopied = createImageFilter(folder);
  const wanted = [
    "package.json",
    "graphs/general.ts",
    "graphs/support/data/staff.csv",
    ".npmrc",
    "environment",
  ];
  const unwanted = [
    ...own,
    ".git",
    ".plan-execute",
    ".langgraph_api",
    "node_modules",
    "sqlite/node_modules",
    "graphs/.plan-execute",
  ];
  expect([...wanted, ...unwanted].filter((path) => isCopied(join(folder, path)))).toEqual(wanted);
});

it("is not packed, and no other hidden file either", () => {
  const wanted = ["dist/index.js", "dist/graphs/support/data/staff.csv"];
  const unwanted = [
    ".env",
    "graphs/.env.local",
    "graphs/finance/.plan-execute/finance/ledger.db",
    "graphs/.x",
  ];
  for (const path of [...wanted, ...own, ...unwanted.map((name) => `dist/${name}`), "threads.db"]) {
    write(path);
  }
  const packed = z
    .tuple([z.object({ files: z.array(z.object({ path: z.string() })) })])
    .parse(JSON.parse(run("npm", ["pack", "--dry-run", "--ignore-scripts", "--json"])));
  expect(packed[0].files.map(({ path }) => path).sort()).toEqual([...wanted, "package.json"].sort());
});
