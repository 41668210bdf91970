import { MemorySaver } from "@langchain/langgraph";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { PlanExecuteOptions } from "../../src/agent/index.js";
import { type ModelReply, type ModelRequest, planReply } from "../support/openai-server.js";
import { openAiAgent } from "./openai-agent.js";

const thread = { configurable: { thread_id: "1" } };
type Role = "planner" | "agent" | "call" | "replanner" | "answer";

/** Who asks, told by the tools of the request. */
function roleOf({ tools = [], tool_choice: choice }: ModelRequest): Role {
  const names = tools.map((tool) => tool.function.name);
  if (names.includes("respond")) {
    return "replanner";
  }
  if (names.includes("plan")) {
    return "planner";
  }
  if (choice !== undefined) {
    return "call";
  }
  return names.includes("blocked") ? "agent" : "answer";
}

const steps: Record<Role, unknown> = {
  planner: { tool: "echo", args: { value: "out" } },
  agent: { description: "think" },
  call: { tool: "echo", description: "say out" },
  replanner: { tool: "echo", args: { value: "out" } },
  answer: { tool: "echo", args: { value: "out" } },
};
/** What each role should answer; where the replanner is to be asked, the goal is not reached. */
const good = (role: Role): Record<Role, ModelReply> => ({
  planner: planReply([steps[role]]),
  agent: { text: "out" },
  call: { calls: [{ name: "echo", args: { value: "out" } }] },
  replanner: { text: "It is out." },
  answer: { text: role === "replanner" ? "<missing>more</missing>" : "It is out." },
});

/** An agent one of whose roles gets these failures, in turn, and then what it should. */
async function troubled(role: Role, failures: readonly ModelReply[], options: PlanExecuteOptions = {}) {
  const left = [...failures];
  const asked: Role[] = [];
  const served = await openAiAgent(
    (request) => {
      const asks = roleOf(request);
      asked.push(asks);
      return (asks === role ? left.shift() : undefined) ?? good(role)[asks];
    },
    {
      checkpointer: new MemorySaver(),
      modelTimeoutMs: failures.some(({ connection }) => connection === "hang") ? 400 : 60_000,
      ...options,
    },
  );
  return { ...served, asked };
}

