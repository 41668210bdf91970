import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import type { JsonValue } from "../../base/index.js";
import { fillArgs } from "../../plan/index.js";
import { composeAnswer, type PastStep, toText } from "./compose-answer.js";
import { readInputs } from "./earlier-turns.js";
import { pointAtInputs } from "./input-pointers.js";
import { knownWords } from "./match-tool.js";
import { planByRule } from "./plan-by-rule.js";
import { PlanDraft } from "./plan-draft.js";
import { parametersOf, takeArguments } from "./take-arguments.js";
import { expandContractions, toTokens } from "./tokens.js";
import type { ToolCard } from "./tool-card.js";
import type { Result } from "./values.js";

/** One step of a plan that the model is to do: its words, its inputs, its tools, and what was called for it so far. */
export interface Task {
  readonly task: string;
  readonly inputs: string | undefined;
  readonly tools: readonly ToolCard[];
  /** The messages after the task: calls and their outputs. */
  readonly since: readonly BaseMessage[];
  /** What to say where a real model is needed. */
  readonly realModel: string;
}

/** What the model does next: a call of a tool, or a text. */
export type NextMove =
  | { readonly tool: string; readonly args: Record<string, JsonValue> }
  | { readonly text: string };

const COMPOSING =
  /^\s*(?:combine|compose|answer|report|summari[sz]e|present|give|state|list|collect|merge|format|tell|show|write (?:a|the) (?:answer|summary|report))\b/i;

/** Does a step by rule: the task is planned with the tools there are, and the plan is walked call by call. */
export function carryOutTask(request: Task): NextMove {
  const { text: task, fill } = pointAtInputs(request.task, request.inputs);
  const move = nextMove({ ...request, task });
  if ("tool" in move) {
    return { tool: move.tool, args: fill(move.args) };
  }
  return { text: String(fill({ text: move.text }).text) };
}

function nextMove(request: Task): NextMove {
  const tools = request.tools.filter((tool) => tool.name !== "blocked");
  const results = request.since.filter((message) => ToolMessage.isInstance(message));
  const failure = results.find((message) => message.status === "error");
  if (failure !== undefined) {
    return block(request, `A tool failed: ${failure.text}`);
  }
  const inputs = readInputs(request.inputs);
  const made = planByRule({ goal: request.task, tools, earlier: inputs });
  if (made.kind === "value") {
    return { text: made.text };
  }
  if (made.kind === "unclear") {
    return composeInputs(request, inputs) ?? block(request, `I do not understand “${made.part}”.`);
  }
  const outputs = new Map(
    results.map((message, at) => [made.plan.steps[at]?.id ?? "", outputOf(message.text)]),
  );
  const step = made.plan.steps[results.length];
  if (step === undefined) {
    return { text: finalText(made.plan.steps, outputs, made.plan.answer, request.realModel) };
  }
  const filled = fillArgs(step.args ?? {}, outputs);
  if (!filled.ok) {
    return block(request, filled.issues.join("; "));
  }
  return { tool: step.tool ?? "", args: filled.value };
}

function finalText(
  steps: readonly { id: string; description: string; tool?: string; args?: Record<string, JsonValue> }[],
  outputs: ReadonlyMap<string, JsonValue>,
  answer: string | undefined,
  realModel: string,
): string {
  const id = answer ?? (steps.length === 1 ? steps[0]?.id : undefined);
  if (id !== undefined) {
    return toText(outputs.get(id) ?? null);
  }
  const past = steps.map((step): PastStep => {
    const filled = fillArgs(step.args ?? {}, outputs);
    return {
      ...step,
      args: filled.ok ? filled.value : step.args,
      status: "done",
      output: outputs.get(step.id) ?? null,
    };
  });
  return composeAnswer(past, realModel);
}

function composeInputs({ task }: Task, inputs: readonly Result[]): NextMove | undefined {
  if (inputs.length === 0 || !COMPOSING.test(task)) {
    return undefined;
  }
  return {
    text: inputs
      .map(({ label, value }) => (inputs.length === 1 ? value.text : `- ${label}: ${value.text}`))
      .join("\n"),
  };
}

function block({ tools, realModel }: Task, reason: string): NextMove {
  const text = `${reason} ${realModel}`;
  return tools.some((tool) => tool.name === "blocked")
    ? { tool: "blocked", args: { reason: text } }
    : { text };
}

/** Makes the arguments of a tool that must be called: by its own rules, by its parameters, else the task's own words. */
export function makeArguments(
  tool: ToolCard,
  task: string,
  inputs: string | undefined,
): Record<string, JsonValue> {
  const { text, fill } = pointAtInputs(task, inputs);
  return fill(argumentsFor(tool, text, readInputs(inputs)));
}

function argumentsFor(tool: ToolCard, task: string, earlier: readonly Result[]): Record<string, JsonValue> {
  const made = planByRule({ goal: task, tools: [tool], earlier });
  const step =
    made.kind === "plan" ? made.plan.steps.findLast((candidate) => candidate.tool === tool.name) : undefined;
  if (step?.args !== undefined && fillArgs(step.args, new Map()).ok) {
    return step.args;
  }
  const draft = new PlanDraft([tool], earlier);
  const tokens = toTokens(task);
  const [args] = takeArguments(tool, tokens, expandContractions(task), draft, knownWords(tool)) ?? [];
  if (args !== undefined) {
    return args;
  }
  const last = earlier.at(-1)?.value.text;
  const text = parametersOf(tool).filter(({ type, required }) => type === "string" && required);
  const quoted = tokens.filter((token) => ["quote", "path", "url", "email"].includes(token.kind));
  return Object.fromEntries(text.map(({ name }, at) => [name, quoted[at]?.text ?? last ?? task]));
}

function outputOf(text: string): JsonValue {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return text;
    }
    throw error;
  }
}

/** The message of a move: a tool call under an id that the conversation does not have yet, or text. */
export function toMessage(move: NextMove, count: number): AIMessage {
  if ("text" in move) {
    return new AIMessage(move.text);
  }
  const call = { id: `offline_${count}`, name: move.tool, args: move.args, type: "tool_call" as const };
  return new AIMessage({ content: "", tool_calls: [call] });
}
