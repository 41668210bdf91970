import { expect, test } from "vitest";
import { MCP_SERVERS } from "../../src/mcp/index.js";
import { toProblems } from "../../src/options/index.js";

const problemsOf = (servers: unknown) =>
  MCP_SERVERS.safeParse(servers).error?.issues.flatMap((issue) => toProblems(issue)) ?? [];

test("a server is a command or an address, and either may have the options of all", () => {
  const common = {
    tools: ["a"],
    hints: { "*": { destructive: true }, a: { readOnly: true } },
    onLog: () => {},
  };
  const servers = {
    files: { command: "npx", args: ["-y", "server"], env: { A: "1" }, cwd: "/", ...common },
    tickets: { url: "https://example.com/mcp", headers: { Authorization: "Bearer 1" }, ...common },
  };
  expect(problemsOf(servers)).toEqual([]);
});

test.each([
  [{ a: {} }, "a: must be { command, args, env, cwd } or { url, headers }"],
  [{ a: { command: "x", url: "https://x" } }, "a: must be { command"],
  [{ "a b": { command: "x" } }, "a b: must be under a name of 1 to 24 letters"],
  [{ ["a".repeat(25)]: { command: "x" } }, "must be under a name of 1 to 24 letters"],
  [{ a: { url: "ftp://x" } }, "a.url: must be an http or https address"],
  [{ a: { command: "x", arg: [] } }, "a.arg: there is no such option"],
  [{ a: { command: "x", hints: { b: { readonly: true } } } }, "a.hints.b.readonly: there is no such option"],
])("%j is refused in words", (servers, problem) => {
  expect(problemsOf(servers).join()).toContain(problem);
});
