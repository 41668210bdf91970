import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { getEncoding } from "js-tiktoken";
import { expect, test } from "vitest";
import { readMissing } from "../../src/models/index.js";
import { toAnswerMessages } from "../../src/prompts/index.js";
import { readSection } from "../support/read-section.js";
import { linesOf, past } from "./past-steps.js";

type Prompt = Parameters<typeof toAnswerMessages>[0];

const encoding = getEncoding("o200k_base");
const tokensOf = (text: string) => encoding.encode(text).length;

function promptOf(fields: Partial<Prompt> = {}) {
  const messages = toAnswerMessages({
    tools: [],
    conversation: [],
    goal: "find it",
    plan: [],
    pastSteps: [past("1", { output: 42 })],
    decisions: [],
    cut: (text) => text,
    ...fields,
  });
  return { messages, system: messages[0]?.text ?? "", last: messages.at(-1)?.text ?? "" };
}

test("the rules of the closing call are 60 to 120 tokens, without tools and without the form of a plan", () => {
  const { system } = promptOf();
  expect(tokensOf(system)).toBeGreaterThanOrEqual(60);
  expect(tokensOf(system)).toBeLessThanOrEqual(120);
  expect(system).not.toMatch(/<tools>|forEach|dependsOn|"steps"/);
});

test("beside goal and outputs the whole call has less than 150 tokens", () => {
  const goal = "Which of the two rivers is longer?";
  const { messages } = promptOf({ goal, pastSteps: [] });
  expect(messages.reduce((sum, { text }) => sum + tokensOf(text), 0) - tokensOf(goal)).toBeLessThan(150);
});

test("they say how to say that the goal is not reached, in the form that is read", () => {
  expect(readMissing("<missing>what is still to be done</missing>")).toBe("what is still to be done");
  expect(promptOf().system).toContain("write only <missing>what is still to be done</missing>");
});

test("they are the same to the byte over goals, conversations and results", () => {
  const other = promptOf({
    goal: "another",
    conversation: [new HumanMessage("hi")],
    pastSteps: [],
    decisions: [{ decision: "reject", shown: {} }],
  });
  expect(other.system).toBe(promptOf().system);
});

test("they name the tools that more work could use, and nothing else of them", () => {
  const tool = { name: "search", description: "looks it up", readOnly: true, parameters: {} };
  const { system } = promptOf({ tools: [tool, { ...tool, name: "send_email" }] });
  expect(system).toContain("Tools for more work: search, send_email.");
  expect(system).not.toContain("looks it up");
});

test("instructions come behind them", () => {
  expect(promptOf({ instructions: "In French." }).system).toBe(`${promptOf().system}\n\nIn French.`);
});

test("the conversation comes before goal and results", () => {
  const conversation = [new HumanMessage("hi"), new AIMessage("hello")];
  const failed = past("2", { status: "failed", error: { code: "TOOL_FAILED", message: "no network" } });
  const { messages, last } = promptOf({
    conversation,
    plan: [{ id: "1", description: "step 1", expect: "a number" }],
    pastSteps: [past("1", { output: 42 }), failed],
  });
  expect(messages.map((message) => message.getType())).toEqual(["system", "human", "ai", "human"]);
  expect(readSection("goal", last)).toBe("find it");
  expect(linesOf("past_steps", last)).toMatchObject([
    { id: "1", output: 42, expected: "a number" },
    { id: "2", status: "failed", error: { message: "no network" } },
  ]);
});

test("what people decided is told, and that it stands; nothing where they decided nothing", () => {
  const decision = { step: "1", decision: "reject", shown: { tool: "pay" }, message: "no" } as const;
  const { last } = promptOf({ decisions: [decision] });
  expect(linesOf("decisions_of_people", last)).toEqual([decision]);
  expect(last).toContain("What people decided stands");
  expect(promptOf().last).not.toContain("decided");
});

test("long outputs are cut", () => {
  const { last } = promptOf({ pastSteps: [past("1", { output: "long" })], cut: () => "cut" });
  expect(linesOf("past_steps", last)).toMatchObject([{ output: "cut" }]);
});
