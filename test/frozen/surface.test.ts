// What users of the package see: its exports with their types, and the command's options. A deliberate addition is a
// small difference; `FROZEN=record npx vitest run test/frozen/surface.test.ts` writes it down.
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { z } from "zod";
import { describeExports } from "./surface/describe-exports.js";

const root = new URL("../../", import.meta.url);
const { types, bin } = z
  .object({ types: z.string(), bin: z.object({ "plan-execute": z.string() }) })
  .parse(JSON.parse(readFileSync(new URL("package.json", root), "utf8")));

/** Compares a text with its file, or writes the file when recording. */
function expectRecorded(file: string, text: string): void {
  const url = new URL(`./surface/recorded/${file}`, import.meta.url);
  if (process.env.FROZEN === "record") {
    writeFileSync(url, text);
  }
  expect(text).toBe(readFileSync(url, "utf8"));
}

test("the package exports what it exported, with the same types", () => {
  const files = {
    "Exported by the package": fileURLToPath(
      new URL(types.replace(/^\.\/dist/, "src").replace(/\.d\.cts$/, ".ts"), root),
    ),
    "Got out of the agent's type": fileURLToPath(new URL("surface/uses.ts", import.meta.url)),
  };
  expectRecorded("exports.txt", describeExports(fileURLToPath(new URL("tsconfig.json", root)), files));
}, 60_000);

test("the command has the options that it had", async () => {
  const program = bin["plan-execute"].replace(/^dist/, "src").replace(/js$/, "ts");
  const words = ["--import", "tsx", fileURLToPath(new URL(program, root)), "--help"];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: fileURLToPath(root) });
  expectRecorded("help.txt", stdout);
}, 60_000);
