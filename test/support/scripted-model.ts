import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { BaseChatModel, type BindToolsInput } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";

/** A tool call as a script writes it. If it has no id, one is made. */
export interface ScriptedCall {
  readonly name: string;
  readonly args: Record<string, unknown>;
  readonly id?: string;
}

/** What a scripted model answers: text, tool calls, a whole message, or an error to throw. */
export type ScriptedAnswer = string | readonly ScriptedCall[] | AIMessage | Error;

/** Answers one call, given the messages, the names of the bound tools, and the call's number, counted from 1. */
export type Script = (
  messages: readonly BaseMessage[],
  tools: readonly string[],
  call: number,
  signal: AbortSignal | undefined,
  role: ScriptedRole,
) => ScriptedAnswer | Promise<ScriptedAnswer>;

/** The role that calls the model. Its tools tell which one it is. */
export type ScriptedRole = "planner" | "replanner" | "agent" | "call" | "answer";

/** One call of a scripted model. */
export interface LoggedCall {
  readonly role: ScriptedRole;
  readonly messages: readonly BaseMessage[];
  readonly tools: readonly string[];
  readonly toolChoice: unknown;
  /** The text of all messages. */
  readonly prompt: string;
}

/** The usage of each scripted call. */
export const SCRIPTED_USAGE = { input_tokens: 10, output_tokens: 5, total_tokens: 15 } as const;

interface Shared {
  readonly log: LoggedCall[];
}

/** A chat model whose answers come from a function. It streams word by word and logs its calls. */
export class ScriptedModel extends BaseChatModel {
  readonly model = "scripted";
  readonly #script: Script;
  readonly #tools: readonly string[];
  readonly #toolChoice: unknown;
  readonly #shared: Shared;

  constructor(script: Script, tools: readonly string[] = [], toolChoice?: unknown, shared?: Shared) {
    super({ maxRetries: 0 });
    this.#script = script;
    this.#tools = tools;
    this.#toolChoice = toolChoice;
    this.#shared = shared ?? { log: [] };
  }

  /** Every call so far, whatever tools were bound. */
  get calls(): readonly LoggedCall[] {
    return this.#shared.log;
  }

  /** Empties the log, because a model that is called for hours must not keep every prompt. */
  forget(): void {
    this.#shared.log.length = 0;
  }

  /** Counts the calls, of one role or of all. */
  count(role?: ScriptedRole): number {
    return this.calls.filter((call) => role === undefined || call.role === role).length;
  }

  override _llmType(): string {
    return "scripted";
  }

  override bindTools(tools: BindToolsInput[], options?: { tool_choice?: unknown }): ScriptedModel {
    return new ScriptedModel(this.#script, tools.map(nameOfTool), options?.tool_choice, this.#shared);
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const message = await this.#answer(messages, options.signal);
    return { generations: [{ text: message.text, message }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const message = await this.#answer(messages, options.signal);
    for (const chunk of toChunks(message)) {
      yield chunk;
      await runManager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
    }
  }

  async #answer(messages: readonly BaseMessage[], signal: AbortSignal | undefined): Promise<AIMessage> {
    const prompt = messages.map(({ text }) => text).join("\n");
    const role = roleOf(this.#tools, this.#toolChoice, prompt);
    this.#shared.log.push({ role, messages, tools: this.#tools, toolChoice: this.#toolChoice, prompt });
    const call = this.#shared.log.length;
    const answer = await this.#script(messages, this.#tools, call, signal, role);
    if (answer instanceof Error) {
      throw answer;
    }
    if (AIMessage.isInstance(answer)) {
      return answer;
    }
    if (typeof answer === "string") {
      return new AIMessage({ content: answer, usage_metadata: SCRIPTED_USAGE });
    }
    const calls = answer.map(
      ({ name, args, id }, index): ToolCall => ({
        name,
        args,
        id: id ?? `call_${call}_${index}`,
        type: "tool_call",
      }),
    );
    return new AIMessage({ content: "", tool_calls: calls, usage_metadata: SCRIPTED_USAGE });
  }
}

/** The answers of each role. A call by a role that is missing here fails. */
export type ScriptByRole = Partial<Readonly<Record<ScriptedRole, ScriptedAnswer | Script>>>;

/**
 * A scripted model whose answer depends on the calling role. If a role has no answer, that is an error of the test.
 * If the script has no closing answer, the replanner's is used.
 */
export function scriptedByRole(answers: ScriptByRole): ScriptedModel {
  const script = { answer: answers.replanner, ...answers };
  return new ScriptedModel((messages, tools, call, signal, role) => {
    const answer = script[role];
    if (answer === undefined) {
      throw new TypeError(`The script has no answer for the ${role}.`);
    }
    return typeof answer === "function" ? answer(messages, tools, call, signal, role) : answer;
  });
}

export function planCall(steps: readonly unknown[], answer?: string): readonly ScriptedCall[] {
  return [{ name: "plan", args: answer === undefined ? { steps } : { steps, answer } }];
}

/** A call step must call a tool; an agent may, or must not. Who hands in a plan without tools is told by the prompt. */
function roleOf(tools: readonly string[], toolChoice: unknown, prompt: string): ScriptedRole {
  if (tools.length === 0 && prompt.startsWith("A step of a plan is one of these")) {
    return prompt.includes("<past_steps>") ? "replanner" : "planner";
  }
  if (tools.includes("respond")) {
    return "replanner";
  }
  if (tools.includes("plan")) {
    return "planner";
  }
  if (toolChoice !== undefined && toolChoice !== "none") {
    return "call";
  }
  return tools.includes("blocked") ? "agent" : "answer";
}

function nameOfTool(tool: BindToolsInput): string {
  if ("name" in tool && typeof tool.name === "string") {
    return tool.name;
  }
  const named: unknown = "function" in tool ? tool.function : undefined;
  if (typeof named === "object" && named !== null && "name" in named) {
    return String(named.name);
  }
  throw new TypeError("A tool without a name was bound.");
}

function toChunks(message: AIMessage): ChatGenerationChunk[] {
  const { id, additional_kwargs, response_metadata, usage_metadata, text } = message;
  const words = text.match(/\S+\s*|\s+/g) ?? [];
  const calls = (message.tool_calls ?? []).flatMap((call, index) => {
    const args = JSON.stringify(call.args);
    const middle = Math.ceil(args.length / 2);
    return [
      { name: call.name, id: call.id, index, args: args.slice(0, middle), type: "tool_call_chunk" as const },
      { index, args: args.slice(middle), type: "tool_call_chunk" as const },
    ];
  });
  const broken = (message.invalid_tool_calls ?? []).map(({ name, id, args }, index) => ({
    name,
    id,
    index,
    args,
    type: "tool_call_chunk" as const,
  }));
  const fields = [
    ...words.map((content) => ({ content })),
    ...[...calls, ...broken].map((chunk) => ({ content: "", tool_call_chunks: [chunk] })),
    { content: "", additional_kwargs, response_metadata, usage_metadata },
  ];
  return fields.map((chunk) => {
    return new ChatGenerationChunk({ text: chunk.content, message: new AIMessageChunk({ id, ...chunk }) });
  });
}
