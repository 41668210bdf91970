// A small model works numbers out in its head, and gets them wrong without a word. So a number in its answer has to stand
// in an output or in the goal. If it does not, the model writes the formula, and the calculator works it out.
import { HumanMessage } from "@langchain/core/messages";
import { isRecord, parseJson } from "../../base/index.js";
import { withHandlers } from "../../langgraph/index.js";
import {
  askHeld,
  type BareSchema,
  callModel,
  heldSchema,
  isLearnedFrom,
  ModelError,
  ModelLine,
  takesSchemas,
} from "../../models/index.js";
import { isPassable } from "../../plan/index.js";
import { checkClaims } from "../../policy/index.js";
import { type AnswerPrompt, toAnswerMessages, toFacts } from "../../prompts/index.js";
import { BuiltinToolError, evaluateExpression } from "../../tools/index.js";
import type { UsageMeter } from "../../usage/index.js";
import type { NodeContext } from "../run/index.js";
import { isBrief } from "./look-ahead.js";
import { answerModels } from "./structured-answer.js";
import { type Closing, cutForPrompt, writeAnswer } from "./write-answer.js";

type Told = Omit<AnswerPrompt, "cut">;

/** A longer text is more than an answer, and may count its own parts. */
const MAX_CHECKED = 400;
const FORMULA: BareSchema = {
  type: "object",
  properties: { formula: { type: "string", maxLength: 100 } },
  required: ["formula"],
  additionalProperties: false,
};
const FORMULA_RULE =
  'The answer needs a number that is worked out. Write only how, as one formula of the numbers in the facts, such as {"formula":"(12 + 30) / 2"}.';
const JUDGED: BareSchema = {
  type: "object",
  properties: {
    known: { type: "string", maxLength: 300 },
    isAnswered: { type: "boolean" },
    answer: { type: "string", maxLength: 600 },
  },
  required: ["known", "isAnswered", "answer"],
  additionalProperties: false,
};
const JUDGED_RULE =
  'Some steps failed. Write {"known":…,"isAnswered":…,"answer":…}: what the facts say about the goal, whether that answers all of it, and the answer.';

/** Has the closing answer written, and its numbers checked if a small model writes it. */
export async function writeCheckedAnswer(
  told: Told,
  context: NodeContext,
  meter: UsageMeter,
): Promise<Closing> {
  const first = await writeAnswer(told, context, meter);
  if (
    first.kind !== "answer" ||
    first.text.length > MAX_CHECKED ||
    !(await isBrief(answerModels(context.settings), context))
  ) {
    return first;
  }
  if (unsupported(first.text, told).length === 0) {
    return first;
  }
  const worked = await workOut(told, context, meter);
  if (worked === undefined) {
    return { ...first, reached: false };
  }
  if (unsupported(first.text, worked).length === 0) {
    return first;
  }
  const second = await writeAnswer(worked, context, meter);
  const isRight = second.kind === "answer" && unsupported(second.text, worked).length === 0;
  return isRight || second.kind !== "answer" ? second : { ...second, reached: false };
}

/**
 * Has a goal answered from what there is, where steps have failed and no other plan comes. Returns undefined unless the
 * model says that all of the goal is answered, in numbers that stand in the facts or are worked out from them.
 */
export async function answerAllTheSame(
  told: Told,
  context: NodeContext,
  meter: UsageMeter,
): Promise<string | undefined> {
  if (!(await isBrief(answerModels(context.settings), context))) {
    return undefined;
  }
  // What failed answers nothing, and leads a small model to say that the answer is not there.
  const known = { ...told, pastSteps: told.pastSteps.filter(isPassable) };
  const { isAnswered, answer } = (await fillIn(JUDGED, JUDGED_RULE, known, context, meter)) ?? {};
  if (isAnswered !== true || typeof answer !== "string" || answer.trim() === "") {
    return undefined;
  }
  const isFound = unsupported(answer, known).length === 0;
  const worked = isFound ? known : await workOut(known, context, meter);
  return worked !== undefined && unsupported(answer, worked).length === 0 ? answer : undefined;
}

/** The numbers of a text that stand neither in the goal nor in what the steps gave. */
function unsupported(text: string, told: Told): readonly string[] {
  const sources = { goal: told.goal, facts: toFacts({ ...told, cut: (one) => one }) };
  return checkClaims(text, { ...sources, worked: told.worked ?? "" })
    .filter(({ kind, text: number }) => kind === "number" && /\d/.test(number))
    .map(({ text: number }) => number);
}

/** Works out what the goal asks for, from numbers that are known; undefined if there is no such formula. */
async function workOut(told: Told, context: NodeContext, meter: UsageMeter): Promise<Told | undefined> {
  const { formula } = (await fillIn(FORMULA, FORMULA_RULE, told, context, meter)) ?? {};
  if (typeof formula !== "string" || unsupported(formula, told).length > 0) {
    return undefined;
  }
  try {
    return { ...told, worked: `${formula} = ${evaluateExpression(formula)}` };
  } catch (error) {
    if (error instanceof BuiltinToolError) {
      return undefined;
    }
    throw error;
  }
}

/** Has a form filled in from the facts; undefined if the model's server holds to no schema. */
async function fillIn(
  form: BareSchema,
  rule: string,
  told: Told,
  { services, settings, config, modelCalls }: NodeContext,
  meter: UsageMeter,
): Promise<Record<string, unknown> | undefined> {
  const models = new ModelLine(answerModels(settings), services.resolveModel);
  if (!takesSchemas(await models.current())) {
    return undefined;
  }
  let filled: Record<string, unknown> | undefined;
  await callModel(
    {
      role: "answer",
      models,
      messages: () => [
        ...toAnswerMessages({ ...told, style: "short", cut: cutForPrompt }),
        new HumanMessage(rule),
      ],
      ask: (resolved, messages, { signal, handler, maxRetries }) => {
        const schema = heldSchema(resolved, form);
        if (schema === undefined) {
          throw new ModelError("MODEL_FAILED", "The server of the answer's model takes no JSON schema.");
        }
        const callbacks = withHandlers(config.callbacks, [handler]);
        const hidden = { callbacks, metadata: config.metadata, tags: ["nostream"], runName: "answer" };
        const options = { ...hidden, signal, maxRetries };
        return askHeld(resolved.model, { name: "answer", schema }, messages, options);
      },
      learn: isLearnedFrom,
      check: (message) => {
        const [call] = message.tool_calls ?? [];
        const value = call?.args ?? parseJson(message.text);
        filled = isRecord(value) ? value : undefined;
      },
    },
    modelCalls,
    meter,
  );
  return filled;
}
