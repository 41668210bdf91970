import { describe, expect, it } from "vitest";
import { z } from "zod";
import { requestSchema } from "../../support/approval.js";
import { client } from "./server.js";

const GRAPH = "plan_execute";
const GOAL = "Calculate 17*23 and 19*29, then add the two results";
const context = { approveTools: ["calculator"], approvalExpiresAfter: "1h", requireRequestId: true };
const approve = { type: "approve" };

const stateSchema = z.looseObject({
  status: z.string(),
  response: z.string(),
  pastSteps: z.array(
    z.looseObject({ args: z.record(z.string(), z.unknown()).optional(), output: z.unknown().optional() }),
  ),
  decisions: z.array(z.looseObject({ type: z.string(), by: z.string().optional(), at: z.string() })),
});

/** A thread that waits for the two calculations. */
async function begin(given: object = context) {
  const { thread_id: threadId } = await client.threads.create();
  await client.runs.wait(threadId, GRAPH, { input: { input: GOAL }, context: given });
  const request = async () => {
    const { interrupts } = await client.threads.get(threadId);
    const [waiting] = Object.values(interrupts).flat();
    return waiting === undefined ? undefined : requestSchema.parse(waiting.value);
  };
  return {
    threadId,
    request,
    resume: async (resume: unknown, options: object = { context: given }) => {
      await client.runs.wait(threadId, GRAPH, { command: { resume }, ...options });
      return request();
    },
    state: async () => stateSchema.parse((await client.threads.getState(threadId)).values),
  };
}

describe("approval under the development server", () => {
  it("takes the answer of the run in a fork from before an answer, and not the one that was given there", async () => {
    const given = { approveTools: ["calculator"] };
    const { threadId, resume, state } = await begin(given);
    const { checkpoint } = await client.threads.getState(threadId);
    await resume({ decisions: [approve, approve] });
    expect((await state()).decisions.map(({ type }) => type)).toEqual(["approve", "approve"]);
    const rejections = { decisions: [{ type: "reject" }, { type: "reject" }] };
    await resume(rejections, { context: given, checkpointId: checkpoint.checkpoint_id });
    expect((await state()).decisions.map(({ type }) => type)).toEqual(["reject", "reject"]);
  });

  it("shows a request in both spellings, refuses what does not fit, and takes one decision for each action", async () => {
    const { request, resume, state } = await begin();
    const first = await request();
    expect(first?.actionRequests.map(({ name, args }) => [name, args])).toEqual([
      ["calculator", { expression: "17*23" }],
      ["calculator", { expression: "19*29" }],
    ]);
    expect(first?.action_requests).toEqual(first?.actionRequests);
    expect(first?.review_configs).toMatchObject([
      { action_name: "calculator", allowed_decisions: ["approve", "edit", "reject"] },
      { action_name: "calculator" },
    ]);
    expect(Date.parse(first?.expiresAt ?? "") - Date.parse(first?.askedAt ?? "")).toBe(3_600_000);

    const edited = { type: "edit", edited_action: { name: "calculator", args: { expression: "20*30" } } };
    expect((await resume({ decisions: [approve, edited] }))?.error).toContain("must name the request");
    const short = await resume({ requestId: first?.requestId, decisions: [approve] });
    expect(short?.error).toContain("2 actions wait and 1 decisions came");
    expect(short?.requestId).toBe(first?.requestId);
    expect((await state()).pastSteps).toEqual([]);

    const named = { requestId: first?.requestId, decidedBy: "dora", decisions: [approve, edited] };
    const second = await resume(named);
    expect(second?.actionRequests).toMatchObject([{ name: "calculator" }]);
    expect((await state()).pastSteps.map(({ args, output }) => [args?.expression, output])).toEqual([
      ["17*23", 391],
      ["20*30", 600],
    ]);

    expect((await resume(named))?.error).toContain(`what waits is request ${second?.requestId}`);
    await resume({ requestId: second?.requestId, decisions: [approve] });
    const end = await state();
    expect(end).toMatchObject({ status: "done", response: expect.stringContaining("991") });
    expect(end.decisions.map(({ type, by }) => [type, by])).toEqual([
      ["approve", "dora"],
      ["edit", "dora"],
      ["approve", undefined],
    ]);

    const late = resume({ requestId: second?.requestId, decisions: [approve] });
    await expect(late).rejects.toThrow(/Nothing waits in thread/);
    expect(await state()).toEqual(end);
  });

  it("asks anew for what is answered late", async () => {
    const { request, resume, state } = await begin({ ...context, approvalExpiresAfter: "1ms" });
    const first = await request();
    const all = { requestId: first?.requestId, decisions: [approve, approve] };
    const second = await resume(all, { context });
    expect(second?.error).toContain(`Request ${first?.requestId} expired`);
    expect(second?.requestId).not.toBe(first?.requestId);
    expect((await state()).pastSteps).toEqual([]);
    await resume({ ...all, requestId: second?.requestId }, { context });
    expect((await state()).pastSteps).toHaveLength(2);
  });

  it("shows a plan as one text, and takes the text that a person made of it", async () => {
    const { request, resume, state } = await begin({ approvePlan: "once" });
    const { name, args } = (await request())?.actionRequests[0] ?? {};
    expect(name).toBe("plan");
    const [line = ""] = String(args?.plan).split("\n");
    expect(line).toMatch(/^\[1\] calculator \{"expression":"17\*23"\} /);
    await resume({ decisions: [{ type: "edit", edited_action: { name: "plan", args: { plan: line } } }] });
    expect((await state()).pastSteps.map(({ output }) => output)).toEqual([391]);
  });

  it("believes nobody who only says that they are a user of the server", async () => {
    const { request, resume, state } = await begin();
    await resume(
      { requestId: (await request())?.requestId, decidedBy: "dora", decisions: [approve, approve] },
      { context, config: { configurable: { langgraph_auth_user_id: "erin" } } },
    );
    expect((await state()).decisions.map(({ by }) => by)).toEqual(["dora", "dora"]);
  });
});
