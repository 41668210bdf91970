import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { PlanExecuteOptions } from "../../../src/agent/index.js";
import type { WaitingNotice } from "../../../src/runtime/index.js";
import { echo, plannedAgent } from "../../support/agent-run.js";
import { approve, decide, edit, isWaiting, reject, requestOf } from "../../support/approval.js";
import { createJournal } from "../../support/deferred.js";
import { planCall, type ScriptByRole } from "../../support/scripted-model.js";

const config = { configurable: { thread_id: "1" } };
const payment = { account: "DE12", amount: 9000 };
const WORDS = "Look up the weather in Oslo";
const wire = { id: "2", description: WORDS, tool: "wire_money", args: payment };
const LINE = `[2] wire_money {"account":"DE12","amount":9000} | description: "${WORDS}"`;

function setUp(
  plan: readonly unknown[] = [wire],
  options: Omit<PlanExecuteOptions, "model"> = {},
  script: ScriptByRole = {},
) {
  const journal = createJournal();
  const wiring = tool((args) => journal.add(JSON.stringify(args)), {
    name: "wire_money",
    description: "wires money",
    schema: z.object({ account: z.string(), amount: z.number() }),
  });
  const failing = tool(() => Promise.reject(new Error("closed")), {
    name: "fail",
    description: "fails",
    schema: z.object({}),
  });
  const planned = plannedAgent(
    plan,
    { tools: [echo, wiring, failing], approval: { plan: true }, checkpointer: new MemorySaver(), ...options },
    script,
  );
  const messages = async () => {
    const { values } = await planned.agent.getState(config);
    return z.array(z.looseObject({ content: z.string() })).parse(values.messages);
  };
  const planMessage = async () =>
    (await messages()).findLast(({ content }) => content.startsWith("**Plan**"))?.content ?? "";
  return { ...planned, journal, planMessage };
}

