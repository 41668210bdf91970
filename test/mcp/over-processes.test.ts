// Two processes of the command line, and a server of its own for each.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { callProcess } from "../cli/command-process.js";
import { testFolder } from "../cli/mcp/served-agent.js";
import { createServerJournal, smallServer } from "./small-server.js";

test("what a server asks the person is answered in another process than the one that it asked", async () => {
  const folder = testFolder();
  const journal = createServerJournal();
  const agent = {
    model: "offline",
    mcp: { small: { ...smallServer(journal), tools: ["ask_name"] } },
    plans: [
      {
        name: "greet",
        description: "Greets.",
        steps: [{ id: "1", tool: "small__ask_name", args: { why: "the form" } }],
        answer: "1",
      },
    ],
  };
  writeFileSync(join(folder, "agent.yaml"), JSON.stringify(agent));
  const asked = await callProcess(["run", "agent.yaml", "--plan", "greet", "--thread", "t"], folder);
  expect(asked).toMatchObject({ exitCode: 4, stderr: expect.stringContaining("Your name, for the form?") });
  const answer = JSON.stringify({ decisions: [{ type: "respond", response: { name: "Ann" } }] });
  const answered = await callProcess(["--thread", "t", "--resume", answer, "--quiet"], folder);
  expect(answered).toMatchObject({ exitCode: 0, stdout: "hello Ann\n" });
  expect(journal.lines().filter((line) => line.startsWith("answered"))).toEqual([
    'answered the form {"action":"cancel"}',
    'answered the form {"action":"accept","content":{"name":"Ann"}}',
  ]);
}, 120_000);
