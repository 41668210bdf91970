import { AIMessage, type BaseMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { expect, test } from "vitest";
import { marksIn, readMissing } from "../../src/models/index.js";
import type { StepResult } from "../../src/plan/index.js";
import {
  chooseStepMarks,
  type PromptStyle,
  toAgentInstructions,
  toAnswerMessages,
  toBoundTool,
  toCallMessages,
  toFoundMessages,
  toFoundTools,
  toPlannerMessages,
  toRepairMessages,
  toReplannerMessages,
  toStepForm,
  toStepRepairMessages,
  toStructureMessages,
  toTaskMessage,
} from "../../src/prompts/index.js";
import { hostileText } from "../support/hostile-text.js";
import { tagsIn } from "../support/tags-in.js";

const whole = (text: string) => text;
const short = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

const toolOf = (text: string) => ({
  name: "look",
  description: text,
  readOnly: true,
  parameters: {
    type: "object",
    description: text,
    properties: {
      [text]: { type: "string", description: text, default: text },
      kind: { enum: [text, "b"], title: text },
      odd: { not: { const: text }, description: text },
    },
  },
});

const resultOf = (text: string): StepResult => ({
  id: text,
  description: text,
  tool: text,
  args: { [text]: text },
  status: "failed",
  output: { [text]: [text, { text }] },
  error: { code: "TOOL_FAILED", message: text },
  attempts: 1,
  endedAt: "",
});

const said = (text: string): BaseMessage[] => [
  new HumanMessage(text),
  new AIMessage(text),
  new SystemMessage(text),
  new HumanMessage({ content: [{ type: "text", text }] }),
];

const call = (id: string) => ({ id, name: "plan", args: {}, type: "tool_call" as const });

const planOf = (text: string) => ({ name: text, description: text, parameters: {}, examples: [text] });
const unfinishedOf = (text: string) => ({ steps: [text], left: [text], waiting: [text] });
const seenOf = (text: string) => [{ name: text, tool: text, output: [{ [text]: [text, { text }] }, text] }];

type Cut = (text: string) => string;

/** What both who plan and who plan anew are told. */
const offered = (style: PromptStyle, text: string) => ({
  style,
  tools: [toolOf(text)],
  plans: [planOf(text)],
  workers: [{ name: text, description: text }],
  unfinished: unfinishedOf(text),
  seen: seenOf(text),
});

const toPlannerPrompt = (style: PromptStyle) => (text: string) =>
  toPlannerMessages({
    ...offered(style, text),
    others: { named: [text], hidden: 1 },
    strongModel: true,
    method: "json",
    granularity: "fine",
    maxSteps: 5,
    today: "Tuesday, 2025-06-10, Europe/Berlin",
    attachments: [],
    pitfalls: true,
    instructions: text,
    conversation: said(text),
    goal: text,
    rejected: { plan: [{ id: "1", description: text }], feedback: text },
  });

const toReplannerPrompt = (style: PromptStyle) => (text: string, cut: Cut) =>
  toReplannerMessages({
    ...offered(style, text),
    method: "text",
    maxSteps: 5,
    today: "Tuesday, 2025-06-10, Europe/Berlin",
    instructions: text,
    conversation: said(text),
    goal: text,
    plan: [{ id: text, description: text, expect: text }],
    pastSteps: [resultOf(text)],
    remaining: [{ id: text, description: text, tool: text, args: { [text]: text } }],
    answer: text,
    replaced: [resultOf(text)],
    decisions: [{ step: text, decision: "edit", shown: { [text]: text }, instead: text, message: text }],
    causes: [{ kind: "remark", text }],
    firstId: 2,
    cut,
  });

const toAnswerPrompt = (style: PromptStyle) => (text: string, cut: Cut) =>
  toAnswerMessages({
    style,
    tools: [toolOf(text)],
    instructions: text,
    conversation: said(text),
    goal: text,
    plan: [{ id: text, description: text, expect: text }],
    pastSteps: [resultOf(text)],
    decisions: [{ decision: "reject", shown: text, message: text }],
    worked: text,
    cut,
  });

/** Each prompt with the same text wherever a text comes from outside. */
const prompts: Readonly<Record<string, (text: string, cut: Cut) => BaseMessage[]>> = {
  planner: toPlannerPrompt("full"),
  "planner, short": toPlannerPrompt("short"),
  replanner: toReplannerPrompt("full"),
  "replanner, short": toReplannerPrompt("short"),
  answer: toAnswerPrompt("full"),
  "answer, short": toAnswerPrompt("short"),
  "answer in a form": (text, cut) =>
    toStructureMessages({
      goal: text,
      answer: text,
      plan: [{ id: text, description: text, expect: text }],
      pastSteps: [resultOf(text)],
      decisions: [],
      cut,
    }),
  "one step again": (text) =>
    toStepRepairMessages(text, { code: "malformed", stepId: "1", message: text }, toolOf(text)),
  "form of a step": (text) => {
    const form = { tools: [toolOf(text)], callable: () => true, result: undefined, mayEnd: false };
    const { rule, reminder = "" } = toStepForm({ ...form, recalled: text });
    return [new SystemMessage(rule), new HumanMessage(reminder)];
  },
  "tools that a search found": (text) => {
    const search = { ...call("1"), name: "find_tools" };
    const found = new Map([[search, toFoundTools(text, [toolOf(text)])]]);
    return toFoundMessages(new AIMessage({ content: text, tool_calls: [search] }), found);
  },
  "agent step": (text, cut) => [
    new SystemMessage(toAgentInstructions(text)),
    toTaskMessage({ ...stepOf(text), room: roomFor(cut) }),
  ],
  "step without tools": (text, cut) => {
    const step = { ...stepOf(text), instructions: text, room: roomFor(cut) };
    return [new SystemMessage(toAgentInstructions(text, chooseStepMarks(step))), toTaskMessage(step)];
  },
  "call step": (text, cut) =>
    toCallMessages({ ...stepOf(text), room: roomFor(cut), instructions: text }, "look"),
  repair: (text) => [
    ...toRepairMessages(new AIMessage(text), [text, text]),
    ...toRepairMessages(new AIMessage({ content: text, tool_calls: [call("1")] }), [text]),
    ...toRepairMessages(
      new AIMessage({ content: text, invalid_tool_calls: [{ id: "2", name: "plan", args: text }] }),
      [text],
    ),
  ],
};

const roomFor = (cut: (text: string) => string) =>
  cut === short ? { each: 40, all: 60 } : { each: 8_000, all: 8_000 };

function stepOf(text: string) {
  const output = { [text]: [text], a: text };
  return {
    goal: text,
    step: { description: `${text} {{1.a}} {{1}} {{item}}`, expect: text, pitfalls: text },
    inputs: [{ ...resultOf(text), id: "1", output, status: "done" as const }, resultOf(text)],
    values: new Map([["1", output]]),
  };
}

test.each(Object.entries(prompts))(
  "the prompt of the %s has the tags that it has with harmless text",
  (_, toPrompt) => {
    const cut = fc.constantFrom(whole, short);
    fc.assert(
      fc.property(hostileText, cut, (text, cutText) => {
        expect(tagsIn(toPrompt(text, cutText))).toEqual(tagsIn(toPrompt("harmless", cutText)));
      }),
    );
  },
);

test("whatever an answer quotes of the texts from outside, it does not say that something is missing", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const messages = toAnswerMessages({
        tools: [],
        conversation: [new HumanMessage(text)],
        goal: text,
        plan: [],
        pastSteps: [resultOf(text)],
        decisions: [],
        cut: whole,
      });
      const quoted = `The file says:\n${text.replace(/&(?:lt|#x3c);/g, "<").normalize("NFKC")}\n${text}`;
      expect(readMissing(quoted, marksIn(messages))).toBeUndefined();
    }),
  );
});

test("a tool whose author's words hold a tag is bound with other words, and the same names and values", () => {
  const told = toolOf("</inputs>");
  const tool = { name: "look", invoke: () => "" };
  expect(toBoundTool(tool, told)).toEqual({
    name: "look",
    description: "\\u003c/inputs>",
    schema: {
      type: "object",
      description: "\\u003c/inputs>",
      properties: {
        "</inputs>": { type: "string", description: "\\u003c/inputs>", default: "</inputs>" },
        kind: { enum: ["</inputs>", "b"], title: "\\u003c/inputs>" },
        odd: { not: { const: "</inputs>" }, description: "\\u003c/inputs>" },
      },
    },
  });
  expect(toBoundTool(tool, toolOf("<div>"))).toBe(tool);
});
