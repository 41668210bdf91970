// Every question that a model may answer by calls of tools is asked here. Whether it is offered the tools, or a form that
// says the same, is decided for the model (see grammar/known-methods.ts). Either way the answer is a message with calls.
import type {
  BaseChatModel,
  BaseChatModelCallOptions,
  BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import { describeError } from "../base/index.js";
import type { ModelAttempt } from "./call-model.js";
import {
  type AnswerForm,
  askInForm,
  type CallMethod,
  callMethodOf,
  heldSchema,
  isLearnedFrom,
  noteCallMethod,
} from "./grammar/index.js";
import { ModelError } from "./model-error.js";
import type { ResolvedModel } from "./resolve-model.js";

/** What a model is asked. */
export interface Question {
  readonly tools: readonly BindToolsInput[];
  /** The settings that belong to the tools, such as LangChain's `tool_choice`. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly method: CallMethod | "auto";
  /** What a model fills in that is not offered the tools. */
  form(): AnswerForm;
}

/** The call options of an attempt. */
type AttemptOptions = BaseChatModelCallOptions & Pick<ModelAttempt, "maxRetries">;

/** A question, as the parts of a `ModelCall`. */
export interface Calling {
  /** Throws a `ModelError` if the model cannot be asked in the way that was chosen for it. */
  assertAble(model: ResolvedModel, role: string): void;
  /** Whether the model fills in the form. */
  usesForm(model: ResolvedModel): boolean;
  ask(model: ResolvedModel, messages: readonly BaseMessage[], options: AttemptOptions): Promise<AIMessage>;
  /** Learns from a failed call. Returns whether it is to be made again at once, in another way. */
  learn(error: unknown, model: ResolvedModel): boolean;
}

/** Prepares a question. */
export function createCalling({ tools, settings, method, form }: Question): Calling {
  const formFor = (resolved: ResolvedModel): AnswerForm | undefined => {
    if (callMethodOf(resolved, method) === "tool") {
      return undefined;
    }
    const asked = form();
    const schema = heldSchema(resolved, asked.schema);
    return schema && { ...asked, schema };
  };
  return {
    assertAble: (resolved, role) => {
      const { model, name } = resolved;
      if (formFor(resolved) !== undefined) {
        return;
      }
      if (method === "schema") {
        throw new ModelError(
          "MODEL_FAILED",
          `The server of the ${role}'s model ${name} takes no JSON schema: set ${role}.method to "auto".`,
        );
      }
      if (tools.length > 0 && model.bindTools === undefined) {
        throw new ModelError("MODEL_FAILED", `The ${role}'s model ${name} cannot call tools.`);
      }
    },
    usesForm: (resolved) => formFor(resolved) !== undefined,
    ask: async (resolved, messages, options) => {
      const asked = formFor(resolved);
      if (asked !== undefined) {
        return askInForm(resolved, asked, messages, options);
      }
      const answer = await bind(resolved.model, tools, settings).invoke([...messages], options);
      if ((answer.tool_calls?.length ?? 0) > 0) {
        noteCallMethod(resolved, "tool");
      }
      return answer;
    },
    learn: (error, resolved) => {
      if (formFor(resolved) !== undefined) {
        return isLearnedFrom(error, resolved);
      }
      if (tools.length === 0 || !(isUnusable(error) || refusesTools(error))) {
        return false;
      }
      noteCallMethod(resolved, "schema");
      return refusesTools(error) && formFor(resolved) !== undefined;
    },
  };
}

function bind(
  model: BaseChatModel,
  tools: readonly BindToolsInput[],
  settings: Readonly<Record<string, unknown>>,
) {
  const isPlain = Object.keys(settings).length === 0;
  // Providers refuse an empty list of tools.
  if (tools.length === 0) {
    return isPlain ? model : model.withConfig(settings);
  }
  return (isPlain ? model.bindTools?.([...tools]) : model.bindTools?.([...tools], settings)) ?? model;
}

/** Whether an answer came that is neither a call nor words, although tools were offered. */
function isUnusable(error: unknown): boolean {
  return error instanceof ModelError && (error.code === "MODEL_UNREADABLE" || error.code === "MODEL_EMPTY");
}

/** Whether a server says that its model cannot call tools. */
function refusesTools(error: unknown): boolean {
  return Reflect.get(Object(error), "status") === 400 && /\btools?\b/i.test(describeError(error));
}
