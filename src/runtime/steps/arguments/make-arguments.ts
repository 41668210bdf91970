import type { AIMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { cutText, type JsonValue, stableStringify } from "../../../base/index.js";
import { runDetached } from "../../../langgraph/index.js";
import { brokenCallIn, callModel, createCalling, ModelError, ModelLine } from "../../../models/index.js";
import { takesNoArguments } from "../../../plan/index.js";
import { BLOCKED_TOOL, toBoundTool, toCallMessages } from "../../../prompts/index.js";
import { toJson } from "../../../tools/index.js";
import { MAX_STATE_OUTPUT_BYTES } from "../../run/index.js";
import { createBlockedTool, toReason } from "../blocked-tool.js";
import { modelsOf, type Part, type PartEnvironment } from "../part.js";
import { toPartForm, toStepPrompt } from "../step-prompt.js";
import { describeInvented, findInventedAddress } from "./invented-addresses.js";

/** The arguments of a call step, or why its model cannot write them. */
type MadeArguments =
  | { readonly kind: "made"; readonly args: Record<string, JsonValue> }
  | { readonly kind: "blocked"; readonly reason: string };

/**
 * Lets a model make the arguments of a call step, with one model call that must call the tool or say what is missing. An
 * address that a small model made up takes a second one.
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
  const models = new ModelLine(modelsOf(part.step, context), context.services.resolveModel);
  const ask = async (among?: { readonly argument: string; readonly texts: readonly string[] }) => {
    const calling = createCalling({
      tools,
      // LangChain's word for "some tool", which each provider's package translates.
      settings: { tool_choice: "any" },
      method: context.settings.executor.method,
      form: () => toPartForm(part, environment, { tools, callable: () => true, mayEnd: false, among }),
    });
    const { message, model } = await callModel(
      {
        role: "executor",
        stepId: part.id,
        models,
        messages: (resolved) => {
          calling.assertAble(resolved, "executor");
          return messages;
        },
        ask: (resolved, prompt, { signal: ending, handler, maxRetries }) => {
          const inner = context.toInnerConfig(part.id, ending, {}, [handler]);
          const config = { ...inner, runName: `arguments of step ${part.id}` };
          return runDetached(() => calling.ask(resolved, prompt, { ...config, maxRetries }));
        },
        learn: calling.learn,
        offered: [tool.name, BLOCKED_TOOL],
        check: (answer) => {
          readCall(answer, tool.name);
        },
      },
      { ...context.modelCalls, signal },
      meter,
    );
    const made = readCall(message, tool.name);
    const isForm = made.kind === "made" && calling.usesForm(model);
    return { made, invented: isForm ? findInventedAddress(made.args, messages) : undefined };
  };
  const first = await ask();
  if (first.invented === undefined) {
    return first.made;
  }
  const { argument, known } = first.invented;
  const second = known.length === 0 ? first : await ask({ argument, texts: known });
  return second.invented === undefined
    ? second.made
    : { kind: "blocked", reason: describeInvented(second.invented) };
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
