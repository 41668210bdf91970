import type { BindToolsInput } from "@langchain/core/language_models/chat_models";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import type { AnswerForm } from "../../models/index.js";
import { pointReferences } from "../../plan/index.js";
import {
  BLOCKED_TOOL,
  type CatalogueEntry,
  type ExecutorPrompt,
  neededShape,
  type StepFormParts,
  toStepForm,
} from "../../prompts/index.js";
import { turnOf } from "../../state/index.js";
import { MAX_PROMPT_INPUTS_BYTES, MAX_PROMPT_OUTPUT_BYTES } from "../run/index.js";
import { attachmentsFor, picturesOf } from "../turn/index.js";
import { createBlockedTool } from "./blocked-tool.js";
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

/** What a model that is not offered tools may answer. */
interface FormAnswers extends Pick<StepFormParts, "callable" | "mayEnd" | "among"> {
  readonly tools: readonly BindToolsInput[];
  /** Whether the answer begins with what is known of the task. */
  readonly isRecalled?: boolean;
}

/** Makes the form that a model fills in for a part. Whatever the step is, it may say that it is blocked. */
export function toPartForm(
  { step, values }: Part,
  { context, state }: PartEnvironment,
  { tools, isRecalled = false, ...answers }: FormAnswers,
): AnswerForm {
  const told = new Map(context.services.registry.describe().map((entry) => [entry.name, entry]));
  const entries = tools.map(toEntry).map((entry) => told.get(entry.name) ?? entry);
  const isComplete = entries.some(({ name }) => name === BLOCKED_TOOL);
  return toStepForm({
    tools: isComplete ? entries : [...entries, toEntry(createBlockedTool())],
    result: step.tool === undefined ? neededShape(step, state.plan) : undefined,
    ...answers,
    recalled: isRecalled ? pointReferences(step.description, values) : undefined,
  });
}

function toEntry(tool: BindToolsInput): CatalogueEntry {
  const { name, description = "", parameters } = convertToOpenAITool(tool).function;
  return { name, description, parameters, readOnly: true };
}
