import type { ExecutorPrompt } from "../../prompts/index.js";
import { turnOf } from "../../state/index.js";
import { MAX_PROMPT_INPUTS_BYTES, MAX_PROMPT_OUTPUT_BYTES } from "../run/index.js";
import { attachmentsFor, picturesOf } from "../turn/index.js";
import { modelsOf, type Part, type PartEnvironment } from "./part.js";

/** What a model is told about a part that it carries out, or whose arguments it writes. */
export async function toStepPrompt(
  { step, inputs, values }: Part,
  { context, state }: PartEnvironment,
): Promise<ExecutorPrompt> {
  const room = { each: MAX_PROMPT_OUTPUT_BYTES, all: MAX_PROMPT_INPUTS_BYTES };
  const { instructions } = context.settings.executor;
  const pictures = await picturesOf(inputs, modelsOf(step, context), context);
  const attachments = [...attachmentsFor(step, state), ...pictures];
  return { instructions, goal: turnOf(state).goal, step, inputs, values, room, attachments };
}
