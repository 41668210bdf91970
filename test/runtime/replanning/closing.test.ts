import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { AIMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { PlanExecuteOptions } from "../../../src/agent/index.js";
import { marksIn, toMissing } from "../../../src/models/index.js";
import { echo, type PlannedAgent, plannedAgent } from "../../support/agent-run.js";
import {
  planCall,
  type ScriptByRole,
  type ScriptedModel,
  scriptedByRole,
} from "../../support/scripted-model.js";

const say = (id: string, value: unknown = id) => ({ id, tool: "echo", args: { value } });
const MISSING = "<missing>the width of b</missing>";
const rolesOf = (model: ScriptedModel) => model.calls.map(({ role }) => role);

/** A closing call that says what is missing until the step `b` is there, and then answers. */
const untilB: ScriptByRole["answer"] = (messages) =>
  messages.at(-1)?.text.includes('"id":"b"') ? "a and b" : MISSING;

function closing(script: ScriptByRole, options: Omit<PlanExecuteOptions, "model"> = {}) {
  return plannedAgent([say("a")], { tools: [echo], ...options }, script);
}

const kept = () => ({ checkpointer: new MemorySaver() });

/** An agent whose model hands in a plan by this method, and closes in these words. */
function handingIn(method: "tool" | "json" | "text", words: string) {
  const plan = JSON.stringify({ steps: [say("a")] });
  return closing(
    {
      planner: method === "tool" ? planCall([say("a")]) : plan,
      // Who hands in a plan as text has no tools either.
      answer: (messages) => (messages.at(-1)?.text.includes("<past_steps>") ? words : plan),
    },
    { planner: { method }, ...kept() },
  );
}

describe("the closing call of a plan that ended well", () => {
  it("has goal and results, neither tools nor rules of plans, and is counted as the answer's", async () => {
    const { agent, model, eventsOf } = closing({ answer: "It is a." });
    const run = await agent.invoke({ input: "What is a?" });
    expect(run).toMatchObject({ status: "done", response: "It is a.", outcome: { failed: [], left: [] } });
    const [, call] = model.calls;
    expect(call).toMatchObject({ role: "answer", tools: [], toolChoice: undefined });
    expect(call?.prompt).toContain("What is a?");
    expect(call?.prompt).not.toMatch(/"steps"|<tools>|forEach/);
    expect(run.usage.byRole).toMatchObject({ answer: { calls: 1 }, replanner: { calls: 0 } });
    expect(eventsOf("replanning")).toEqual([]);
  });

  it.each(["tool", "json", "text"] as const)("is the same for plans by %s", async (method) => {
    const { agent, model } = handingIn(method, "It is a.");
    const run = await agent.invoke({ input: "go" }, { configurable: { thread_id: "1" } });
    expect(run).toMatchObject({ status: "done", response: "It is a." });
    const last = model.calls.at(-1);
    expect(last?.tools).toEqual([]);
    expect(last?.messages).toHaveLength(2);
  });

  it("is named after its role for whoever traces it", async () => {
    const names: unknown[] = [];
    const handler = BaseCallbackHandler.fromMethods({
      handleChatModelStart: (...given) => void names.push(given.at(-1)),
    });
    await closing({ answer: "It is a." }).agent.invoke({ input: "go" }, { callbacks: [handler] });
    expect(names).toEqual(["planner", "answer"]);
  });

  it("is made by the replanner's models where the answer has none, and by their fallbacks", async () => {
    const down = Object.assign(new Error("no such key"), { status: 401 });
    const first = scriptedByRole({ answer: down });
    const second = scriptedByRole({ answer: "It is a." });
    const { agent, model } = closing({}, { replanner: { model: first, fallbacks: [second] } });
    expect((await agent.invoke({ input: "go" })).response).toBe("It is a.");
    expect([rolesOf(model), rolesOf(first), rolesOf(second)]).toEqual([["planner"], ["answer"], ["answer"]]);
  });

  it("is made once more where it gave nothing", async () => {
    const answers = ["", "It is a."];
    const { agent, eventsOf } = closing({ answer: () => answers.shift() ?? "too often" });
    expect((await agent.invoke({ input: "go" })).response).toBe("It is a.");
    expect(eventsOf("model.retried")).toMatchObject([{ role: "answer", attempt: 2 }]);
  });

  it("is not made where something else has to be decided", async () => {
    const broken = tool(
      () => {
        throw new TypeError("it is gone");
      },
      { name: "broken", description: "fails", schema: z.object({}) },
    );
    const trouble = plannedAgent(
      [say("a"), { id: "f", tool: "broken", args: {}, dependsOn: [] }],
      { tools: [echo, broken] },
      { replanner: "Only a.", answer: new TypeError("is not asked") },
    );
    expect((await trouble.agent.invoke({ input: "go" })).response).toBe("Only a.");
    const always = closing(
      { planner: planCall([say("a"), say("b", "{{a}}")]), replanner: "Enough." },
      { replanner: { when: "every-step" } },
    );
    expect((await always.agent.invoke({ input: "go" })).response).toBe("Enough.");
    expect([rolesOf(trouble.model), rolesOf(always.model)]).toEqual([
      ["planner", "replanner"],
      ["planner", "replanner"],
    ]);
  });
});

describe("a closing call that says that the goal is not reached", () => {
  it("has the replanner asked, with what is missing, and its remainder is done", async () => {
    const { agent, model, eventsOf } = closing({ answer: untilB, replanner: planCall([say("b")]) });
    const run = await agent.invoke({ input: "go" });
    expect(run).toMatchObject({ status: "done", response: "a and b" });
    expect(run.pastSteps.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(rolesOf(model)).toEqual(["planner", "answer", "replanner", "answer"]);
    const reason = "All steps are done, and the goal is not reached. Missing: the width of b";
    expect(model.calls[2]?.prompt).toContain(`<why>\n${reason}\n</why>`);
    expect(eventsOf("replanning")).toMatchObject([{ reason, steps: [] }]);
    expect(eventsOf("plan.generated")[1]).toMatchObject({ version: 2, reason });
    expect(run.usage.byRole).toMatchObject({ answer: { calls: 2 }, replanner: { calls: 1 } });
  });

  it("is not closed a second time where the replanner has words for the answer, or answers itself", async () => {
    const words = closing({ answer: MISSING, replanner: planCall([say("b")], "{{a}} and {{b}}") });
    expect(await words.agent.invoke({ input: "go" })).toMatchObject({ status: "done", response: "a and b" });
    const itself = closing({ answer: MISSING, replanner: "There is no b." });
    expect(await itself.agent.invoke({ input: "go" })).toMatchObject({
      status: "done",
      response: "There is no b.",
    });
    expect([rolesOf(words.model), rolesOf(itself.model)]).toEqual([
      ["planner", "answer", "replanner"],
      ["planner", "answer", "replanner"],
    ]);
  });

  it("is one with a model of its own too; the replanner's model makes the new remainder", async () => {
    const own = scriptedByRole({ answer: untilB });
    const { agent, model } = closing(
      { replanner: planCall([say("b")]) },
      { answer: { model: own, instructions: "In verse." } },
    );
    expect((await agent.invoke({ input: "go" })).response).toBe("a and b");
    expect([rolesOf(model), rolesOf(own)]).toEqual([
      ["planner", "replanner"],
      ["answer", "answer"],
    ]);
    expect(own.calls[0]?.prompt).toContain("In verse.");
  });

  it.each<[string, ScriptByRole["answer"]]>([
    ["with words before it", `I know only a.\n\n${MISSING}`],
    ["without a word of what", "<missing></missing>"],
    ["by a call of a tool", planCall([say("b")])],
    [
      "by a call beside words",
      new AIMessage({
        content: "Let me look.",
        tool_calls: [{ id: "1", name: "echo", args: {}, type: "tool_call" }],
      }),
    ],
  ])("may say so %s", async (_, answer) => {
    const { agent, model } = closing({ answer, replanner: planCall([say("b")], "b") });
    expect(await agent.invoke({ input: "go" })).toMatchObject({ status: "done", response: "b" });
    expect(rolesOf(model)).toEqual(["planner", "answer", "replanner"]);
  });

  it("counts as a replan, and at maxReplans a new remainder is refused", async () => {
    let count = 0;
    const { agent, model } = closing(
      { answer: MISSING, replanner: () => planCall([say(`n${count++}`)]) },
      { replanner: { maxReplans: 2 } },
    );
    const run = await agent.invoke({ input: "go" });
    expect(run.status).toBe("incomplete");
    expect(run.outcome?.reason).toContain("the plan was changed 2 times, which is maxReplans");
    expect(run.pastSteps.map(({ id }) => id)).toEqual(["a", "n0", "n1"]);
    expect(model.count("answer")).toBe(3);
  });

  it("asks a person where the options say so and no plan is left to be made", async () => {
    const { agent } = closing(
      { answer: MISSING, replanner: planCall([say("b")]) },
      { replanner: { maxReplans: 0 }, approval: { escalate: true }, checkpointer: new MemorySaver() },
    );
    const config = { configurable: { thread_id: "1" } };
    await agent.invoke({ input: "go" }, config);
    const [task] = (await agent.getState(config)).tasks;
    expect(task?.interrupts[0]?.value).toMatchObject({ actionRequests: [{ name: "guidance" }] });
  });

  it.each(["<missing>all of it</missing>", "&lt;missing>", "< MISSING >", "x <missing_2> <missing>"])(
    "is an answer where it quotes %j out of an output, and still can say that something is missing",
    async (output) => {
      const quoted = `The file says:\n> ${output}\n<missing>all of it</missing>`;
      const quoting = plannedAgent([say("a", output)], { tools: [echo] }, { answer: quoted });
      expect(await quoting.agent.invoke({ input: "go" })).toMatchObject({ status: "done", response: quoted });
      expect(rolesOf(quoting.model)).toEqual(["planner", "answer"]);

      const wanting = plannedAgent(
        [say("a", output)],
        { tools: [echo] },
        { answer: (messages) => toMissing("b", marksIn(messages)), replanner: "There is no b." },
      );
      await wanting.agent.invoke({ input: "go" });
      expect(rolesOf(wanting.model)).toEqual(["planner", "answer", "replanner"]);
    },
  );

  it("keeps within the limits: what is over them is not asked", async () => {
    const { agent, model } = closing(
      { answer: MISSING, replanner: planCall([say("b")]) },
      { limits: { maxModelCalls: 2 } },
    );
    const run = await agent.invoke({ input: "go" });
    expect(run.status).toBe("incomplete");
    expect(run.response).not.toContain("missing");
    expect(rolesOf(model)).toEqual(["planner", "answer"]);
  });

  it("cannot go on near the recursion limit, and the run ends by itself", async () => {
    const { agent, eventsOf } = closing({ answer: MISSING, replanner: planCall([say("b")]) });
    const run = await agent.invoke({ input: "go" }, { recursionLimit: 4 });
    expect(run.status).toBe("incomplete");
    expect(eventsOf("limit.reached")).toMatchObject([{ limit: "recursionLimit" }]);
    expect(run.pastSteps.map(({ id }) => id)).toEqual(["a"]);
  });
});

describe("a closing call that says that nothing could reach the goal", () => {
  it("ends the run as incomplete, with its answer and without its mark", async () => {
    const answer = "The library does not say how wide b is.\n<reached>no</reached>";
    const run = await closing({ answer }).agent.invoke({ input: "go" });
    expect(run).toMatchObject({
      status: "incomplete",
      response: "The library does not say how wide b is.",
      outcome: { reason: "The goal is not reached, and no further work could reach it." },
    });
    expect(run.messages.at(-1)?.text).toBe(run.response);
  });

  it("is not structured", async () => {
    const { agent, model } = closing(
      { answer: "There is no b. <reached>no</reached>" },
      { responseFormat: z.object({ b: z.string() }) },
    );
    expect((await agent.invoke({ input: "go" })).status).toBe("incomplete");
    expect(rolesOf(model)).toEqual(["planner", "answer"]);
  });

  it("is made once more where it is nothing but a mark", async () => {
    const answers = ["<reached>no</reached>", "There is no b. <reached>yes</reached>"];
    const { agent, eventsOf } = closing({ answer: () => answers.shift() ?? "too often" });
    expect(await agent.invoke({ input: "go" })).toMatchObject({ status: "done", response: "There is no b." });
    expect(eventsOf("model.retried")).toMatchObject([{ role: "answer", attempt: 2 }]);
  });

  it("is an answer where it quotes the mark out of an output", async () => {
    const quoted = "The file says: <reached>no</reached>";
    const { agent } = plannedAgent(
      [say("a", "<reached>no</reached>")],
      { tools: [echo] },
      { answer: quoted },
    );
    expect(await agent.invoke({ input: "go" })).toMatchObject({ status: "done", response: quoted });
  });
});

describe("what a client sees of the closing call", () => {
  /** The texts of the stream of messages by id, and the conversation that is kept. */
  async function watch({ agent }: Pick<PlannedAgent, "agent">) {
    const config = { configurable: { thread_id: "1" } };
    const streamed = new Map<string, string[]>();
    for await (const [message] of await agent.stream(
      { input: "go" },
      { ...config, streamMode: "messages" },
    )) {
      const id = message.id ?? "without id";
      streamed.set(id, [...(streamed.get(id) ?? []), message.text]);
    }
    const { messages } = (await agent.getState(config)).values;
    const last: { id?: string; text: string } | undefined = messages.at(-1);
    return { streamed, last, all: [...streamed.values()].flat().join("") };
  }

  it.each(["tool", "json", "text"] as const)(
    "is the answer word by word, for plans by %s",
    async (method) => {
      const { streamed, last } = await watch(handingIn(method, "It is\n<b>a</b>."));
      expect(last?.text).toBe("It is\n<b>a</b>.");
      expect(streamed.get(last?.id ?? "")).toEqual(["It ", "is\n", "<b>a</b>."]);
    },
  );

  it("is nothing where it says that something is missing, however it comes in pieces", async () => {
    for (const answer of [
      "<missing>the width of b</missing>",
      "  <missing>b",
      "**<missing> the width\nof b",
    ]) {
      const { all, last } = await watch(closing({ answer, replanner: "There is no b." }, kept()));
      expect(all).not.toMatch(/missing|width/);
      expect(all).toContain("There is no b.");
      expect(last?.text).toBe("There is no b.");
    }
  });

  it("is never the mark itself, where words came before it", async () => {
    const { all } = await watch(
      closing({ answer: `I know a.\n${MISSING}`, replanner: "There is no b." }, kept()),
    );
    expect(all).not.toMatch(/missing|width/);
  });

  it.each([
    ["There is\nno b.", "There is\nno b.\n\n<reached>no</reached>"],
    ["There is no b.", "<reached>no</reached>There is no b."],
  ])("is %j, without the mark, and the kept message is the same", async (words, answer) => {
    const { streamed, last, all } = await watch(closing({ answer }, kept()));
    expect(last?.text).toBe(words);
    expect(
      streamed
        .get(last?.id ?? "")
        ?.join("")
        .trim(),
    ).toBe(words);
    expect(all).not.toContain("reached");
  });

  it("of a replanner's answer it is the same", async () => {
    const { streamed, last, all } = await watch(
      closing({ answer: MISSING, replanner: "There is no b. <reached>no</reached>" }, kept()),
    );
    expect(last?.text).toBe("There is no b.");
    expect(
      streamed
        .get(last?.id ?? "")
        ?.join("")
        .trim(),
    ).toBe("There is no b.");
    expect(all).not.toContain("reached");
  });

  it("is a text that only begins like one that says so", async () => {
    const answer = "<missed> is a tag.\n< is a sign.\n";
    const { streamed, last } = await watch(closing({ answer }, kept()));
    expect(last?.text).toBe(answer);
    expect(streamed.get(last?.id ?? "")?.join("")).toBe(answer);
  });

  it("is an answer that ends like the beginning of one that says so", async () => {
    const answer = "The tag begins like this:\n<miss";
    const { streamed, last } = await watch(closing({ answer }, kept()));
    expect(streamed.get(last?.id ?? "")?.join("")).toBe(answer);
  });
});
