// Providers keep what they made of a prompt's beginning: tool definitions first, then the messages in order. These
// tests look at what is really sent.

import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { PlanExecuteOptions } from "../../src/agent/index.js";
import { echo } from "../support/agent-run.js";
import { type ModelReply, type ModelRequest, planReply } from "../support/openai-server.js";
import { openAiAgent } from "./openai-agent.js";

const broken = tool(
  ({ number }) => {
    throw new TypeError(`no ${number}`);
  },
  { name: "broken", description: "fails", schema: z.object({ number: z.number() }) },
);

const roles = ["planner", "replanner", "agent", "call", "answer"] as const;
type Role = (typeof roles)[number];

function roleOf({ tools = [], tool_choice }: ModelRequest): Role {
  const names = tools.map(({ function: { name } }) => name);
  if (names.includes("respond")) {
    return "replanner";
  }
  if (names.includes("plan")) {
    return "planner";
  }
  if (tool_choice !== undefined) {
    return "call";
  }
  return names.includes("blocked") ? "agent" : "answer";
}

/** What is sent, in the order in which a provider reads it. */
function toText({ tools = [], messages }: ModelRequest): string {
  return [tools, ...messages].map((part) => JSON.stringify(part)).join("\n");
}

/** The part that is to be the same in every call of a role: tool definitions and system message. */
function fixedPart({ tools = [], messages }: ModelRequest): string {
  return toText({ model: "", stream: false, tools, messages: messages.slice(0, 1) });
}

function commonPrefix(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) {
    length += 1;
  }
  return one.slice(0, length);
}

const lastText = ({ messages }: ModelRequest) => String(messages.at(-1)?.content);

/** A run of every role: a call step, an agent step of two rounds, two failures that are planned around, an answer. */
function answer(request: ModelRequest): ModelReply {
  const text = lastText(request);
  switch (roleOf(request)) {
    case "planner":
      return planReply([
        { echo: { value: text } },
        { tool: "echo", description: "Make it of {{1}}" },
        { description: "Think about {{2}}", expect: "a thought" },
        { broken: { number: 1 } },
        { echo: { value: "after {{4}}" } },
      ]);
    case "replanner":
      return text.includes("no 2")
        ? planReply([{ echo: { value: "all" } }])
        : planReply([{ broken: { number: 2 } }]);
    case "agent": {
      const isFirst = request.messages.every(({ role }) => role !== "tool");
      return isFirst ? { calls: [{ name: "echo", args: { value: "thought" } }] } : { text: "a thought" };
    }
    case "call":
      return { calls: [{ name: "echo", args: { value: "made" } }] };
    case "answer":
      return { text: "the answer" };
  }
}

/** The requests of several runs, which two tests look at. */
let seen: ReturnType<typeof makeRuns> | undefined;
const requestsOfRuns = () => {
  seen ??= makeRuns();
  return seen;
};

const options = {
  model: "openai:gpt-4.1",
  tools: [echo, broken],
  answer: { model: "openai:gpt-4.1-mini" },
} satisfies PlanExecuteOptions;

/** The requests of several runs by role: other goals, turns, threads, contexts and builds, and the same tools. */
async function makeRuns(): Promise<Readonly<Record<Role, readonly ModelRequest[]>>> {
  const requests: ModelRequest[] = [];
  for (const build of [1, 2]) {
    const { agent, server } = await openAiAgent(answer, { ...options, checkpointer: new MemorySaver() });
    const thread = (id: string) => ({ configurable: { thread_id: id } });
    await agent.invoke({ input: `Goal of build ${build}` }, thread("1"));
    await agent.invoke({ input: "and once more, in other words" }, thread("1"));
    await agent.invoke(
      { input: "a zebra" },
      {
        ...thread("2"),
        context: { maxSteps: 20, granularity: "fine", maxReplans: 5, concurrency: 2, maxToolRounds: 7 },
      },
    );
    requests.push(...server.requests);
  }
  const of = (role: Role) => requests.filter((request) => roleOf(request) === role);
  return {
    planner: of("planner"),
    replanner: of("replanner"),
    agent: of("agent"),
    call: of("call"),
    answer: of("answer"),
  };
}

