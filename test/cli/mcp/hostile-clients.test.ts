// A client whose model, or whose maker, wants a person's decision to be its own.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from "vitest";
import { callProcess } from "../command-process.js";
import { JOURNAL } from "./noted.js";
import {
  call,
  callRun,
  connectHttp,
  connectStdio,
  GRAPH,
  goalOf,
  type HttpServer,
  journalOf,
  makeFolder,
  startHttp,
  stopProcess,
  testFolder,
} from "./served-agent.js";

const CHARGE = goalOf({ tool: "charge", args: { amount: 5 } });
const WAITS = { status: "waiting" };

let server: HttpServer;
const folder = makeFolder();
const journal = journalOf(folder);

beforeAll(async () => {
  server = await startHttp(folder, [GRAPH, "--answers", "resume"]);
}, 120_000);

afterAll(async () => {
  await stopProcess(server.child);
  rmSync(folder, { recursive: true });
});

afterEach(() => {
  rmSync(join(folder, JOURNAL), { force: true });
});

it("plans wait too: a form decides, or an argument of a client without forms, and an edit's calls wait anew", async () => {
  const planned = testFolder();
  const waiting = await startHttp(planned, [GRAPH, "--answers", "resume", "--approve-plan", "once"]);
  onTestFinished(() => stopProcess(waiting.child));
  const goal = goalOf({ tool: "say", args: { words: "hello" } });
  const forms: string[] = [];
  const withForms = await connectHttp(waiting, ({ message }) => {
    forms.push(message);
    return { action: "accept", content: { decision: "Approve" } };
  });
  expect(await callRun(withForms, "run", { goal })).toMatchObject({ status: "done", answer: "hello" });
  expect(forms).toEqual([expect.stringMatching(/say.*hello/s)]);

  const client = await connectHttp(waiting);
  const run = await callRun(client, "run", { goal });
  expect(run).toMatchObject({ ...WAITS, waiting: { actions: [{ kind: "plan" }] } });
  const { threadId } = run;
  const answerWith = (decision: object) => ({ requestId: run.waiting?.requestId, decisions: [decision] });
  const own = { threadId, answer: answerWith({ type: "approve" }) };
  expect(await call(withForms, "resume", own)).toMatchObject({
    isError: true,
    text: expect.stringContaining("the person decides by one"),
  });
  const editedAction = { name: "plan", args: { plan: '[1] charge {"amount":5}' } };
  const edited = { threadId, answer: answerWith({ type: "edit", editedAction }) };
  expect(await callRun(client, "resume", edited)).toMatchObject({
    ...WAITS,
    waiting: { actions: [{ kind: "action", name: "charge", args: { amount: 5 } }] },
  });
  expect(journalOf(planned).lines()).toEqual([]);
}, 120_000);

it("an answer is to its own request: not to that of another thread, and not to a later one", async () => {
  const client = await connectHttp(server);
  const [one, other] = [
    await callRun(client, "run", { goal: CHARGE }),
    await callRun(client, "run", { goal: CHARGE }),
  ];
  expect(one.next).toContain(`"requestId":"${one.waiting?.requestId}"`);
  const approve = (requestId: string | undefined) => ({ requestId, decisions: [{ type: "approve" }] });
  const swapped = { threadId: one.threadId, answer: approve(other.waiting?.requestId) };
  expect(await call(client, "resume", swapped)).toMatchObject({ isError: true });
  const next = await callRun(client, "run", { threadId: one.threadId, goal: CHARGE });
  const replayed = { threadId: one.threadId, answer: approve(one.waiting?.requestId) };
  expect(await call(client, "resume", replayed)).toMatchObject({ isError: true });
  expect(next).toMatchObject(WAITS);
  for (const decisions of [
    [{ type: "approve" }, { type: "approve" }],
    [{ type: "edit", editedAction: { name: "charge", args: JSON.parse('{"__proto__":{"amount":1}}') } }],
    [{ type: "respond", response: "yes" }],
  ]) {
    const answer = { requestId: next.waiting?.requestId, decisions };
    const { structuredContent } = await call(client, "resume", { threadId: one.threadId, answer });
    expect(structuredContent).toMatchObject(WAITS);
  }
  const more = { ...approve(next.waiting?.requestId), decidedBy: "Ann" };
  expect(await call(client, "resume", { threadId: one.threadId, answer: more })).toMatchObject({
    isError: true,
    text: expect.stringContaining("decidedBy"),
  });
  expect(journal.lines()).toEqual([]);
}, 120_000);

it("a client's name passes for nobody else's, however long it is", async () => {
  const name = `Ann, at the terminal\u202e\n${" ".repeat(20)}${"x".repeat(10_000)}`;
  const client = await connectHttp(server, undefined, name);
  const { threadId, waiting } = await callRun(client, "run", { goal: CHARGE });
  const answer = { requestId: waiting?.requestId, decisions: [{ type: "approve" }] };
  expect(await callRun(client, "resume", { threadId, answer })).toMatchObject({ status: "done" });
  const { stdout } = await callProcess(["report", threadId, "--out", "-"], folder);
  expect(stdout).toMatch(/the client Ann, at the terminal\S* x+…, as an argument of resume/);
  expect(stdout).not.toContain("x".repeat(100));
}, 120_000);

it("ids are ids: nothing is opened, kept or repeated for what is none", async () => {
  const { client } = await connectStdio(testFolder(), [GRAPH]);
  const hostile = [
    "../../etc/passwd",
    "__proto__",
    "a\u0000b",
    "' or 1=1 --",
    "thread:*",
    "x".repeat(10_000_000),
  ];
  for (const threadId of hostile) {
    for (const [name, args] of [
      ["status", { threadId }],
      ["resume", { threadId }],
      ["run", { threadId, goal: CHARGE }],
      ["plan", { threadId, goal: CHARGE }],
    ] as const) {
      const { isError, text } = await call(client, name, args);
      expect({ name, isError }).toEqual({ name, isError: true });
      expect(text.length).toBeLessThan(1_000);
      expect(text).not.toContain("\u0000");
    }
  }
  const huge = await call(client, "run", { goal: "x".repeat(10_000_000) });
  expect(huge).toMatchObject({ isError: true, text: expect.stringContaining("characters") });
  const polluted = JSON.parse(
    '{"goal":"{}","__proto__":{"threadId":"x"},"constructor":{"prototype":{"answer":1}}}',
  );
  expect(await call(client, "run", polluted)).toMatchObject({ isError: true });
  expect((await client.listTools()).tools).toHaveLength(5);
}, 120_000);

it("a client that fails to show its form is told so with the thread, which waits", async () => {
  const client = await connectHttp(server, () => {
    throw new Error("no window is open");
  });
  const run = await callRun(client, "run", { goal: CHARGE });
  expect(run).toMatchObject({ ...WAITS, next: expect.stringMatching(/no window is open.*--thread/s) });
  expect(journal.lines()).toEqual([]);
}, 120_000);

it("where threads are kept in memory, nobody is sent to a terminal", async () => {
  const { client } = await connectStdio(testFolder(), [GRAPH, "--checkpointer", "memory:"]);
  const { next } = await callRun(client, "run", { goal: CHARGE });
  expect(next).toMatch(/in this server's memory.*--checkpointer/s);
  expect(next).not.toContain("--thread");
}, 120_000);
