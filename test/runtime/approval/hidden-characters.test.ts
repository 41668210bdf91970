import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { PlanExecuteOptions } from "../../../src/agent/index.js";
import { hasHidden } from "../../../src/base/index.js";
import type { WaitingNotice } from "../../../src/runtime/index.js";
import { plannedAgent } from "../../support/agent-run.js";
import { approve, decide, edit, requestOf } from "../../support/approval.js";

const config = { configurable: { thread_id: "1" } };
type Args = Record<string, unknown>;

/** A run that waits with one call, and what is called in the end. */
async function setUp(args: Args, approval: PlanExecuteOptions["approval"] = { tools: { send: true } }) {
  const called: unknown[] = [];
  const send = tool((given) => void called.push(given), {
    name: "send",
    description: "sends anything",
    schema: z.looseObject({}),
  });
  const { agent } = plannedAgent([{ id: "1", description: "send it", tool: "send", args }], {
    tools: [send],
    approval,
    checkpointer: new MemorySaver(),
  });
  const request = requestOf(await agent.invoke({ input: "go" }, config));
  const planMessage = async () => {
    const { values } = await agent.getState(config);
    const messages = z.array(z.looseObject({ content: z.string() })).parse(values.messages);
    return messages.find(({ content }) => content.startsWith("**Plan**"))?.content;
  };
  return { agent, called, request, planMessage, action: request.actionRequests[0] };
}

describe("an action that holds what cannot be seen", () => {
  const args = { to: "ann\u200b", "no\u00adte": ["\u{e0041}`", "\ud800"] };
  const shown =
    String.raw`\`[1] send {"to":"ann\u200b","no\u00adte":["\udb40\udc41\u0060","\ud800"]}\``.replaceAll(
      "\\`",
      "`",
    );

  test("has it written out in its description, which somebody is told too; its arguments stay exact", async () => {
    const notices: WaitingNotice[] = [];
    const { action } = await setUp(args, {
      tools: { send: { description: ({ to }) => `Send it to ${String(to)}?` } },
      onWaiting: (notice) => void notices.push(notice),
    });
    expect(action?.args).toEqual(args);
    expect(action?.description).toBe(
      `Send it to ann\\u200b?\n\nLook closely: the call holds characters that cannot be seen. Written out, it is ${shown}`,
    );
    expect(notices[0]?.actions).toMatchObject([{ args, description: action?.description }]);
  });

  test("warns in the conversation who sees the arguments alone, until it is decided", async () => {
    const { agent, planMessage, called } = await setUp(args);
    expect(await planMessage()).toBe(
      "**Plan**\n\n1. send it — **waits for you**\n\n" +
        "**Waits for you:** Send to ann\\\\u200b, no\\\\u00adte \\\\udb40\\\\udc41\\` and \\\\ud800\n\n" +
        `${shown.replace("[1] ", "")}\n\n` +
        "**Look closely:** the call holds characters that cannot be seen. Here they are written out.",
    );
    await agent.invoke(decide(approve), config);
    expect(await planMessage()).toMatch(/^\*\*Plan\*\*\n\n1\. ~~send it~~\n\n- Approved: Send to ann/);
    expect(called).toEqual([args]);
  });

  test("runs exactly as it was shown when it comes back as it was", async () => {
    const { agent, called, action } = await setUp(args);
    await agent.invoke(decide(edit("send", action?.args ?? {})), config);
    expect(called).toEqual([args]);
  });
});

test("an action in which all can be seen warns of nothing", async () => {
  const { action, planMessage } = await setUp({ to: "Zoë\n\tat home" });
  expect(action?.description).toBe("Send to “Zoë at home”");
  expect(await planMessage()).toBe(
    "**Plan**\n\n1. send it — **waits for you**\n\n**Waits for you:** Send to “Zoë at home”\n\n" +
      '`send {"to":"Zoë\\n\\tat home"}`',
  );
});

test("why a run needs guidance is shown with hidden characters written out", async () => {
  const failing = tool(() => Promise.reject(new Error("no\u202e post")), {
    name: "fail",
    description: "fails",
    schema: z.object({}),
  });
  const { agent } = plannedAgent([{ id: "1", tool: "fail", args: {} }], {
    tools: [failing],
    approval: { escalate: true },
    replanner: { maxReplans: 0 },
    checkpointer: new MemorySaver(),
  });
  const { description } = requestOf(await agent.invoke({ input: "go" }, config)).actionRequests[0] ?? {};
  expect(description).toContain("no\\u202e post");
  expect(hasHidden(String(description))).toBe(false);
});

describe("an edit that comes out of text areas", () => {
  const args = { text: "a\r\nb\u200bc", amount: 5, list: [1, "x"], to: "ann" };

  test("leaves what nobody touched exactly as it was, though it came as text", async () => {
    const { agent, called } = await setUp(args);
    const typed = { text: "a\nb\u200bc", amount: "5", list: '[1,"x"]', to: "bob" };
    await agent.invoke(decide(edit("send", typed)), config);
    expect(called).toEqual([{ ...args, to: "bob" }]);
  });

  test("takes what was written anew as it is, hidden characters of the person's own too", async () => {
    const { agent, called } = await setUp(args);
    const typed = { text: "abc", amount: "six", to: "Zoë\u00a0!" };
    await agent.invoke(decide(edit("send", typed)), config);
    expect(called).toEqual([typed]);
  });

  test.each([
    ["others than were shown", { text: "a\r\nb\u00adc" }],
    ["more than were shown", { text: "a\nb\u200b\u200bc" }],
    ["some where there were none", { to: "a\u200bnn" }],
    ["others deep inside", { list: [1, "x\u200b"] }],
  ])("is refused where it differs in hidden characters alone: %s", async (_, typed) => {
    const { agent, called } = await setUp(args);
    const { error } = requestOf(await agent.invoke(decide(edit("send", { ...args, ...typed })), config));
    expect(error).toContain("differs from what was shown only in characters that cannot be seen");
    await agent.invoke(decide(approve), config);
    expect(called).toEqual([args]);
  });

  test("may take hidden characters out", async () => {
    const { agent, called } = await setUp(args);
    await agent.invoke(decide(edit("send", { ...args, text: "a\nbc" })), config);
    expect(called).toEqual([{ ...args, text: "a\nbc" }]);
  });
});
