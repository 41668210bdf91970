// What the package has to do for a program, whichever builds and copies of LangChain are loaded. `probe` gets the
// modules as the program loads them, and prints how many probes passed and which did not.
const { deepStrictEqual: equal, ok, rejects } = require("node:assert/strict");
const { createScripted } = require("./scripted.cjs");

exports.SPECIFIERS = [
  "langgraph-plan-execute",
  ...["general", "support", "finance", "research", "security", "data-pipeline"].map(
    (name) => `langgraph-plan-execute/graphs/${name}`,
  ),
  "@langchain/core/language_models/chat_models",
  "@langchain/core/messages",
  "@langchain/core/outputs",
  "@langchain/core/tools",
  "@langchain/langgraph",
  "langchain",
  "zod",
];

exports.probe = async (loaded) => {
  const load = (name) => loaded[name];
  const failed = [];
  const probes = Object.entries(createProbes(load));
  for (const [name, run] of probes) {
    try {
      await run();
    } catch (error) {
      failed.push({ name, reason: String(error?.stack ?? error).slice(0, 2_000) });
    }
  }
  console.log(JSON.stringify({ passed: probes.length - failed.length, of: probes.length, failed }));
};

/** The probes by name, for a program that loads modules so. */
exports.createProbes = createProbes;

