import { appendFileSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { tool } from "@langchain/core/tools";
import { expect, test } from "vitest";
import { z } from "zod";
import { createAuditLog, readAuditLog, verifyAuditLog } from "../../src/audit/index.js";
import type { AgentEvent } from "../../src/events/index.js";
import { echo, plannedAgent } from "../support/agent-run.js";
import { stamp } from "../support/stamp.js";
import { linesOf, temporaryLog } from "./logs.js";

const eventOf = (seq: number, goal = "go"): AgentEvent => ({ type: "agent.started", goal, ...stamp, seq });

const write = (path: string, lines: readonly string[]) =>
  writeFileSync(path, lines.map((line) => `${line}\n`).join(""));
const messages = async (path: string) =>
  (await verifyAuditLog(path)).problems.map(({ row, message }) => [row, message]);

test("the log of a run holds every event but the pieces of streamed text, for its owner alone", async () => {
  const path = temporaryLog();
  const log = createAuditLog({ path });
  const { agent, events } = plannedAgent([{ id: "a", tool: "echo", args: { value: 1 } }], {
    tools: [echo],
    sinks: [log],
  });
  await agent.invoke({ input: "go" });
  log.close();
  const kept = events.filter(({ type }) => !type.endsWith(".token"));
  expect(await readAuditLog(path)).toEqual(JSON.parse(JSON.stringify(kept)));
  expect(await verifyAuditLog(path)).toMatchObject({ files: [path], lines: kept.length, problems: [] });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
});

test("lines are whole whatever their length and letters, and whoever writes between them", async () => {
  const path = temporaryLog();
  const logs = [createAuditLog({ path }), createAuditLog({ path, redact: false })];
  const goals = ["é€😀\ud800\n", "x".repeat(70_000), "€".repeat(21_700), "€".repeat(21_900), ""];
  for (const [index, goal] of goals.entries()) {
    for (const log of logs) {
      log.write(eventOf(index + 1, goal));
    }
  }
  for (const log of logs) {
    log.close();
  }
  expect(await messages(path)).toEqual([]);
  const told = (await readAuditLog(path)).map((event) => (event.type === "agent.started" ? event.goal : ""));
  expect(told).toEqual(goals.flatMap((goal) => [goal, goal]));
});

test("a call is in the log before the tool is called, and each step's end before the next step", async () => {
  const path = temporaryLog();
  const log = createAuditLog({ path });
  const seen: string[][] = [];
  const looking = tool(
    () => {
      seen.push(linesOf(path).map((line) => /"type":"([^"]+)"/.exec(line)?.[1] ?? ""));
      return "looked";
    },
    { name: "look", description: "Looks.", schema: z.object({}) },
  );
  const { agent } = plannedAgent(
    ["a", "b"].map((id, index) => ({ id, tool: "look", args: {}, dependsOn: index === 0 ? [] : ["a"] })),
    { tools: [looking], sinks: [log] },
  );
  await agent.invoke({ input: "go" });
  log.close();
  const [first = [], second = []] = seen;
  expect(first.slice(-2)).toEqual(["step.started", "tool.called"]);
  expect(second.slice(first.length - 2)).toEqual([
    "step.started",
    "tool.called",
    "tool.returned",
    "step.ended",
    "step.started",
    "tool.called",
  ]);
});

test("a call of a tool that only reads is in the log while the tool is at work", async () => {
  const path = temporaryLog();
  const log = createAuditLog({ path });
  let seen: readonly string[] = [];
  const reading = tool(
    async () => {
      await delay(30);
      seen = linesOf(path);
      return "read";
    },
    { name: "read", description: "Reads.", schema: z.object({}), metadata: { readOnly: true } },
  );
  const { agent } = plannedAgent([{ id: "a", tool: "read", args: {} }], { tools: [reading], sinks: [log] });
  await agent.invoke({ input: "go" });
  log.close();
  expect(seen.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ event: expect.objectContaining({ type: "tool.called", readOnly: true }) }),
  );
});

test("a log that is opened again is added to, and each opening is a writer of its own", async () => {
  const path = temporaryLog();
  for (const seq of [1, 2]) {
    const log = createAuditLog({ path });
    log.write(eventOf(seq));
    log.write(eventOf(seq + 1));
    log.close();
  }
  const { problems, writers } = await verifyAuditLog(path);
  expect(problems).toEqual([]);
  expect(writers.map(({ lines }) => lines)).toEqual([2, 2]);
});