const said: unknown[][] = [];
beforeEach(() => {
  said.length = 0;
  for (const method of ["error", "warn", "log", "info", "debug"] as const) {
    vi.spyOn(console, method).mockImplementation((...words) => void said.push(words));
  }
  vi.spyOn(process.stderr, "write").mockImplementation((words) => said.push([words]) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  expect(said).toEqual([]);
});

const cutCall: ModelReply = {
  calls: [{ name: "echo", args: { value: "out and more ".repeat(20) } }],
  connection: "cut",
};
const failures: readonly [string, ModelReply, RegExp][] = [
  ["429", { status: 429, text: "slow down" }, /slow down/],
  ["429 with Retry-After", { status: 429, text: "slow down", headers: { "retry-after": "0" } }, /slow down/],
  ["500", { status: 500, text: "oops" }, /oops/],
  ["503", { status: 503, text: "overloaded" }, /overloaded/],
  ["a connection that is reset", { connection: "reset" }, /connection|terminated|reset/i],
  ["silence until the timeout", { connection: "hang" }, /within 400 ms \(modelTimeoutMs\)/],
  ["a stream that is cut in the middle of a call", cutCall, /cut off/],
  [
    "a stream that is torn in the middle of a call",
    { ...cutCall, connection: "torn" },
    /connection|terminated|reset/i,
  ],
  ["a body that is no JSON", { body: 'data: {"choices": [nonsense\n\n' }, /cannot be read/],
  ["a body that is no stream", { body: "<html>Bad gateway</html>" }, /nothing/],
  ["an answer without choices", { isEmpty: true }, /nothing/],
  ["an answer with nothing in it", { text: "" }, /nothing/],
];

describe.each(["planner", "replanner", "answer"] as const)("the %s's model", (role) => {
  const asksBefore: Record<typeof role, readonly Role[]> = {
    planner: [],
    replanner: ["planner", "answer"],
    answer: ["planner"],
  };
  const before = asksBefore[role];

  test.each(failures)(
    "gives %s: the run ends as failed, and a null input goes on",
    async (_, failure, reason) => {
      const { agent, asked } = await troubled(role, [failure, failure, failure]);
      const failed = await agent.invoke({ input: "go" }, thread);
      expect(asked).toEqual([...before, role, role, role]);
      expect(failed.status).toBe("failed");
      expect(failed.outcome?.reason).toMatch(reason);
      expect(failed.outcome?.reason).toMatch(
        new RegExp(`^The ${role}'s model openai:gpt-4.1-\\w+ failed after 3`),
      );
      expect(failed.usage.calls).toBe(asked.length);
      expect(failed.pastSteps).toHaveLength(role === "planner" ? 0 : 1);
      const run = await agent.invoke(null, thread);
      expect(run).toMatchObject({ status: "done", response: "It is out.", pastSteps: [{ output: "out" }] });
      expect(run.usage.calls).toBe(asked.length);
      expect(asked.filter((one) => one === role)).toHaveLength(4);
    },
  );

  test.each(failures)("gives %s twice: the run is as if nothing had been", async (_, failure) => {
    const { agent, asked } = await troubled(role, [failure, failure]);
    const run = await agent.invoke({ input: "go" }, thread);
    expect(run).toMatchObject({ status: "done", response: "It is out." });
    expect(run.usage.calls).toBe(asked.length);
    expect(asked.filter((one) => one === role)).toHaveLength(3);
  });

  test.each<[string, ModelReply, RegExp]>([
    ["a refusal", { refusal: "I cannot help with that." }, /I cannot help with that\./],
    ["a content filter", { text: "Half an", finish: "content_filter" }, /content filter/],
  ])("gives %s: the run ends as refused at once, and the next turn works", async (_, failure, reason) => {
    const { agent, asked } = await troubled(role, [failure]);
    const refused = await agent.invoke({ input: "go" }, thread);
    expect(refused.status).toBe("refused");
    expect(refused.outcome?.reason).toMatch(reason);
    expect(asked).toEqual([...before, role]);
    expect(refused.usage.calls).toBe(asked.length);
    expect((await agent.invoke({ input: "go" }, thread)).status).toBe("done");
  });
});

test.each([
  ['"4155"', "5"],
  ["-1", "5"],
  ["1.5", "null"],
])(
  "a server that tells %s and %s as its tokens is taken to tell nothing, and the run goes on",
  async (input, output) => {
    const frame = '"id":"x","object":"chat.completion.chunk","created":1,"model":"m"';
    const usage = `{"prompt_tokens":${input},"completion_tokens":${output},"total_tokens":1}`;
    const body = [
      `{${frame},"choices":[{"index":0,"delta":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}]}`,
      `{${frame},"choices":[],"usage":${usage}}`,
      "[DONE]",
    ];
    const { agent } = await troubled("planner", [{ body: body.map((line) => `data: ${line}\n\n`).join("") }]);
    const run = await agent.invoke({ input: "go" }, thread);
    expect(run).toMatchObject({ status: "done", response: "Hello." });
    expect(run.usage.calls).toBe(1);
    expect(Number.isSafeInteger(run.usage.inputTokens)).toBe(true);
  },
);

describe.each(["agent", "call"] as const)("the model of a step (%s)", (role) => {
  const broken: ModelReply = { calls: [{ name: "echo", args: '{"value": "ou' }] };

  test.each<[string, ModelReply, RegExp]>([
    ...failures,
    ["arguments that are no JSON", broken, /no JSON|cannot be read/],
  ])("gives %s: the step fails, and what the run had is kept", async (_, failure, reason) => {
    const { agent, asked } = await troubled(role, [failure, failure, failure]);
    const run = await agent.invoke({ input: "go" }, thread);
    expect(asked).toEqual(["planner", role, role, role, "replanner"]);
    expect(run.status).toBe("incomplete");
    expect(run.pastSteps[0]?.error?.message).toMatch(reason);
    expect(run.pastSteps[0]?.error?.code).toMatch(/^MODEL_(FAILED|EMPTY|UNREADABLE)$/);
    expect(run.usage.calls).toBe(5);
    expect(run.usage.byStep["1"]?.calls).toBe(3);
    expect((await agent.invoke({ input: "go" }, thread)).status).toBe("done");
  });

  test.each<[string, ModelReply, RegExp]>([...failures, ["arguments that are no JSON", broken, /./]])(
    "gives %s twice: the step is as if nothing had been",
    async (_, failure) => {
      const { agent, asked } = await troubled(role, [failure, failure]);
      const run = await agent.invoke({ input: "go" }, thread);
      expect(run).toMatchObject({ status: "done", pastSteps: [{ status: "done", output: "out" }] });
      expect(run.usage.calls).toBe(asked.length);
    },
  );

  test("refuses: it is not asked again", async () => {
    const { agent, asked } = await troubled(role, [{ refusal: "I cannot help with that." }]);
    const run = await agent.invoke({ input: "go" }, thread);
    expect(asked).toEqual(["planner", role, "replanner"]);
    expect(run.pastSteps).toMatchObject([
      { status: "failed", error: { code: "MODEL_REFUSED", message: "I cannot help with that." } },
    ]);
  });
});

describe("Retry-After", () => {
  test.each<[string, Record<string, string>, (delayMs: number) => boolean]>([
    ["in seconds", { "retry-after": "0.02" }, (delayMs) => delayMs === 20],
    ["in milliseconds", { "retry-after-ms": "30", "retry-after": "9" }, (delayMs) => delayMs === 30],
    ["as a date", { "retry-after": new Date(0).toUTCString() }, (delayMs) => delayMs === 0],
  ])("%s is waited for", async (_, headers, isRight) => {
    const { agent, events } = await troubled("planner", [{ status: 429, headers }], {
      executor: { retry: { baseMs: 900, maxMs: 900 } },
    });
    expect((await agent.invoke({ input: "go" }, thread)).status).toBe("done");
    const delays = events.flatMap((event) => (event.type === "model.retried" ? [event.delayMs] : []));
    expect(delays.map(isRight)).toEqual([true]);
  });
});

test("a request that is over its time ends at the server too", async () => {
  const { agent, server } = await troubled("planner", [{ connection: "hang" }]);
  expect((await agent.invoke({ input: "go" }, thread)).status).toBe("done");
  expect(server.aborted()).toBe(1);
});

test("a plan whose call is cut off in the middle never runs by halves", async () => {
  const halves = { ...planReply([steps.planner, steps.planner, steps.planner]), connection: "cut" } as const;
  const { agent } = await troubled("planner", [halves]);
  const { plan, status } = await agent.invoke({ input: "go" }, thread);
  expect({ status, steps: plan.length }).toEqual({ status: "done", steps: 1 });
});
