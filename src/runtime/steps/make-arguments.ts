import type { AIMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { cutText, type JsonValue, stableStringify } from "../../base/index.js";
import { runDetached } from "../../langgraph/index.js";
import { brokenCallIn, callModel, ModelError, ModelLine } from "../../models/index.js";
import { takesNoArguments } from "../../plan/index.js";
import { BLOCKED_TOOL, toBoundTool, toCallMessages } from "../../prompts/index.js";
import { toJson } from "../../tools/index.js";
import { MAX_STATE_OUTPUT_BYTES } from "../run/index.js";
import { createBlockedTool, toReason } from "./blocked-tool.js";
import { modelsOf, type Part, type PartEnvironment } from "./part.js";
import { toStepPrompt } from "./step-prompt.js";

/** The arguments of a call step, or why its model cannot write them. */
type MadeArguments =
  | { readonly kind: "made"; readonly args: Record<string, JsonValue> }
  | { readonly kind: "blocked"; readonly reason: string };

/**
 * Lets a model make the arguments of a call step, with one model call that must call the tool or say what is missing.
 * If the tool takes no arguments, no model is called.
 */
export async function makeArguments(part: Part, environment: PartEnvironment): Promise<MadeArguments> {
  const { context, signal, meter } = environment;
  const tool = context.services.registry.get(part.step.tool ?? "");
  if (tool === undefined) {
    throw new ModelError("MODEL_FAILED", `There is no tool "${part.step.tool}".`);
  }
  if (takesNoArguments(tool.schema)) {
    return { kind: "made", args: {} };
  }
  const told = context.services.registry.describe().find(({ name }) => name === tool.name);
  const tools = [toBoundTool(tool, told), createBlockedTool()];
  const messages = toCallMessages(await toStepPrompt(part, environment), tool.name);
  const { message } = await callModel(
    {
      role: "executor",
      stepId: part.id,
      models: new ModelLine(modelsOf(part.step, context), context.services.resolveModel),
      messages: ({ model, name }) => {
        if (model.bindTools !== undefined) {
          return messages;
        }
        throw new ModelError("MODEL_FAILED", `The executor's model ${name} cannot call tools.`);
      },
      ask: ({ model }, prompt, attempt) => {
        // LangChain's word for "some tool", which each provider's package translates.
        const bound = model.bindTools?.(tools, { tool_choice: "any" }) ?? model;
        const config = context.toInnerConfig(attempt.signal, {}, [attempt.handler]);
        const { maxRetries } = attempt;
        return runDetached(() => bound.invoke([...prompt], { ...config, maxRetries }));
      },
      offered: [tool.name, BLOCKED_TOOL],
      check: (answer) => {
        readCall(answer, tool.name);
      },
    },
    { ...context.modelCalls, signal },
    meter,
  );
  return readCall(message, tool.name);
}

/**
 * Reads the one call that a model made. A model that also says that something is missing has made its arguments up.
 * Throws a `ModelError` if there is no call, or if there are several different ones, because the step makes only one.
 */
function readCall(answer: AIMessage, tool: string): MadeArguments {
  const { tool_calls: calls = [] } = answer;
  const blocked = calls.find(({ name }) => name === BLOCKED_TOOL);
  if (blocked !== undefined) {
    return { kind: "blocked", reason: toReason(blocked) };
  }
  const [made, ...others] = calls.filter(({ name }) => name === tool);
  if (made === undefined) {
    const said = brokenCallIn(answer) ?? `it said: ${cutText(answer.text, 500)}`;
    throw new ModelError("MODEL_UNREADABLE", `it did not call ${tool}; ${said}`);
  }
  assertWholeArgs(made);
  const args = argsOf(made);
  if (others.some((other) => stableStringify(argsOf(other)) !== stableStringify(args))) {
    const what = `it called ${tool} ${others.length + 1} times with different arguments, and the step makes one call`;
    throw new ModelError("MODEL_UNREADABLE", what);
  }
  return { kind: "made", args };
}

/** The arguments of a model's call as plain JSON. */
export function argsOf({ args }: ToolCall): Record<string, JsonValue> {
  const { value } = toJson(args, { maxBytes: MAX_STATE_OUTPUT_BYTES });
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

/**
 * Throws a `ModelError` if a call's arguments are larger than the state keeps, because a tool must not be called with
 * only half of them.
 */
export function assertWholeArgs({ name, args }: ToolCall): void {
  if (!toJson(args, { maxBytes: MAX_STATE_OUTPUT_BYTES }).truncated) {
    return;
  }
  const what = `its call of ${name} is larger than ${MAX_STATE_OUTPUT_BYTES} bytes`;
  throw new ModelError("MODEL_TOO_LONG", what);
}