it("the fixed part of each role's prompt is the same to the byte, and first, whatever the run", async () => {
  const requests = await requestsOfRuns();
  const counts = roles.map((role) => requests[role].length);
  expect(counts).toEqual([6, 12, 12, 6, 6]);
  for (const role of roles) {
    const [first, ...others] = requests[role];
    if (first === undefined) {
      throw new TypeError(`The ${role} was not asked.`);
    }
    const fixed = fixedPart(first);
    expect(first.messages[0]?.role).toBe("system");
    expect(fixed).not.toMatch(/zebra|Goal of build|other words/);
    for (const other of others) {
      const common = commonPrefix(toText(first), toText(other));
      expect(common.slice(0, fixed.length)).toBe(fixed);
    }
    expect(new Set(requests[role].map(toText)).size).toBeGreaterThan(role === "call" ? 2 : 3);
  }
});

it("planner and replanner are told rules and tools alike, first, before who of the two is asked", async () => {
  const { planner, replanner } = await requestsOfRuns();
  const [one, other] = [planner[0], replanner[0]].map((request) => String(request?.messages[0]?.content));
  const common = commonPrefix(one ?? "", other ?? "");
  expect(common).toContain("Prefer calls: ");
  expect(common).toContain("</tools>");
  expect(common.length).toBeGreaterThan(0.7 * (one?.length ?? 0));
});

describe("the prompts of one run grow by what is new", () => {
  it("a second replan repeats the first one's prompt up to where the steps go on that have ended since", async () => {
    const { agent, server } = await openAiAgent(answer, options);
    await agent.invoke({ input: "go" });
    const [first, second] = server.requests.filter((request) => roleOf(request) === "replanner").map(toText);
    const ended = first?.indexOf("\\n</past_steps>") ?? -1;
    expect(ended).toBeGreaterThan(0);
    const common = commonPrefix(first ?? "", second ?? "");
    expect(common.startsWith(first?.slice(0, ended) ?? "-")).toBe(true);
    expect(common).toContain("no 1");
    expect(second?.slice(common.length)).toContain("no 2");
  });

  it("a round of an agent step appends to the one before, with the same tools in the same order", async () => {
    const { agent, server } = await openAiAgent(answer, options);
    await agent.invoke({ input: "go" });
    const [first, second] = server.requests.filter((request) => roleOf(request) === "agent").map(toText);
    expect(second?.startsWith(`${first}\n`)).toBe(true);
  });

  it("a repair appends the broken plan and what is wrong with it", async () => {
    const wrong = planReply([{ nothing: { value: 1 } }]);
    const again = planReply([{ echo: {} }]);
    const right = planReply([{ echo: { value: "out" } }], "1");
    const { agent, server } = await openAiAgent([wrong, again, right], options);
    await agent.invoke({ input: "go" });
    const [first, second, third, ...others] = server.requests.map(toText);
    expect(second?.startsWith(`${first}\n`)).toBe(true);
    expect(third?.startsWith(`${second}\n`)).toBe(true);
    expect(others).toEqual([]);
  });

  it("steps for each item have the goal and their inputs in common, item and task last", async () => {
    const plan = planReply(
      [
        { echo: { value: ["a", "b"] } },
        { echo: { value: "common" } },
        { description: "Think about {{item}} and {{2}}", forEach: "{{1}}" },
        { tool: "echo", description: "Make it of {{item}} and {{2}}", forEach: "{{1}}" },
      ],
      "4",
    );
    const { agent, server } = await openAiAgent(
      (request) => (roleOf(request) === "planner" ? plan : answer(request)),
      options,
    );
    await agent.invoke({ input: "go" });
    for (const role of ["agent", "call"] as const) {
      const asked = server.requests.filter((request) => roleOf(request) === role);
      const [one, other] = asked.filter(({ messages }) => messages.length === 2).map(toText);
      const common = commonPrefix(one ?? "", other ?? "");
      expect(common).toContain("</goal_for_context>");
      expect(common).toContain('\\"output\\":\\"common\\"');
      expect(one?.slice(common.length)).toContain("<task>");
    }
  });
});
