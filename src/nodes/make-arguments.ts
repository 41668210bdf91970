import { callModel, ModelError } from "../models/index.js";
import type { JsonValue } from "../plan/index.js";
import { toCallMessages } from "../prompts/index.js";
import { raceSignal } from "../signals/index.js";
import { cutText, toJson } from "../tools/index.js";
import { runDetached } from "./inner-config.js";
import type { Part, PartEnvironment } from "./part.js";
import { MAX_PROMPT_OUTPUT_BYTES, MAX_STATE_OUTPUT_BYTES } from "./settings.js";

/** Has a model make the arguments of a call step: one call, with the tool forced. */
export async function makeArguments(
  part: Part,
  environment: PartEnvironment,
): Promise<Record<string, JsonValue>> {
  const { context, goal, signal, meter } = environment;
  const { executor } = context.settings;
  const tool = context.services.registry.get(part.step.tool ?? "");
  const { model, name } = await context.services.resolveModel(executor.model, executor.reasoningEffort);
  if (tool === undefined || model.bindTools === undefined) {
    throw new ModelError("MODEL_FAILED", `The executor's model ${name} cannot call tools.`);
  }
  const bound = model.bindTools([tool], { tool_choice: tool.name });
  const messages = toCallMessages(
    {
      instructions: executor.instructions,
      goal,
      step: part.step,
      inputs: part.inputs,
      cut: (text) => cutText(text, MAX_PROMPT_OUTPUT_BYTES),
    },
    tool.name,
  );
  const config = context.toInnerConfig(signal, {});
  const message = await callModel(
    {
      role: "executor",
      stepId: part.id,
      modelName: name,
      messages,
      run: () =>
        raceSignal(
          runDetached(() => bound.invoke(messages, config)),
          signal,
        ),
    },
    { ...context.modelCalls, signal },
    meter,
  );
  const call = message.tool_calls?.find((candidate) => candidate.name === tool.name);
  if (call === undefined) {
    const said = cutText(message.text, 500);
    throw new ModelError("MODEL_FAILED", `The executor's model ${name} did not call ${tool.name}: ${said}`);
  }
  const { value } = toJson(call.args, { maxBytes: MAX_STATE_OUTPUT_BYTES });
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
