import { type BaseMessage, isAIMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import type { AgentMiddleware } from "langchain";
import { isCallable } from "../../../langgraph/index.js";
import { mayUse } from "../../../plan/index.js";
import { turnOf } from "../../../state/index.js";
import type { AgentTool } from "../../../tools/index.js";
import { argsOf } from "../arguments/index.js";
import { type Gate, passGate } from "../gate.js";
import type { Part, PartEnvironment } from "../part.js";

/** An agent step, as far as its tools go. */
export interface AgentTools {
  readonly part: Part;
  readonly environment: PartEnvironment;
  /** The tools that middleware adds, by name. */
  readonly brought: ReadonlyMap<string, AgentTool>;
}

/** The tools that middleware adds, by name. */
export function broughtTools(middleware: readonly AgentMiddleware[]): ReadonlyMap<string, AgentTool> {
  const tools = middleware.flatMap((one) => (one.tools ?? []).filter(isCallable));
  return new Map(tools.map((tool) => [tool.name, tool]));
}

/** Whether an agent has a tool. A step may name its tools; what middleware adds is there in any case. */
export function hasTool({ part, brought }: AgentTools, name: string): boolean {
  return mayUse(part.step, name) || brought.has(name);
}

/**
 * The agent's tools that its model is offered. Where there are many and the step names none, they are those that its
 * words need, and those that it called before it waited.
 */
export async function offeredTools(
  agent: AgentTools,
  transcript: readonly BaseMessage[],
): Promise<readonly AgentTool[]> {
  const { part, environment } = agent;
  const { context, state, signal } = environment;
  const { registry, toolChooser } = context.services;
  const own = registry.list().filter(({ name }) => hasTool(agent, name));
  if (part.step.tools !== undefined) {
    return own;
  }
  const { description, expect = "" } = part.step;
  const called = transcript.flatMap((message) => (isAIMessage(message) ? (message.tool_calls ?? []) : []));
  const chosen = await toolChooser.choose({
    texts: [`${description}\n${expect}`, turnOf(state).goal],
    among: registry,
    kept: called.map(({ name }) => name),
    signal,
    onFault: (error) => context.emit({ type: "policy.failed", policy: "toolSearch.embeddings", error }),
  });
  return chosen === undefined ? own : own.filter(({ name }) => chosen.described.includes(name));
}

/**
 * Judges a call of an agent. A tool that the step does not have is not called, even if the model knows its name. One
 * that only was not offered is.
 */
export async function passAgentGate(agent: AgentTools, call: ToolCall, callId = call.id): Promise<Gate> {
  const { part, environment } = agent;
  if (hasTool(agent, call.name)) {
    return passGate(part.id, call.name, argsOf(call), environment, callId);
  }
  const names = part.step.tools?.join(", ") || "none";
  return { gate: "refused", message: `This step has no tool "${call.name}". Its tools are: ${names}.` };
}
