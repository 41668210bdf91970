import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { type AIMessage, type BaseMessage, isAIMessage } from "@langchain/core/messages";
import { withHandlers, withVariety } from "../../../langgraph/index.js";
import {
  askHeld,
  heldSchema,
  type ModelAttempt,
  ModelError,
  marksIn,
  type ResolvedModel,
} from "../../../models/index.js";
import {
  FIND_DEFINITION,
  PLAN_TOOL,
  type PlanExtras,
  type PlanMethod,
  RESPOND_DEFINITION,
  toPlanForm,
  toPlanTool,
  toWireSchema,
} from "../../../prompts/index.js";
import type { NodeContext } from "../../run/index.js";
import { answerCallbacks } from "../answer-only.js";
import type { ShownTools } from "../shown-tools.js";
import { type PlanReader, PlanStream } from "./plan-stream.js";

/** What a plan is asked for with, besides the messages. */
export interface PlanQuestion {
  readonly role: "planner" | "replanner";
  readonly method: PlanMethod;
  readonly maxSteps: number;
  readonly pastIds: readonly string[];
  /** The tools that the messages tell of. */
  readonly tools: ShownTools;
  /** Whether another plan is wanted than the one that the model gave before. */
  readonly isAfresh: boolean;
  /** Whether a plan without steps is none. A small model whose plan has failed gives up too soon. */
  readonly needsStep: boolean;
  /** Read the plan while it is being written. */
  readonly readers: readonly PlanReader[];
}

/** Asks a model for its plan in one attempt. */
export async function askByMethod(
  resolved: ResolvedModel,
  question: PlanQuestion,
  messages: readonly BaseMessage[],
  context: NodeContext,
  { signal, handler, maxRetries }: ModelAttempt,
): Promise<AIMessage> {
  const { role, method, tools, readers, isAfresh } = question;
  const model = isAfresh ? withVariety(resolved.model) : resolved.model;
  const { metadata, callbacks } = context.config;
  const config = { metadata, signal, maxRetries, runName: role };
  const hidden = (handlers: readonly BaseCallbackHandler[]) => ({
    ...config,
    callbacks: withHandlers(callbacks, [handler, ...handlers]),
    tags: ["nostream"],
  });
  const stream = readers.length === 0 ? [] : [new PlanStream(readers, method === "schema")];
  switch (method) {
    case "tool": {
      const planTool = toPlanTool(extrasFor(role, context));
      const bound =
        model.bindTools?.([
          planTool,
          ...(role === "planner" ? [] : [RESPOND_DEFINITION]),
          ...(tools.others === undefined ? [] : [FIND_DEFINITION]),
        ]) ?? model;
      const marks = role === "planner" ? undefined : marksIn(messages);
      const shown = withHandlers(answerCallbacks(context, marks, handler), stream);
      return bound.invoke([...messages], { ...config, callbacks: shown });
    }
    case "schema":
      return askHeld(
        model,
        { name: PLAN_TOOL, schema: formFor(resolved, question, context) },
        messages,
        hidden(stream),
      );
    case "json": {
      const structured = model.withStructuredOutput(toReplySchema(extrasFor(role, context)), {
        name: PLAN_TOOL,
        method: "jsonSchema",
        includeRaw: true,
      });
      const { raw } = await structured.invoke([...messages], hidden([]));
      if (isAIMessage(raw)) {
        return raw;
      }
      throw new ModelError("MODEL_FAILED", `The ${role}'s model gave no message.`);
    }
    case "text":
      return model.invoke([...messages], hidden([]));
  }
}

/** The form of a plan, as the model's server takes it. */
function formFor(
  resolved: ResolvedModel,
  { role, maxSteps, pastIds, tools, needsStep }: PlanQuestion,
  { services }: NodeContext,
) {
  const plans = role === "planner" ? services.plans : [];
  const { workers } = services.registry;
  const form = toPlanForm({ tools: tools.tools, maxSteps, plans, workers, pastIds, needsStep });
  const schema = heldSchema(resolved, form);
  if (schema === undefined) {
    throw new ModelError("MODEL_FAILED", `The server of the ${role}'s model takes no JSON schema.`);
  }
  return schema;
}

function extrasFor(role: PlanQuestion["role"], { settings, services }: NodeContext): PlanExtras {
  return {
    ids: role === "replanner",
    pitfalls: settings.planner.pitfalls,
    savedPlans: role === "planner" && services.plans.length > 0,
    workers: services.registry.workers.length > 0,
    strongModel: settings.executor.strongModel !== undefined,
  };
}

function toReplySchema(extras: PlanExtras) {
  const { properties, ...schema } = toWireSchema(false, extras);
  const reply = { type: ["string", "null"], description: "The answer in words, where no plan is needed." };
  return { ...schema, properties: { ...properties, reply } };
}