function createProbes(load) {
  const ours = load("langgraph-plan-execute");
  const { AIMessage, HumanMessage, ToolMessage } = load("@langchain/core/messages");
  const { StructuredTool, tool } = load("@langchain/core/tools");
  const { Command, InMemoryStore, MemorySaver, Overwrite, StateGraph } = load("@langchain/langgraph");
  const { createMiddleware } = load("langchain");
  const { z } = load("zod");

  const anything = z.object({});
  const toolThat = (name, work, fields = {}) =>
    tool(work, { name, description: name, schema: anything, metadata: { readOnly: true }, ...fields });
  const plan = (steps, answer) => ({
    name: "plan",
    args: { steps, ...(answer === undefined ? {} : { answer }) },
  });
  /** The planner writes the plan, and whoever is asked after that says "the end". */
  const planning = (steps, answer, others = () => "the end") => {
    let isPlanned = false;
    return createScripted(load, (tools, messages) => {
      if (isPlanned || !tools.includes("plan")) {
        return others(tools, messages);
      }
      isPlanned = true;
      return plan(steps, answer);
    });
  };
  const thread = (id) => ({ configurable: { thread_id: id } });

  /** What one tool's output becomes. */
  const outputOf = async (work, fields) => {
    const tools = [toolThat("work", work, fields)];
    const model = planning([{ id: "a", description: "work", tool: "work", args: {} }], "a");
    const { pastSteps } = await ours.createPlanExecuteAgent({ model, tools }).invoke({ input: "go" });
    equal(pastSteps[0].status, "done");
    return pastSteps[0];
  };
  const doubling = (log, fields) =>
    tool(({ value }) => log.push(value) && 2 * value, {
      name: "double",
      description: "Doubles a number",
      schema: z.object({ value: z.number() }),
      metadata: { readOnly: true },
      ...fields,
    });

  return {
    "a goal is reached without a model": async () => {
      const tools = ours.createBuiltinTools({ root: process.cwd() });
      const { response } = await ours
        .createPlanExecuteAgent({ model: "offline", tools })
        .invoke({ input: "Calculate 6*7" });
      equal(response, "42");
    },
    "each graph is built, and the general one answers": async () => {
      for (const name of exports.SPECIFIERS.filter((specifier) => specifier.includes("/graphs/"))) {
        const { graph, createGraph } = load(name);
        ok(typeof graph.invoke === "function" && !graph.checkpointer, name);
        equal(typeof createGraph({ checkpointer: true }).invoke, "function");
      }
      const { graph } = load("langgraph-plan-execute/graphs/general");
      equal((await graph.invoke({ input: "Calculate 6*7" })).response, "42");
    },
    "a plan is held against the tools": () => {
      const steps = [{ id: "a", description: "double", tool: "double", args: { value: "many" } }];
      const issues = ours.validatePlan({ steps }, { tools: [doubling([])] });
      equal(
        issues.map(({ code }) => code),
        ["invalid-args"],
      );
    },
    "an output that is undefined": async () => equal((await outputOf(() => undefined)).output, null),
    "an output that is NaN": async () => equal((await outputOf(() => Number.NaN)).output, "NaN"),
    "an output that is a Map": async () =>
      equal((await outputOf(() => new Map([["a", 1]]))).output, { a: 1 }),
    "an output that is a Set": async () => equal((await outputOf(() => new Set([1, 2]))).output, [1, 2]),
    "an output that is a Date": async () =>
      equal((await outputOf(() => new Date(0))).output, "1970-01-01T00:00:00.000Z"),
    "an output that is an Error": async () =>
      equal((await outputOf(() => new Error("broken"))).output, { name: "Error", message: "broken" }),
    "an output with a cycle": async () => {
      const cycle = { a: 1 };
      cycle.self = cycle;
      equal((await outputOf(() => cycle)).output, { a: 1, self: "[circular]" });
    },
    "a tool message and a command are read as outputs": async () => {
      const answer = ({ toolCallId }) => new ToolMessage({ content: "said", tool_call_id: toolCallId });
      equal((await outputOf((_input, runtime) => answer(runtime))).output, "said");
      const command = (_input, runtime) => new Command({ update: { messages: [answer(runtime)] } });
      equal((await outputOf(command)).output, "said");
    },
    "an artifact is kept beside the content": async () => {
      const fields = { responseFormat: "content_and_artifact" };
      const { output, artifact } = await outputOf(() => [new Map([["a", 1]]), { b: 2 }], fields);
      equal([output, artifact], [{ a: 1 }, { b: 2 }]);
    },
    "a tool that overrides how it is called keeps its own output": async () => {
      class Own extends StructuredTool {
        name = "work";
        description = "work";
        schema = anything;
        async _call() {
          return "inner";
        }
        async call() {
          return "outer";
        }
      }
      const model = planning([{ id: "a", description: "work", tool: "work", args: {} }], "a");
      const { response } = await ours
        .createPlanExecuteAgent({ model, tools: [new Own()] })
        .invoke({ input: "go" });
      equal(response, "outer");
    },
    "arguments that a tool refuses are not tried again": async () => {
      // The second step's tool passes on the refusal of a tool that it calls.
      const passOn = () => doubling([]).invoke({ value: "many" });
      const tools = [doubling([]), toolThat("words", () => "many"), toolThat("pass_on", passOn)];
      const steps = [
        { id: "a", description: "words", tool: "words", args: {} },
        { id: "b", description: "double", tool: "double", args: { value: "{{a}}" } },
        { id: "c", description: "pass on", tool: "pass_on", args: {} },
      ];
      const { pastSteps } = await ours
        .createPlanExecuteAgent({ model: planning(steps), tools })
        .invoke({ input: "go" });
      const refused = pastSteps.filter(({ id }) => id !== "a");
      equal(
        refused.map(({ error, attempts }) => [error.code, attempts]),
        Array(2).fill(["INVALID_ARGS", 1]),
      );
    },
    "a step starts while the plan is being written": async () => {
      let started;
      const isStarted = new Promise((resolve) => {
        started = resolve;
      });
      const late = new Promise((resolve) => {
        setTimeout(resolve, 10_000, "late").unref();
      });
      let found;
      async function* pieces() {
        yield '{"steps":[{"id":"a","description":"first","tool":"first","args":{}},{"id":"b",';
        found = await Promise.race([isStarted, late]);
        yield '"description":"second","tool":"first","args":{}}],"answer":"b"}';
      }
      const model = createScripted(load, () => ({ name: "plan", pieces: pieces() }));
      const tools = [toolThat("first", () => started("early") ?? "done")];
      equal((await ours.createPlanExecuteAgent({ model, tools }).invoke({ input: "go" })).response, "done");
      equal(found, "early");
    },
    "the message stream has the answer's words and the plan once": async () => {
      const model = planning([{ id: "a", description: "double", tool: "double", args: { value: 21 } }]);
      const agent = ours.createPlanExecuteAgent({ model, tools: [doubling([])] });
      const pieces = [];
      const plans = [];
      for await (const [message] of await agent.stream({ input: "go" }, { streamMode: "messages" })) {
        ok(message.text !== "" || message.getType() !== "ai", "an empty message");
        (message.text.startsWith("**Plan**") ? plans : pieces).push(message);
      }
      equal(new Set(plans.map(({ id }) => id)).size, 1);
      ok(pieces.filter(({ text }) => ["the ", "end"].includes(text)).length === 2, JSON.stringify(pieces));
    },
    "an action waits for a person, and runs once when it is let pass": async () => {
      const log = [];
      const steps = [{ id: "a", description: "double", tool: "double", args: { value: 21 } }];
      const agent = ours.createPlanExecuteAgent({
        model: planning(steps, "a"),
        tools: [doubling(log)],
        approval: { tools: { double: true } },
        checkpointer: new MemorySaver(),
      });
      const asked = await agent.invoke({ input: "go" }, thread("1"));
      equal([asked.status, asked.__interrupt__.length, log], ["waiting", 1, []]);
      const resume = new Command({ resume: { decisions: [{ type: "approve" }] } });
      equal((await agent.invoke(resume, thread("1"))).response, "42");
      equal(log, [21]);
    },
    "updateState takes messages, and an Overwrite of them": async () => {
      const agent = ours.createPlanExecuteAgent({
        model: createScripted(load, () => "hello"),
        checkpointer: new MemorySaver(),
      });
      await agent.invoke({ input: "hi" }, thread("1"));
      const texts = async () => (await agent.getState(thread("1"))).values.messages.map(({ text }) => text);
      await agent.updateState(thread("1"), { messages: [new HumanMessage("more")] });
      equal(await texts(), ["hi", "hello", "more"]);
      await agent.updateState(thread("1"), { messages: new Overwrite([new HumanMessage("only")]) });
      equal(await texts(), ["only"]);
    },
    "messages of the program are the input": async () => {
      const model = createScripted(load, () => "hello");
      const input = { messages: [new HumanMessage("hi"), new AIMessage("yes?"), new HumanMessage("go")] };
      equal((await ours.createPlanExecuteAgent({ model }).invoke(input)).response, "hello");
    },
    "an agent step calls tools, through the program's middleware": async () => {
      const log = [];
      const seen = [];
      const middleware = createMiddleware({
        name: "Seen",
        wrapToolCall: (request, handler) => seen.push(request.toolCall.name) && handler(request),
      });
      const others = (tools, messages) => {
        const isCalled = messages.some((message) => message.getType() === "tool");
        return tools.includes("double") && !isCalled ? { name: "double", args: { value: 21 } } : "it is 42";
      };
      const agent = ours.createPlanExecuteAgent({
        model: planning([{ id: "a", description: "Double 21" }], "a", others),
        tools: [doubling(log)],
        executor: { middleware: [middleware] },
      });
      equal((await agent.invoke({ input: "go" })).response, "it is 42");
      equal([log, seen], [[21], ["double"]]);
    },
    "an agent is told of arguments that a tool refused": async () => {
      const log = [];
      let rounds = 0;
      const others = (tools) => {
        rounds += tools.includes("double") ? 1 : 0;
        return rounds === 1 && tools.includes("double") ? { name: "double", args: { value: "many" } } : "no";
      };
      const agent = ours.createPlanExecuteAgent({
        model: planning([{ id: "a", description: "Double many" }], "a", others),
        tools: [doubling(log)],
      });
      equal((await agent.invoke({ input: "go" })).response, "no");
      equal([log, rounds], [[], 2]);
    },
    "a second turn knows the first, and starts afresh": async () => {
      const model = createScripted(
        load,
        (_tools, messages) => `asked ${messages.at(-1).text.includes("two")}`,
      );
      const agent = ours.createPlanExecuteAgent({
        model,
        checkpointer: new MemorySaver(),
        store: new InMemoryStore(),
      });
      await agent.invoke({ input: "one" }, thread("1"));
      const { messages } = await agent.invoke({ input: "two" }, thread("1"));
      equal(messages.length, 4);
    },
    "the agent is a node of the program's graph": async () => {
      const agent = ours.createPlanExecuteAgent({ model: createScripted(load, () => "hello") });
      const graph = new StateGraph(z.object({ said: z.string() }))
        .addNode("agent", async () => ({ said: (await agent.invoke({ input: "go" })).response }))
        .addEdge("__start__", "agent")
        .addEdge("agent", "__end__")
        .compile();
      equal((await graph.invoke({ said: "" })).said, "hello");
    },
    "an abort ends the run": async () => {
      const stop = new AbortController();
      const tools = [toolThat("work", () => stop.abort(new Error("stopped")) ?? new Promise(() => {}))];
      const model = planning([{ id: "a", description: "work", tool: "work", args: {} }], "a");
      const running = ours
        .createPlanExecuteAgent({ model, tools })
        .invoke({ input: "go" }, { signal: stop.signal });
      await rejects(running);
    },
    "a mistake is an error with a code, of a class that is exported": () => {
      try {
        ours.createPlanExecuteAgent({ model: "nonsense" });
      } catch (error) {
        ok(error instanceof ours.PlanExecuteError && error instanceof ours.ModelError);
        equal(error.code, "MODEL_UNKNOWN");
        return;
      }
      throw new Error("nothing was thrown");
    },
  };
}
