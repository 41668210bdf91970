import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { requestSchema } from "../support/approval.js";
import { bundleProgram } from "../support/program-file.js";
import type { Assignment } from "./approval/answering-process.js";
import { type Charge, chargeSchema } from "./approval/seven-calls.js";

const folder = mkdtempSync(join(tmpdir(), "plan-execute-approvals-"));
afterAll(() => rmSync(folder, { recursive: true }));

const program = bundleProgram(new URL("./approval/answering-process.ts", import.meta.url));
const journal = join(folder, "journal");
const url = `sqlite:${join(folder, "threads.db")}`;
const HOUR_MS = 3_600_000;

const toldSchema = z.object({
  request: requestSchema.optional(),
  state: z.object({
    status: z.string(),
    pastSteps: z.array(z.looseObject({ id: z.string(), status: z.string(), output: z.unknown() })),
    decisions: z.array(z.looseObject({ type: z.string(), at: z.string(), by: z.string().optional() })),
  }),
  calls: z.array(z.string()),
});

/** Lets a new process do it, and waits for its death. */
function inNewProcess(assignment: Pick<Assignment, "resume" | "laterMs">) {
  const told = JSON.stringify({ url, journal, ...assignment });
  return new Promise<z.infer<typeof toldSchema>>((resolve, reject) => {
    execFile(process.execPath, [program, told], (error, stdout, stderr) => {
      if (error?.signal === "SIGKILL" && stderr === "") {
        resolve(toldSchema.parse(JSON.parse(stdout)));
      } else {
        reject(new Error(`The process ended with ${error?.code ?? error?.signal}: ${stderr}`));
      }
    });
  });
}

/** The journal without the turn's id, which no test can know. */
function charges(): Charge[] {
  const lines = readFileSync(journal, { encoding: "utf8", flag: "a+" }).split("\n").filter(Boolean);
  return lines.map((line) => {
    const { key, ...call } = chargeSchema.parse(JSON.parse(line));
    return { ...call, key: key.split(":").slice(1, 2).join() };
  });
}

const approve = { type: "approve" };
const edit = (who: string, amount: number) => ({
  type: "edit",
  editedAction: { name: "charge", args: { who, amount } },
});
const inOrder = (list: readonly Charge[]) => [...list].sort((one, other) => (one.who < other.who ? -1 : 1));

/** A request without the reason why an answer was not taken, and the descriptions before which it stands. */
function asShown(request: z.infer<typeof toldSchema>["request"]): unknown {
  const { error: _, ...others } = request ?? {};
  return JSON.parse(JSON.stringify(others, (key, value) => (key === "description" ? undefined : value)));
}

test("seven calls of one tool that wait at once are decided one by one, over processes that die, and late", async () => {
  const asked = await inNewProcess({ laterMs: 0 });
  const first = asked.request;
  expect(first?.actionRequests.map(({ stepId, args }) => [stepId, args])).toEqual([
    ["one", { who: "d1", amount: 1 }],
    ["two", { who: "d2", amount: 1 }],
    ["each[0]", { who: "e0", amount: 1 }],
    ["each[1]", { who: "e1", amount: 1 }],
    ["each[2]", { who: "e2", amount: 1 }],
    ["first", { who: "a1", amount: 1 }],
    ["second", { who: "a2", amount: 1 }],
  ]);
  expect(asked.calls).toEqual(["planner", "agent", "agent"]);
  expect(charges()).toEqual([]);

  const decisions = [
    approve,
    edit("D2", 22),
    approve,
    { type: "reject", message: "not e1" },
    approve,
    approve,
    edit("A2", 2),
  ];
  const nameless = await inNewProcess({ resume: { decisions }, laterMs: HOUR_MS });
  expect(nameless.request?.error).toContain("must name the request");
  expect(nameless.request?.actionRequests[0]?.description).toContain("must name the request");
  expect(asShown(nameless.request)).toEqual(asShown(first));
  expect(nameless.calls).toEqual([]);
  expect(charges()).toEqual([]);

  const decided = await inNewProcess({
    resume: { requestId: first?.requestId, decidedBy: "dora", decisions },
    laterMs: 2 * HOUR_MS,
  });
  const released = [
    { who: "d1", amount: 1, key: "one" },
    { who: "D2", amount: 22, key: "two" },
    { who: "e0", amount: 1, key: "each[0]" },
    { who: "e2", amount: 1, key: "each[2]" },
    { who: "a1", amount: 1, key: "first" },
    { who: "A2", amount: 2, key: "second" },
  ];
  expect(inOrder(charges())).toEqual(inOrder(released));
  // One call of each agent after its answer, and none before.
  expect(decided.calls).toEqual(["agent", "agent"]);
  const second = decided.request;
  expect(second?.actionRequests).toMatchObject([{ stepId: "first", args: { who: "a1", amount: 2 } }]);

  const late = await inNewProcess({
    resume: { requestId: second?.requestId, decisions: [approve] },
    laterMs: 26 * HOUR_MS,
  });
  const third = late.request;
  expect(third?.error).toContain(`Request ${second?.requestId} expired`);
  expect(third?.requestId).not.toBe(second?.requestId);
  expect(third?.actionRequests.map(({ args }) => args)).toEqual(
    second?.actionRequests.map(({ args }) => args),
  );
  const crossed = await inNewProcess({
    resume: { requestId: second?.requestId, decisions: [approve] },
    laterMs: 27 * HOUR_MS,
  });
  expect(crossed.request).toMatchObject({
    requestId: third?.requestId,
    error: expect.stringContaining(`what waits is request ${third?.requestId}`),
  });
  expect([...late.calls, ...crossed.calls]).toEqual([]);
  expect(charges()).toHaveLength(6);

  const done = await inNewProcess({
    resume: { requestId: third?.requestId, decidedBy: "eric", decisions: [approve] },
    laterMs: 28 * HOUR_MS,
  });
  expect(done.request).toBeUndefined();
  expect(inOrder(charges())).toEqual(inOrder([...released, { who: "a1", amount: 2, key: "first" }]));
  expect(done.calls).toEqual(["agent", "replanner"]);
  expect(
    Object.fromEntries(done.state.pastSteps.map(({ id, status, output }) => [id, [status, output]])),
  ).toEqual({
    list: ["done", ["e0", "e1", "e2"]],
    one: ["done", "charged d1 1"],
    two: ["done", "charged D2 22"],
    each: ["rejected", ["charged e0 1", null, "charged e2 1"]],
    first: ["done", "done: charged a1 2"],
    second: ["done", "done: charged A2 2"],
  });
  expect(done.state.decisions.map(({ type, by }) => [type, by])).toEqual([
    ...decisions.map(({ type }) => [type, "dora"]),
    ["approve", "eric"],
  ]);
}, 120_000);
