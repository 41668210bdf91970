// An agent's file as an MCP server, in a process of its own.
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { call, callRun, connectStdio, type Person, testFolder } from "./served-agent.js";

const SECRET = "tok-9c1f5e7a-served";
const FILE = `name: desk
model: offline
root: ./files
tools: [calculator, write_file]
approval: { tools: { write_file: true } }
mcp:
  small:
    command: ${JSON.stringify(process.execPath)}
    args: [${JSON.stringify(fileURLToPath(new URL("../../mcp/servers/small.mjs", import.meta.url)))}]
    env: { TOKEN: "\${DESK_TOKEN}" }
    tools: [say]
checkpointer: sqlite:./desk.db
`;

function folderWithDesk(): string {
  const folder = testFolder();
  writeFileSync(join(folder, "agent.yaml"), FILE);
  mkdirSync(join(folder, "files"));
  symlinkSync(fileURLToPath(new URL("../../../node_modules", import.meta.url)), join(folder, "node_modules"));
  return folder;
}

it("serves what an agent's file says: its tools, its approvals, its database, and none of its secrets", async () => {
  const folder = folderWithDesk();
  const given = { environment: { DESK_TOKEN: SECRET } };
  const forms: string[] = [];
  const person: Person = ({ message }) => {
    forms.push(message);
    return { action: "accept", content: { decision: "Approve" } };
  };
  const first = await connectStdio(folder, ["agent.yaml"], undefined, given);
  const { tools } = await first.client.listTools();
  expect(tools.find(({ name }) => name === "run")?.description).toContain("calculator, write_file");
  const sum = await callRun(first.client, "run", { goal: "Calculate 6*7" });
  expect(sum).toMatchObject({ status: "done", answer: "42" });
  const told = await callRun(first.client, "run", { goal: `Write "${SECRET}" to note.txt` });
  expect(told).toMatchObject({ status: "waiting", waiting: { actions: [{ name: "write_file" }] } });
  expect(JSON.stringify(told)).not.toContain(SECRET);
  await first.client.close();
  const second = await connectStdio(folder, ["agent.yaml"], person, given);
  const { threadId } = told;
  expect(await callRun(second.client, "resume", { threadId })).toMatchObject({ status: "done" });
  expect(forms).toEqual([expect.stringContaining("note.txt")]);
  expect(forms.join()).not.toContain(SECRET);
}, 120_000);

it("says of a file that cannot be used what is wrong, and serves nothing", async () => {
  const folder = testFolder();
  writeFileSync(join(folder, "agent.yaml"), "modle: offline\n");
  await expect(connectStdio(folder, ["agent.yaml"])).rejects.toThrow();
}, 120_000);

it("tells a call whose server cannot be started so, and goes on serving", async () => {
  const folder = testFolder();
  writeFileSync(
    join(folder, "agent.yaml"),
    "model: offline\ntools: [calculator]\nmcp: { gone: { command: no-such-command } }\n",
  );
  const { client } = await connectStdio(folder, ["agent.yaml"]);
  const { isError, text } = await call(client, "run", { goal: "Calculate 6*7" });
  expect({ isError, text }).toMatchObject({ isError: true, text: expect.stringContaining('"gone"') });
  expect((await client.listTools()).tools).toHaveLength(5);
}, 120_000);
