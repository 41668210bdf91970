import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { callCommand, temporaryFolder } from "./test-surroundings.js";

const generalUrl = new URL("../../graphs/general.ts", import.meta.url).href;

it("runs a graph of the package by its name, on threads that go on", async () => {
  const folder = temporaryFolder();
  const first = await callCommand(["--graph", "general", "--quiet", "Calculate 6*7"], { folder });
  expect(first).toMatchObject({ exitCode: 0, stdout: "42\n" });
  const second = await callCommand(["--thread", "thread-1", "--quiet", "and twice that?"], { folder });
  expect(second).toMatchObject({ exitCode: 0, stdout: "84\n" });
});

it("runs a graph of the person's own by its path, and checks the tools that are to wait", async () => {
  const folder = temporaryFolder();
  const source = `export { createGraph } from "${generalUrl}";\n`;
  writeFileSync(join(folder, "mine.js"), source);
  const words = ["--graph", "./mine.js", "--approve-tools"];
  const asked = await callCommand([...words, "calculator", "Calculate 6*7"], { folder });
  expect(asked).toMatchObject({ exitCode: 4 });
  const wrong = await callCommand([...words, "nothing", "Calculate 6*7"], { folder });
  expect(wrong).toMatchObject({ exitCode: 2 });
  expect(wrong.stderr).toContain('--approve-tools names "nothing", which is no tool. There are: calculator');
});

it.each([
  [
    ["--graph", "nothing"],
    /^Error: --graph is "nothing", which cannot be loaded: .* Name a graph of this package/,
  ],
  [["--graph", "./empty.js"], /exports no function createGraph\(options\)/],
  [["--graph", "./wrong.js"], /whose createGraph\(options\) returns no agent/],
  [["--graph", "general", "--root", "."], /--root is for the built-in tools/],
])("refuses %s", async (words, message) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "empty.js"), "export const a = 1;\n");
  writeFileSync(join(folder, "wrong.js"), "export const createGraph = () => 1;\n");
  const { exitCode, stderr, stdout } = await callCommand([...words, "Calculate 6*7"], { folder });
  expect(exitCode).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toMatch(message);
});