test("a line that was changed, taken out, moved or put in twice is found", async () => {
  const path = temporaryLog();
  const log = createAuditLog({ path });
  for (const seq of [1, 2, 3, 4]) {
    log.write(eventOf(seq));
  }
  log.close();
  const whole = linesOf(path);
  const [one = "", two = "", three = "", four = ""] = whole;

  write(path, [one, two.replace('"go"', '"stay"'), three, four]);
  expect(await messages(path)).toEqual([
    [2, "The line does not hold: it was changed: its hash is not that of its text."],
    [3, expect.stringMatching(/^Line 2 of writer .* is missing before this line\.$/)],
  ]);

  write(path, [one, four]);
  expect(await messages(path)).toEqual([
    [2, expect.stringMatching(/^Lines 2 to 3 of writer .* are missing/)],
  ]);

  write(path, [one, three, two, four]);
  expect((await messages(path)).map(([row]) => row)).toEqual([2, 3, 4]);

  write(path, [one, two, two, three, four]);
  expect(await messages(path)).toEqual([[3, expect.stringContaining("it was moved or put in")]]);

  write(path, [one, two, three.slice(0, 40), four]);
  expect((await messages(path)).map(([row]) => row)).toEqual([3, 4]);

  write(path, whole);
  expect(await messages(path)).toEqual([]);
});

test("a chain that somebody wrote anew from the middle does not fit what was before it", async () => {
  const path = temporaryLog();
  const forged = `${path}.forged`;
  for (const file of [path, forged]) {
    const log = createAuditLog({ path: file });
    for (const seq of [1, 2, 3]) {
      log.write(eventOf(seq, file));
    }
    log.close();
  }
  const writerOf = (line: string) => JSON.parse(line).writer;
  const [own = ""] = linesOf(path);
  const others = linesOf(forged);
  write(path, [own, ...others.slice(1).map((line) => line.replace(writerOf(line), writerOf(own)))]);
  expect((await messages(path)).length).toBeGreaterThan(0);
});

test("after a process died in the middle of a line, the next one begins a line of its own", async () => {
  const path = temporaryLog();
  const first = createAuditLog({ path });
  first.write(eventOf(1));
  first.close();
  appendFileSync(path, '{"writer":"half');
  const second = createAuditLog({ path });
  second.write(eventOf(2));
  second.close();
  expect((await readAuditLog(path)).map(({ seq }) => seq)).toEqual([1, 2]);
  expect(await messages(path)).toEqual([[2, expect.stringContaining("was cut off")]]);
});

test("a full file is followed by the next one, no file is renamed, and they are checked together", async () => {
  const path = temporaryLog();
  const log = createAuditLog({ path, maxBytes: 1_000 });
  for (let seq = 1; seq <= 10; seq += 1) {
    log.write(eventOf(seq));
  }
  log.close();
  const files = readdirSync(join(path, ".."));
  expect(files.length).toBeGreaterThan(3);
  expect(files).toContain("audit.jsonl");
  expect(files).toContain("audit.1.jsonl");
  const verdict = await verifyAuditLog(path);
  expect(verdict).toMatchObject({ lines: 10, problems: [] });
  expect((await readAuditLog(path)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  rmSync(join(path, "..", "audit.1.jsonl"));
  expect((await verifyAuditLog(path)).problems).toHaveLength(1);
});

test("a daily log has the day in the names of its files", async () => {
  const path = temporaryLog();
  const log = createAuditLog({ path, daily: true });
  log.write(eventOf(1));
  await log.flush();
  log.close();
  expect(readdirSync(join(path, ".."))).toEqual([expect.stringMatching(/^audit\.\d{4}-\d\d-\d\d\.jsonl$/)]);
  expect(existsSync(path)).toBe(false);
  expect(await verifyAuditLog(path)).toMatchObject({ lines: 1, problems: [] });
});

test.each(["/dev/null/audit.jsonl", "/proc/x/audit.jsonl"])(
  "a log whose folder cannot be made says so when it is created: %s",
  (path) => {
    const create = () => createAuditLog({ path });
    expect(create).toThrow(`The audit log ${path} cannot be opened: `);
    expect(create).toThrow("Name a file that may be written.");
  },
);
