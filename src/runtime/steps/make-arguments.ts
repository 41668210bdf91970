import type { ToolCall } from "@langchain/core/messages/tool";
import { cutText, type JsonValue } from "../../base/index.js";
import { runDetached } from "../../langgraph/index.js";
import { brokenCallIn, callModel, ModelError, ModelLine } from "../../models/index.js";
import { takesNoArguments } from "../../plan/index.js";
import { toBoundTool, toCallMessages } from "../../prompts/index.js";
import { turnOf } from "../../state/index.js";
import { toJson } from "../../tools/index.js";
import { MAX_PROMPT_OUTPUT_BYTES, MAX_STATE_OUTPUT_BYTES } from "../run/index.js";
import type { Part, PartEnvironment } from "./part.js";

/**
 * Lets a model make the arguments of a call step, with one model call that forces the tool. If the tool takes no
 * arguments, no model is called.
 */
export async function makeArguments(
  part: Part,
  environment: PartEnvironment,
): Promise<Record<string, JsonValue>> {
  const { context, state, signal, meter } = environment;
  const { executor } = context.settings;
  const tool = context.services.registry.get(part.step.tool ?? "");
  if (tool === undefined) {
    throw new ModelError("MODEL_FAILED", `There is no tool "${part.step.tool}".`);
  }
  if (takesNoArguments(tool.schema)) {
    return {};
  }
  const told = context.services.registry.describe().find(({ name }) => name === tool.name);
  const messages = toCallMessages(
    {
      instructions: executor.instructions,
      goal: turnOf(state).goal,
      step: part.step,
      inputs: part.inputs,
      values: part.values,
      cut: (text) => cutText(text, MAX_PROMPT_OUTPUT_BYTES),
    },
    tool.name,
  );
  const { message } = await callModel(
    {
      role: "executor",
      stepId: part.id,
      models: new ModelLine(executor, context.services.resolveModel),
      messages: ({ model, name }) => {
        if (model.bindTools !== undefined) {
          return messages;
        }
        throw new ModelError("MODEL_FAILED", `The executor's model ${name} cannot call tools.`);
      },
      ask: ({ model }, prompt, attempt) => {
        const bound = model.bindTools?.([toBoundTool(tool, told)], { tool_choice: tool.name }) ?? model;
        const config = context.toInnerConfig(attempt.signal, {}, [attempt.handler]);
        const { maxRetries } = attempt;
        return runDetached(() => bound.invoke([...prompt], { ...config, maxRetries }));
      },
      check: (answer) => {
        const made = answer.tool_calls?.find(({ name }) => name === tool.name);
        if (made !== undefined) {
          return assertWholeArgs(made);
        }
        const said = brokenCallIn(answer) ?? `it said: ${cutText(answer.text, 500)}`;
        throw new ModelError("MODEL_UNREADABLE", `it did not call ${tool.name}; ${said}`);
      },
    },
    { ...context.modelCalls, signal },
    meter,
  );
  const call = message.tool_calls?.find(({ name }) => name === tool.name);
  return call === undefined ? {} : argsOf(call);
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
  const what = `its call of ${name} is larger than ${MAX_STATE_OUTPUT_BYTES} bytes, or nested too deeply`;
  throw new ModelError("MODEL_TOO_LONG", what);
}
