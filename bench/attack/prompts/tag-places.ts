// Where text from outside enters our prompts.
import { z } from "zod";
import { payStep, type Victim, type VictimOptions } from "../victim.js";

/** Where a text from outside enters, and how the run reaches the prompt that holds it. */
export interface Place {
  readonly name: string;
  options(text: string): VictimOptions;
  go?(victim: Victim, text: string): Promise<unknown>;
}

/** A step that reads a letter. */
export const letterStep = { id: "letter", description: "Read the letter", tool: "letter", args: {} };
const flakyStep = { id: "check", description: "Check", tool: "flaky", args: {} };
/** Tools, one of which returns this output. */
export const giving =
  (output: unknown): VictimOptions["moreTools"] =>
  (spied) => [
    spied.spy("letter", z.object({}), () => output, true),
    spied.spy("shout", z.object({ word: z.string() }), ({ word }) => {
      throw new Error(word);
    }),
  ];

/** Every place that there is. */
export const places: readonly Place[] = [
  {
    name: "An output that an agent step depends on",
    options: (text) => ({
      steps: [letterStep, { id: "answer", description: "Answer it", dependsOn: ["letter"] }],
      moreTools: giving(text),
      script: { agent: "Dear sir" },
    }),
  },
  {
    name: "An output that an agent step's words refer to",
    options: (text) => ({
      steps: [letterStep, { id: "answer", description: "Answer this letter: {{letter}}" }],
      moreTools: giving(text),
      script: { agent: "Dear sir" },
    }),
  },
  {
    name: "An output that a call step's words refer to",
    options: (text) => ({
      steps: [letterStep, { id: "answer", description: "Pay what it says: {{letter}}", tool: "pay" }],
      moreTools: giving(text),
      script: { call: [{ name: "pay", args: { amount: 1 } }] },
    }),
  },
  {
    name: "The items that an agent step is done for",
    options: (text) => ({
      steps: [letterStep, { id: "each", description: "Answer {{item}}", forEach: "{{letter}}" }],
      moreTools: giving([text, text]),
      script: { agent: "Dear sir" },
    }),
  },
  {
    name: "What a step must give",
    options: (text) => ({
      steps: [
        letterStep,
        {
          id: "answer",
          description: "Answer it",
          expect: "{{letter}}",
          pitfalls: "{{letter}}",
          dependsOn: ["letter"],
        },
      ],
      moreTools: giving(text),
      script: { agent: "Dear sir" },
    }),
  },
  {
    name: "The key of an object that a step gave",
    options: (text) => ({
      steps: [letterStep, { id: "answer", description: "Answer: {{letter}}" }],
      moreTools: giving({ [text]: { [text]: text } }),
      script: { agent: "Dear sir" },
    }),
  },
  {
    name: "The outputs that the closing answer is made of",
    options: (text) => ({ steps: [letterStep], moreTools: giving(text) }),
  },
  {
    name: "The error of a tool, for the replanner",
    options: (text) => ({
      steps: [{ ...flakyStep, tool: "shout", args: { word: text } }],
      moreTools: giving(""),
    }),
  },
  {
    name: "The goal",
    options: () => ({ steps: [{ id: "1", description: "Answer it" }], script: { agent: "Dear sir" } }),
    go: (victim, text) => victim.run({ input: `Answer this: ${text}` }),
  },
  {
    name: "The words of a rejection",
    options: () => ({ approval: { plan: true } }),
    async go(victim, text) {
      await victim.beginToWait();
      await victim.decide([{ type: "reject", message: text }]);
    },
  },
  {
    name: "The words of a rejected call",
    options: () => ({ approval: { tools: { pay: true } } }),
    async go(victim, text) {
      await victim.beginToWait();
      await victim.decide([{ type: "reject", message: text }]);
    },
  },
  {
    name: "What is said to a run between its steps",
    options: () => ({ approval: { tools: { pay: true } } }),
    async go(victim, text) {
      await victim.beginToWait();
      await victim.write({ steering: [{ type: "message", text }] });
      await victim.goOn();
    },
  },
  {
    name: "A description in a plan",
    options: (text) => ({ steps: [{ id: "1", description: text }], script: { agent: "Dear sir" } }),
  },
  {
    name: "A rejected plan's description",
    options: (text) => ({ steps: [{ id: "1", description: text }], approval: { plan: true } }),
    async go(victim) {
      await victim.beginToWait();
      await victim.decide([{ type: "reject", message: "no" }]);
    },
  },
  {
    name: "An earlier turn's answer",
    options: (text) => ({
      steps: [{ id: "1", description: "Answer it" }],
      script: { agent: "Dear sir", replanner: text },
    }),
    async go(victim) {
      await victim.begin();
      await victim.begin();
    },
  },
  {
    name: "The edited arguments of a call",
    options: () => ({
      approval: { tools: { pay: true } },
      steps: [payStep, { ...flakyStep, dependsOn: ["pay"] }],
    }),
    async go(victim, text) {
      await victim.beginToWait();
      await victim.decide([{ type: "edit", editedAction: { name: "pay", args: { amount: 1, memo: text } } }]);
    },
  },
  {
    name: "The reason of an agent that is blocked",
    options: (text) => ({
      steps: [{ id: "1", description: "Answer it" }],
      script: { agent: [{ name: "blocked", args: { reason: text } }] },
    }),
  },
  {
    name: "The description of a tool, and of its arguments",
    options: (text) => ({
      moreTools: (spied) => {
        const mail = spied.spy("mail", z.object({ to: z.string().describe(text) }), () => "sent");
        return [Object.assign(mail, { description: text })];
      },
    }),
  },
];
