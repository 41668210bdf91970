// Every tool call of an agent step comes through here, whoever makes it: the model, a middleware that changes or
// repeats the model's call, or a middleware that invokes a tool it was shown.
//
//   (1) A call is judged as it reaches the tool. A decision holds for exactly the call that was shown, and only once.
//   (2) If a call waits after a middleware changed it, the loop stops. Nobody is asked about a half-made call.
//   (3) If an approved call is made again, it gets the first answer.
//   (4) A call that gives nothing new is answered by what it gave before (see agent-repeats.ts).
import { type ToolCall, ToolMessage } from "@langchain/core/messages/tool";
import { DynamicStructuredTool } from "@langchain/core/tools";
import { isCommand } from "@langchain/langgraph";
import { cutText, describeError, isRecord, stableStringify, startDeadline } from "../../../base/index.js";
import { REJECTION_RULE } from "../../../prompts/index.js";
import type { WaitingAction } from "../../../state/index.js";
import { type AgentTool, toJson } from "../../../tools/index.js";
import { MAX_PROMPT_OUTPUT_BYTES, MAX_STATE_OUTPUT_BYTES } from "../../run/index.js";
import { argsOf } from "../arguments/index.js";
import { callTool } from "../call-tool.js";
import { findFault } from "../check-output.js";
import { type Gate, refuseAtGate } from "../gate.js";
import type { PartEnvironment } from "../part.js";
import { tellToolCall } from "../tool-events.js";
import { type AgentLoop, callIdOf, type ToolAnswer } from "./agent-progress.js";
import { isSameAnswer, toRepeatedAnswer } from "./agent-repeats.js";
import { type AgentTools, passAgentGate } from "./agent-tools.js";

/** What the calls of an agent step need. */
export interface AgentCalls extends AgentTools {
  readonly loop: AgentLoop;
  /** Whether a waiting call stops the loop. Without middleware, each call was judged earlier. */
  readonly canHold: boolean;
}

/** A call and who makes it. */
export interface AskedCall {
  readonly call: ToolCall;
  /** Calls a tool that a middleware added, the way LangChain calls it. */
  readonly bring?: (call: ToolCall) => Promise<ToolAnswer>;
  /** Whether a middleware makes the call by itself, and not for a call of the model. */
  readonly isOwn?: boolean;
}

/** Makes one call for an agent, and returns its answer as the message that the model sees. */
export async function answerCall(calls: AgentCalls, asked: AskedCall): Promise<ToolAnswer> {
  const { loop } = calls;
  const { call } = asked;
  if (loop.isOver) {
    throw new Error(`The step has ended: ${call.name} is not called any more.`);
  }
  if (loop.fatal !== undefined) {
    throw loop.fatal.error;
  }
  if (toJson(call.args, { maxBytes: MAX_STATE_OUTPUT_BYTES }).truncated) {
    return toAnswer(call, `Its arguments are larger than ${MAX_STATE_OUTPUT_BYTES} bytes.`, true);
  }
  const repeat = loop.repeats.get(callIdOf(call));
  if (repeat?.isMadeAgain === false) {
    return toRepeatedAnswer(call, repeat);
  }
  const key = stableStringify([callIdOf(call), call.name, argsOf(call)]);
  const before = loop.made.get(key);
  if (before !== undefined) {
    return before;
  }
  let isLetPass = false;
  const answering = judgeAndMake(calls, asked, () => {
    isLetPass = true;
  });
  loop.made.set(key, answering);
  try {
    const answer = await answering;
    const isSame = repeat !== undefined && ToolMessage.isInstance(answer) && isSameAnswer(answer, repeat);
    return isSame ? toRepeatedAnswer(call, repeat) : answer;
  } finally {
    if (!isLetPass) {
      loop.made.delete(key);
    }
  }
}

async function judgeAndMake(calls: AgentCalls, asked: AskedCall, letPass: () => void): Promise<ToolAnswer> {
  const { environment, loop } = calls;
  const { call } = asked;
  const callId = callIdOf(call);
  const passed = takeSettled(call, loop) ?? (await passAgentGate(calls, call, callId));
  const gate = await refuseAtGate(passed, environment);
  if (gate.gate === "rejected") {
    return toAnswer(call, `A person rejected this call: ${gate.message}\n${REJECTION_RULE}`, true);
  }
  if (gate.gate === "refused") {
    return toAnswer(call, `This call was refused: ${gate.message}`, true);
  }
  if (gate.gate === "wait") {
    return hold(calls, asked, gate);
  }
  if (loop.held.has(callId)) {
    return toAnswer(call, WAITS, true);
  }
  loop.begun.add(callId);
  if (gate.approval !== undefined) {
    letPass();
  }
  return make(calls, asked, gate);
}

const WAITS = "This call waits for a person and was not made.";

/** The decision that was made about this exact call before the loop began. It can be taken once. */
function takeSettled(call: ToolCall, { settled }: AgentLoop): Gate | undefined {
  const callId = callIdOf(call);
  const found = settled.get(callId);
  const isSame =
    found?.call.name === call.name && stableStringify(argsOf(found.call)) === stableStringify(argsOf(call));
  if (!isSame) {
    return undefined;
  }
  settled.delete(callId);
  return found?.gate;
}

function hold(
  { loop, canHold }: AgentCalls,
  { call, isOwn = false }: AskedCall,
  gate: Gate & { gate: "wait" },
): ToolMessage {
  const callId = callIdOf(call);
  if (isOwn) {
    throw new Error(
      `A middleware called ${call.name} itself, and the call waits for a person: only the model's calls can wait.`,
    );
  }
  if (canHold && loop.begun.has(callId)) {
    const error = new Error(
      `A middleware made a call of ${call.name} out of one that was made before, and it waits for a person: one call of the model's cannot be both.`,
    );
    loop.fatal ??= { error };
    throw error;
  }
  if (canHold && !loop.held.has(callId)) {
    loop.held.set(callId, gate);
  }
  return toAnswer(call, WAITS, true);
}

