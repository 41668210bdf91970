import type { ExecutorPrompt } from "../../prompts/index.js";
import { turnOf } from "../../state/index.js";
import { MAX_PROMPT_INPUTS_BYTES, MAX_PROMPT_OUTPUT_BYTES } from "../run/index.js";
import { attachmentsFor } from "../turn/index.js";
import type { Part, PartEnvironment } from "./part.js";

/** What a model is told about a part that it carries out, or whose arguments it writes. */
export function toStepPrompt(
  { step, inputs, values }: Part,
  { context, state }: PartEnvironment,
): ExecutorPrompt {
  const room = { each: MAX_PROMPT_OUTPUT_BYTES, all: MAX_PROMPT_INPUTS_BYTES };
  const { instructions } = context.settings.executor;
  const attachments = attachmentsFor(step, state);
  return { instructions, goal: turnOf(state).goal, step, inputs, values, room, attachments };
}
