// How many functions of ours a direct step passes between LangGraph's task and the tool: at most eight.
//
// Two stacks are taken, since LangChain awaits between them: one where a tool's `invoke` is called, down to the task,
// and one inside of the tool's own function. Every frame in src/ counts, closures too. A function that returns a
// promise without awaiting it, after a wait of its own, has no frame: so the names are compared, and not only counted.
import { type StructuredToolInterface, tool } from "@langchain/core/tools";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { plannedAgent } from "../../support/agent-run.js";

const { stackTraceLimit } = Error;
beforeEach(() => {
  Error.stackTraceLimit = 200;
});
afterEach(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

/** The functions of ours on the stack, from the outermost on: `name (file)`. */
function ownFrames(): string[] {
  const lines = new Error().stack?.split("\n") ?? [];
  const frames = lines.flatMap((line) => {
    const [, name = "", file] =
      /at (?:async )?(?:(\S+) (?:\[as \S+\] )?\()?.*\/src\/(\S+\.ts):/.exec(line) ?? [];
    return file === undefined || line.includes("node_modules") ? [] : `${toName(name)} (${file})`;
  });
  return frames.reverse();
}

const toName = (name: string) => (name === "" || name.includes("<anonymous>") ? "a closure" : name);

const steps = [{ id: "1", tool: "look", args: {}, dependsOn: [] }];

/** The tool, which tells whenever it is called. */
function watched(look: StructuredToolInterface, onInvoke: () => void): StructuredToolInterface {
  const invoke = (...given: unknown[]): unknown => {
    onInvoke();
    return Reflect.apply(look.invoke, look, given);
  };
  return new Proxy(look, {
    get: (target, key) => (key === "invoke" ? invoke : Reflect.get(target, key, target)),
  });
}

test("a direct step passes eight functions of ours from its task to its tool", async () => {
  let inside: string[] = [];
  let outside: string[] = [];
  const look = tool(
    () => {
      inside = ownFrames();
      return "seen";
    },
    { name: "look", description: "looks", schema: z.object({}) },
  );
  const spied = plannedAgent(steps, {
    tools: [
      watched(look, () => {
        outside = ownFrames();
      }),
    ],
  });
  await spied.agent.invoke({ input: "go" });
  const { agent } = plannedAgent(steps, { tools: [look] });
  await agent.invoke({ input: "go" });
  expect([...outside, ...inside]).toEqual([
    "a closure (runtime/execution/executor-superstep.ts)",
    "runPart (runtime/steps/run-part.ts)",
    "runCall (runtime/steps/run-call.ts)",
    "callTool (runtime/steps/call-tool.ts)",
    "runDetached (langgraph/langchain/surroundings.ts)",
    "a closure (runtime/steps/call-tool.ts)",
    "invokeTool (tools/invoke-tool.ts)",
    "Proxy.changedCall (langgraph/langchain/catch-output.ts)",
  ]);
});