async function make(calls: AgentCalls, asked: AskedCall, gate: Gate & { gate: "open" }): Promise<ToolAnswer> {
  const { part, environment, brought } = calls;
  const { call, bring } = asked;
  const { description } = part.step;
  const { approval, tool, args } = gate;
  if (bring !== undefined && brought.has(tool) && !environment.context.services.registry.has(tool)) {
    if (approval !== undefined) {
      environment.past.spend(approval.actionId);
    }
    const answer = await makeBrought(part.id, { ...call, name: tool, args }, bring, environment);
    const wrong = ToolMessage.isInstance(answer)
      ? await findFault(answer.text, gate, environment.context)
      : undefined;
    return wrong === undefined ? answer : toAnswer(call, wrong, true);
  }
  const permitted = { partId: part.id, description, tool, args, callId: callIdOf(call), approval };
  const outcome = await callTool(permitted, environment);
  if (!outcome.ok && outcome.question !== undefined) {
    return holdForAnswer(calls, asked, outcome.question);
  }
  if (!outcome.ok) {
    return toAnswer(call, outcome.error.message, true);
  }
  const { output } = outcome.value;
  const fault = await findFault(output, gate, environment.context);
  if (fault !== undefined) {
    return toAnswer(call, fault, true);
  }
  return toAnswer(call, typeof output === "string" ? output : JSON.stringify(output), false);
}

/** Stops the loop until a person has answered a tool's question. Then the call is made again. */
function holdForAnswer(
  { loop }: AgentCalls,
  { call, isOwn = false }: AskedCall,
  action: WaitingAction,
): ToolMessage {
  if (isOwn) {
    throw new Error(
      `A middleware called ${call.name} itself, and it asks a person: only the model's calls can wait.`,
    );
  }
  loop.held.set(callIdOf(call), { gate: "wait", action });
  return toAnswer(call, WAITS, true);
}

/** Calls a tool that a middleware added. It may answer with a command, which only LangChain can carry out. */
async function makeBrought(
  stepId: string,
  call: ToolCall,
  bring: (call: ToolCall) => Promise<ToolAnswer>,
  { context, signal }: PartEnvironment,
): Promise<ToolAnswer> {
  const idempotencyKey = callIdOf(call);
  const told = tellToolCall(
    { stepId, tool: call.name, args: argsOf(call), attempt: 1, idempotencyKey },
    context,
  );
  const { stepTimeoutMs } = context.settings.executor;
  const left = `It took longer than ${stepTimeoutMs} ms and was left behind.`;
  const deadline = startDeadline(stepTimeoutMs, left, signal);
  try {
    const answer = await deadline.race(told.surround(() => bring(call)));
    told.returned({ status: "done", ...(ToolMessage.isInstance(answer) ? { output: answer.text } : {}) });
    return answer;
  } catch (error) {
    if (signal.aborted || deadline.isOver) {
      told.leftBehind(describeError(signal.aborted ? signal.reason : error));
      signal.throwIfAborted();
      return toAnswer(call, left, true);
    }
    const message = describeError(error);
    told.returned({ status: "failed", error: { code: "TOOL_FAILED", message } });
    return toAnswer(call, message, true);
  }
}

/**
 * The tool that a middleware is shown in place of the real one. It looks the same, but its calls pass the gate like all
 * others. A tool that a middleware added is called in its original form once it has passed the gate.
 */
export function toStandIn(tool: AgentTool, calls: AgentCalls): AgentTool {
  const { name, description = "", schema } = tool;
  const invoke = (input: unknown, config?: Parameters<AgentTool["invoke"]>[1]): Promise<ToolAnswer> => {
    const asked = toAskedCall(name, input);
    const bring = calls.brought.has(name)
      ? async (call: ToolCall) =>
          toToolAnswer(call, await tool.invoke({ ...call, type: "tool_call" }, config))
      : undefined;
    return answerCall(calls, { ...asked, bring });
  };
  const standIn = new DynamicStructuredTool({
    name,
    description,
    schema,
    returnDirect: "returnDirect" in tool && tool.returnDirect === true,
    metadata: "metadata" in tool ? tool.metadata : undefined,
    func: (input: unknown) => invoke(input),
  });
  return Object.assign(standIn, { invoke, call: invoke });
}

function toAskedCall(name: string, input: unknown): AskedCall {
  const isCall = isRecord(input) && input.type === "tool_call" && isRecord(input.args);
  if (!isCall) {
    return { call: { name, args: isRecord(input) ? input : { input } }, isOwn: true };
  }
  const id = typeof input.id === "string" ? input.id : undefined;
  const args = isRecord(input.args) ? input.args : {};
  return { call: { name, args, id }, isOwn: id === undefined };
}

function toToolAnswer(call: ToolCall, output: unknown): ToolAnswer {
  if (ToolMessage.isInstance(output) || isCommand(output)) {
    return output;
  }
  return toAnswer(call, typeof output === "string" ? output : JSON.stringify(output), false);
}

/** Makes the message that answers a call. */
function toAnswer(call: ToolCall, content: string, failed: boolean): ToolMessage {
  return new ToolMessage({
    content: cutText(content, MAX_PROMPT_OUTPUT_BYTES),
    tool_call_id: callIdOf(call),
    name: call.name,
    status: failed ? "error" : "success",
  });
}