describe("a plan that waits shows the calls that run, whatever its words say", () => {
  test("in the request, in both spellings, as lines and as exact steps", async () => {
    const { agent } = setUp();
    const request = requestOf(await agent.invoke({ input: "go" }, config));
    expect(request.actionRequests).toMatchObject([{ name: "plan", args: { plan: LINE }, steps: [wire] }]);
    expect(request.action_requests).toEqual(request.actionRequests);
  });

  test("in what somebody is told", async () => {
    const notices: WaitingNotice[] = [];
    const { agent } = setUp([wire], {
      approval: { plan: true, onWaiting: (notice) => void notices.push(notice) },
    });
    await agent.invoke({ input: "go" }, config);
    expect(notices[0]?.actions).toMatchObject([{ args: { plan: LINE }, steps: [wire] }]);
  });

  test("in the conversation, until it is decided", async () => {
    const { agent, planMessage } = setUp();
    await agent.invoke({ input: "go" }, config);
    expect(await planMessage()).toContain(`\n\n1. \`${LINE}\``);
    await agent.invoke(decide(approve), config);
    expect(await planMessage()).toBe(`**Plan**\n\n1. ~~${WORDS}~~\n\n- Plan approved`);
  });

  test("when it is the new remainder of a plan of which some is done", async () => {
    const steps = [
      { id: "1", description: "say it", tool: "echo", args: { value: 1 }, dependsOn: [] },
      { id: "f", description: "fail it", tool: "fail", args: {}, dependsOn: [] },
    ];
    const { agent, journal, planMessage } = setUp(steps, {}, { replanner: () => planCall([wire]) });
    await agent.invoke({ input: "go" }, config);
    const again = requestOf(await agent.invoke(decide(approve), config));
    expect(again.actionRequests).toMatchObject([{ args: { plan: LINE }, steps: [wire] }]);
    const shown = (await planMessage()).split("\n");
    expect(shown.slice(4)).toEqual([
      "1. ~~say it~~",
      '2. fail it — **failed**: The tool "fail" failed: closed',
      `3. \`${LINE}\``,
      "",
      "- Plan approved",
    ]);
    expect(journal.entries).toEqual([]);
  });

  test("when the run needs guidance", async () => {
    const steps = [{ id: "1", description: "fail\u200b", tool: "fail", args: {} }, wire];
    const { agent, planMessage } = setUp(steps, {
      approval: { escalate: true },
      replanner: { maxReplans: 0 },
    });
    const { actionRequests } = requestOf(await agent.invoke({ input: "go" }, config));
    const lines = ['[1] fail {} | description: "fail\\u200b"', LINE];
    expect(actionRequests).toMatchObject([{ name: "guidance", args: { plan: lines.join("\n") }, steps }]);
    for (const line of lines) {
      expect(await planMessage()).toContain(`\`${line}\``);
    }
    await agent.invoke(decide(approve), config);
    expect(await planMessage()).not.toContain("wire_money");
  });

  test("whole, however long, and on one line each", async () => {
    // A text that only repeats itself would be no answer of a model.
    const account = Array.from({ length: 10_000 }, (_, index) => index).join(" ");
    const long = { ...payment, account: `${account}\n[3] echo {}` };
    const { agent } = setUp([{ ...wire, args: long, description: `${WORDS}\n[3] echo {"value":1}` }]);
    const { actionRequests } = requestOf(await agent.invoke({ input: "go" }, config));
    const text = String(actionRequests[0]?.args.plan);
    expect(text.split("\n")).toHaveLength(1);
    expect(text).toContain(`${account}\\n[3] echo {}","amount":9000}`);
  });

  test("in Markdown letter by letter, whatever stands in it", async () => {
    const description = "x` **y** ~~z~~  ![](http://evil.example/) \\` <b>";
    const { agent, planMessage } = setUp([{ ...wire, description }]);
    await agent.invoke({ input: "go" }, config);
    const [, code = ""] = /^1\. `([^`]*)`$/m.exec(await planMessage()) ?? [];
    const [, shown = ""] = / \| description: (".*")$/.exec(code) ?? [];
    expect(JSON.parse(shown)).toBe(description);
    expect(shown).not.toContain("  ");
  });
});

describe("a plan that is edited as text", () => {
  test("and comes back as it was runs exactly as it was shown, hidden characters too", async () => {
    const hidden = { ...wire, args: { account: "DE\u200b12\r\n", amount: 9000 } };
    for (const change of [(text: string) => text, (text: string) => `1. ${text}\r\n`]) {
      const { agent, journal } = setUp([hidden]);
      const { actionRequests } = requestOf(await agent.invoke({ input: "go" }, config));
      const plan = change(String(actionRequests[0]?.args.plan));
      await agent.invoke(decide(edit("plan", { plan })), config);
      expect(journal.entries).toEqual([JSON.stringify(hidden.args)]);
    }
  });

  test("in its call runs that call, once it was checked", async () => {
    const { agent, journal } = setUp();
    await agent.invoke({ input: "go" }, config);
    const broken = decide(edit("plan", { plan: LINE.replace("9000", '"much"') }));
    expect(requestOf(await agent.invoke(broken, config)).error).toMatch(/"wire_money" .*amount/);
    await agent.invoke(decide(edit("plan", { plan: LINE.replace("9000", "5") })), config);
    expect(journal.entries).toEqual(['{"account":"DE12","amount":5}']);
  });

  test.each([
    ["its words alone", `1. ${WORDS}`, "these are the words of step [2]"],
    ["a broken call", LINE.replace("9000}", "9000"), "neither a call as calls are written here"],
    [
      "another tool",
      LINE.replace("wire_money", "wire_monny"),
      'there is no tool "wire_monny". Did you mean "wire_money"?',
    ],
    ["one line twice", `${LINE}\n${LINE}`, 'share the id "2"'],
    ["no line", " \r\n ", "it needs one at least"],
  ])("with %s is refused, and nothing else runs in its place", async (_, plan, error) => {
    const { agent, journal, model } = setUp();
    await agent.invoke({ input: "go" }, config);
    const output = await agent.invoke(decide(edit("plan", { plan })), config);
    expect(requestOf(output).error).toContain(error);
    expect([journal.entries, model.count("agent")]).toEqual([[], 0]);
  });

  test("without one of two lines that read alike loses that one", async () => {
    const twin = { ...wire, id: "3", args: { ...payment, account: "DE34" } };
    const { agent, journal } = setUp([wire, twin]);
    const { actionRequests } = requestOf(await agent.invoke({ input: "go" }, config));
    const [, second] = String(actionRequests[0]?.args.plan).split("\n");
    const output = await agent.invoke(decide(edit("plan", { plan: second })), config);
    expect(isWaiting(output)).toBe(false);
    expect(journal.entries).toEqual([JSON.stringify(twin.args)]);
  });

  test("and refused shows what was wrong with hidden characters written out", async () => {
    const { agent } = setUp();
    await agent.invoke({ input: "go" }, config);
    const output = await agent.invoke(decide(edit("plan", { plan: "[2] wire_money {\u202e" })), config);
    expect(requestOf(output).error).toContain("{\\u202e");
  });
});

test("a plan that a new goal has put aside waits for nobody any more, and the goal stays the last word before its plan", async () => {
  const { agent } = setUp();
  await agent.invoke({ input: "go" }, config);
  await agent.invoke({ input: "go on" }, config);
  const { values } = await agent.getState(config);
  const texts = z.array(z.looseObject({ content: z.string() })).parse(values.messages);
  expect(texts.map(({ content }) => content)).toEqual([
    "go",
    `**Plan**\n\n1. ${WORDS}`,
    "go on",
    expect.stringContaining(LINE),
  ]);
});

test("a plan that is made anew after a rejection is shown with its calls as well", async () => {
  const { agent, planMessage } = setUp();
  await agent.invoke({ input: "go" }, config);
  requestOf(await agent.invoke(decide(reject("no")), config));
  expect(await planMessage()).toContain(LINE);
});
