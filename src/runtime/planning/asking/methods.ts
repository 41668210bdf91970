// By which methods a model can hand in its plan, the best one first. A profile says it, or the kind of its server, or
// what the model did before in this process.
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import {
  holdsToSchemas,
  ModelError,
  prefersSchema,
  type ResolvedModel,
  takesSchemas,
} from "../../../models/index.js";
import type { PlanMethod, PromptStyle } from "../../../prompts/index.js";
import type { AgentSettings } from "../../run/index.js";

type Planner = Pick<AgentSettings["planner"], "method">;

/** How a model may hand in its plan, the best way first. Throws if the model cannot do what was chosen for it. */
export function methodsFor(
  resolved: ResolvedModel,
  { method }: Planner,
  role: string,
): readonly PlanMethod[] {
  if (method === "auto") {
    return methodsOf(resolved);
  }
  const { model } = resolved;
  const cannot = model.bindTools === undefined;
  if (cannot && method === "tool") {
    throw new ModelError("MODEL_FAILED", `The ${role}'s model cannot call tools: set method to "text".`);
  }
  if (cannot && method === "json" && model.profile?.structuredOutput !== true) {
    throw new ModelError("MODEL_FAILED", `The ${role}'s model cannot give JSON: set method to "text".`);
  }
  if (method === "schema" && !takesSchemas(resolved)) {
    throw new ModelError(
      "MODEL_FAILED",
      `The server of the ${role}'s model takes no JSON schema, or does not heed it: set planner.method to "auto".`,
    );
  }
  return [method];
}

function methodsOf(resolved: ResolvedModel): readonly PlanMethod[] {
  const { model } = resolved;
  const { structuredOutput } = model.profile ?? {};
  const tool: readonly PlanMethod[] = callsTools(model) ? ["tool"] : [];
  const schema: readonly PlanMethod[] = holdsToSchemas(model) && takesSchemas(resolved) ? ["schema"] : [];
  return [
    ...(prefersSchema(resolved) ? [...schema, ...tool] : [...tool, ...schema]),
    ...(structuredOutput === true ? ["json" as const] : []),
    "text",
  ];
}

function callsTools({ bindTools, profile }: BaseChatModel): boolean {
  // A wrapped model (`withConfig`) is a runnable without a profile.
  return bindTools !== undefined && profile?.toolCalling !== false;
}

/** How much the prompts of a model say. One that plans by a schema is told what a small model can use. */
export function styleOf(
  resolved: ResolvedModel,
  { prompt, method }: Pick<AgentSettings["planner"], "prompt" | "method">,
  asked = method === "auto" ? methodsOf(resolved)[0] : method,
): PromptStyle {
  if (prompt !== "auto") {
    return prompt;
  }
  return asked === "schema" ? "short" : "full";
}
