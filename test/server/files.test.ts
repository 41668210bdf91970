// The general graph's files on the real server, where nobody has said where they are to be: each user's are their own,
// and none of the server's are among them.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@langchain/langgraph-sdk";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { DevServer } from "./dev-server.js";
import { withDevServer } from "./with-dev-server.js";

const GRAPH = "plan_execute";
const users = { "token of ann": { identity: "ann" }, "token of bob": { identity: "bob" } };
const home = mkdtempSync(join(tmpdir(), "plan-execute-home-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

let server: DevServer;
let ann: Client;
let bob: Client;
withDevServer(
  (_, given) => {
    server = given;
    const clientOf = (apiKey: string) =>
      new Client({ apiUrl: given.url, apiKey, callerOptions: { maxRetries: 0 } });
    ann = clientOf("token of ann");
    bob = clientOf("token of bob");
  },
  { PLAN_EXECUTE_USERS: JSON.stringify(users), PLAN_EXECUTE_ROOT: "", XDG_DATA_HOME: home },
);

async function ask(client: Client, input: string): Promise<string> {
  const values = await client.runs.wait(null, GRAPH, { input: { input } });
  return z.object({ response: z.string() }).parse(values).response;
}

describe("the files of a user of the server", () => {
  it("are not there for another, nor are the server's own for anybody", async () => {
    const beside = readdirSync(server.folder).sort();
    expect(await ask(ann, "Read notes.txt")).toContain('"notes.txt" is not there');
    expect(await ask(ann, 'Write "a note of hers" to notes.txt')).toContain("Wrote");
    expect(await ask(ann, "Read notes.txt")).toBe("a note of hers");
    expect(await ask(bob, "Read notes.txt")).toContain('"notes.txt" is not there');
    const [annsFolder = ""] = readdirSync(join(home, "plan-execute/users")).filter((name) =>
      name.startsWith("ann-"),
    );
    const paths = [
      `../../${annsFolder}/general/notes.txt`,
      join(home, "plan-execute/users", annsFolder, "general/notes.txt"),
      "graphs/general.ts",
      join(server.folder, "graphs/general.ts"),
      ".langgraph_api/.langgraphjs_ops.json",
      join(server.folder, ".langgraph_api/.langgraphjs_ops.json"),
      "package.json",
    ];
    const code = readFileSync(join(server.folder, "graphs/general.ts"), "utf8");
    for (const path of paths) {
      expect(await ask(bob, `read_file path=${path}`)).toMatch(/lies outside|is hidden|is not there/);
      expect(await ask(bob, `write_file path=${path} content=bob`)).toMatch(/lies outside|is hidden|Wrote/);
    }
    expect(await ask(ann, "Read notes.txt")).toBe("a note of hers");
    expect(readFileSync(join(server.folder, "graphs/general.ts"), "utf8")).toBe(code);
    expect(readdirSync(server.folder).sort()).toEqual(beside);
  }, 120_000);
});
