import type { AIMessage } from "@langchain/core/messages";
import { ToolMessage } from "@langchain/core/messages/tool";
import { modelBehind } from "../../../langgraph/index.js";
import {
  type AnswerForm,
  type AskedForm,
  brokenCallIn,
  ForeignCalls,
  LimitError,
  type LimitedCalls,
  LimitedModel,
  ModelError,
  ModelLine,
  type ResolvedModel,
} from "../../../models/index.js";
import { isUnclosedJson } from "../../../plan/index.js";
import { BLOCKED_TOOL, toBoundTool } from "../../../prompts/index.js";
import type { ToolRegistry } from "../../../tools/index.js";
import { assertAnswer, MAX_AGENT_CALLS, StorageError } from "../../run/index.js";
import { assertWholeArgs } from "../arguments/index.js";
import { modelsOf, type Part, type PartEnvironment } from "../part.js";
import { toPartForm } from "../step-prompt.js";
import { type AgentLoop, assertNotOver, assertStored } from "./agent-progress.js";
import { staleRounds } from "./agent-repeats.js";

/** The models of one agent step. */
export interface AgentModels {
  /** The role's own model, as LangChain gets it. */
  readonly model: LimitedModel;
  /** Counts the calls of models that middleware brings along; undefined if there is no middleware. */
  readonly foreign: ForeignCalls | undefined;
  /** Holds another model to the same limits, when a middleware asks it in place of the role's. */
  limit(model: unknown): Promise<LimitedModel>;
}

/** Creates the models of an agent step. All their calls are counted and held to the run's limits. */
export async function createAgentModels(
  part: Part,
  environment: PartEnvironment,
  loop: AgentLoop,
  hasMiddleware: boolean,
): Promise<AgentModels> {
  const { context, signal, meter } = environment;
  const { registry, resolveModel } = context.services;
  const told = new Map(registry.describe().map((entry) => [entry.name, entry]));
  const counted = {
    role: "executor",
    stepId: part.id,
    context: { ...context.modelCalls, signal },
    meter,
    begin: async () => {
      assertNotOver(loop);
      await assertStored(environment, loop);
    },
    // A middleware may go on after any error, but not after these.
    failed: (error: unknown) => {
      if (error instanceof LimitError || error instanceof StorageError) {
        loop.fatal ??= { error };
      }
    },
  } as const;
  const foreign = hasMiddleware ? new ForeignCalls(counted) : undefined;
  const shared = {
    ...counted,
    foreign,
    toTool: (one) => toBoundTool(one, told.get("name" in one ? String(one.name) : "")),
    method: context.settings.executor.method,
    toForm: (asked) => toAgentForm(part, environment, asked),
    check: (answer) => checkAnswer(answer, registry),
  } satisfies Omit<LimitedCalls, "models">;
  const models = new ModelLine(modelsOf(part.step, context), resolveModel);
  return {
    foreign,
    model: new LimitedModel({ ...shared, models }, hasMiddleware ? await look(models) : undefined),
    limit: async (given) => {
      const model = await toChatModel(given);
      const line = new ModelLine({ model, fallbacks: [] }, resolveModel);
      return new LimitedModel({ ...shared, models: line }, await look(line));
    },
  };
}

/**
 * The form of a round. A small model that may give a result at once makes one up, so a step that has not seen anything
 * yet, or for which the plan names tools, begins with a call. After a round of repeats it must end, and with a result if
 * a tool gave something, because small models then say that they are blocked.
 */
function toAgentForm(part: Part, environment: PartEnvironment, asked: AskedForm): AnswerForm {
  const { tools, messages, mustAnswer } = asked;
  const { step, inputs } = part;
  const { registry } = environment.context.services;
  const outputs = messages.filter((message) => ToolMessage.isInstance(message));
  const isRecalled = outputs.length > 0;
  if (mustAnswer || staleRounds(messages) > 0) {
    const hasFailed = outputs.every(({ status }) => status === "error");
    const callable = (name: string) => name === BLOCKED_TOOL && hasFailed;
    return toPartForm(part, environment, { tools, callable, mayEnd: true, isRecalled });
  }
  const isNamed = step.tools !== undefined && step.tools.length > 0;
  const mayEnd = isRecalled || tools.length === 0 || (inputs.length > 0 && !isNamed);
  const reading = step.tools === undefined ? registry.names.filter((name) => registry.isReadOnly(name)) : [];
  const callable = (name: string) =>
    mayEnd || reading.length === 0 || name === BLOCKED_TOOL || reading.includes(name);
  return toPartForm(part, environment, { tools, callable, mayEnd, isRecalled });
}

/** The model that is asked first. If it is unavailable, that is reported when it is asked. */
async function look(models: ModelLine): Promise<ResolvedModel | undefined> {
  try {
    return await models.current();
  } catch (error) {
    if (error instanceof ModelError) {
      return undefined;
    }
    throw error;
  }
}

/** If a middleware names a model, LangChain makes one that loads on its first call. */
async function toChatModel(model: unknown): Promise<ResolvedModel["model"]> {
  const loaded = await modelBehind(model);
  if (isChatModel(loaded)) {
    return loaded;
  }
  throw new ModelError(
    "MODEL_FAILED",
    "A middleware asked a model that is no chat model, or has tools bound already.",
  );
}

function isChatModel(model: unknown): model is ResolvedModel["model"] {
  return typeof model === "object" && model !== null && "bindTools" in model && "_generate" in model;
}

function checkAnswer(answer: AIMessage, registry: ToolRegistry): void {
  const broken = brokenCallIn(answer);
  if (broken !== undefined) {
    throw new ModelError("MODEL_UNREADABLE", broken);
  }
  const { tool_calls: calls = [], text } = answer;
  if (calls.length === 0 && isUnclosedJson(text)) {
    throw new ModelError("MODEL_UNREADABLE", "the JSON of its answer does not close: it breaks off");
  }
  if (calls.length === 0) {
    assertAnswer(text, registry);
  }
  for (const one of calls) {
    assertWholeArgs(one);
  }
  if (calls.length <= MAX_AGENT_CALLS) {
    return;
  }
  const many = `its answer calls tools ${calls.length} times; ${MAX_AGENT_CALLS} calls are the most at once`;
  throw new ModelError("MODEL_TOO_LONG", many);
}
