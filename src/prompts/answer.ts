import { type BaseMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import {
  type Attachment,
  messageWith,
  messageWithoutTags,
  toMissing,
  toReached,
  toSection,
  withoutTags,
} from "../models/index.js";
import type { PromptStyle } from "./catalogue-entry.js";
import { dataRule } from "./plan-rules.js";
import { marksBeside, type ProgressPrompt, toDecisions, toFacts, toPastSteps } from "./replanner.js";
import type { AnswerRequest, Told } from "./requests.js";

/** What the closing call is told, and how. */
export interface AnswerPrompt extends Told<AnswerRequest>, Pick<ProgressPrompt, "cut"> {
  /** How many further tools there are. @default 0 */
  readonly moreTools?: number;
  /** @default "full" */
  readonly style?: PromptStyle;
  /** What was worked out from the outputs, as `2 + 3 = 5`, for a small model. @default nothing */
  readonly worked?: string;
  /** Pictures and files of the goal, where nothing but them and the conversation holds the answer. @default none */
  readonly attachments?: readonly Attachment[];
}

/** What the call that gives an answer its final form is told. */
export interface StructurePrompt extends ProgressPrompt {
  readonly goal: string;
  readonly answer: string;
}

/** Writes the messages of the call that puts an answer into the form of a schema. */
export function toStructureMessages(prompt: StructurePrompt): BaseMessage[] {
  const system = [
    "An answer was written for a goal; it stands in inputs. Hand it in with the tool, in the form that the tool asks for. Take every value from the answer or from the outputs; invent none.",
    dataRule("goal"),
  ].join("\n\n");
  const human = [
    toSection("goal", prompt.goal),
    toSection("past_steps", toPastSteps(prompt)),
    toSection("inputs", prompt.answer),
  ].join("\n\n");
  return [new SystemMessage(system), new HumanMessage(human)];
}

/** Writes the messages of the closing call: no plan rules, no tools, but a way to say that the goal is not reached. */
export function toAnswerMessages(prompt: AnswerPrompt): BaseMessage[] {
  const { goal, conversation, instructions, tools, moreTools = 0, style = "full" } = prompt;
  if (style === "short") {
    return toBriefMessages(prompt);
  }
  const more = moreTools === 0 ? "" : ` and ${moreTools} more`;
  const pastSteps = toPastSteps(prompt);
  const marks = marksBeside(prompt, [pastSteps]);
  const system = [
    "From what the steps gave, write the final answer for the person who asked: complete, exact, honest about what failed or is missing, without a word of steps and plans.",
    `If the goal is not reached, either write only ${toMissing("what is still to be done", marks)}, where more work could reach it, or end with ${toReached("no", marks)}.`,
    ...(tools.length === 0
      ? []
      : [withoutTags(`Tools for more work: ${tools.map(({ name }) => name).join(", ")}${more}.`)]),
    dataRule("goal"),
    ...(instructions === undefined ? [] : [withoutTags(instructions)]),
  ].join("\n\n");
  const human = [
    toSection("goal", goal),
    toSection("past_steps", pastSteps),
    ...toDecisions(prompt, "None of it is missing or to be corrected."),
  ].join("\n\n");
  return [new SystemMessage(system), ...conversation.map(messageWithoutTags), new HumanMessage(human)];
}

const BRIEF_ANSWER =
  "You answer a person's goal in one or two sentences, from the facts alone; where a longer text is asked for, write that. If the facts do not hold the answer, say so.";

/** A small model answers well from facts. Marks for what is missing it takes for words of the answer. */
function toBriefMessages(prompt: AnswerPrompt): BaseMessage[] {
  const { goal, conversation, instructions } = prompt;
  const worked = prompt.worked === undefined ? "" : `\n- worked out: ${prompt.worked}`;
  const facts = `${toFacts(prompt)}${worked}`;
  const system = [
    facts === "" ? "You answer a person." : BRIEF_ANSWER,
    dataRule("goal"),
    ...(instructions === undefined ? [] : [withoutTags(instructions)]),
  ].join("\n\n");
  const human = [
    withoutTags(facts === "" ? goal : `Goal: ${JSON.stringify(goal)}`),
    ...(facts === "" ? [] : [toSection("facts", facts)]),
    ...toDecisions(prompt, ""),
  ].join("\n\n");
  return [
    new SystemMessage(system),
    ...conversation.map(messageWithoutTags),
    messageWith(human, prompt.attachments ?? []),
  ];
}
