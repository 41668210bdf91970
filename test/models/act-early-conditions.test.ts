import { MemorySaver } from "@langchain/langgraph";
import { expect, it } from "vitest";
import type { AgentContext } from "../../src/index.js";
import { planReply } from "../support/openai-server.js";
import { finish, look, setUp, thread } from "./early-agent.js";

const post = (id: string, name: string) => ({ id, tool: "post", args: { name }, dependsOn: [] });
const spin = async () => {
  for (let turns = 0; turns < 20; turns += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
};

it("a tool counts as read-only too where the options name it", async () => {
  const plan = planReply([post("1", "a"), look("2", "b after {{1}}"), look("3", "late")], "2");
  const { agent, journal, pieces, written } = await setUp(plan, { executor: { readOnlyTools: ["post"] } });
  const run = agent.invoke({ input: "go" }, thread);
  await pieces.seen("held");
  await journal.seen("b after saw a");
  expect(journal.entries).toEqual(["a", "b after saw a"]);
  await finish(run, written);
});

it.each<[string, AgentContext]>([
  ["plans wait for a person", { approvePlan: "once" }],
  ["the tool waits for a person", { approveTools: ["look"] }],
])("nothing runs where a run's context says that %s", async (_what, context) => {
  const plan = planReply([look("1", "a"), look("2", "b"), look("3", "late")]);
  const { agent, journal, pieces, written } = await setUp(plan);
  const run = agent.invoke({ input: "go" }, { ...thread, context });
  await pieces.seen("held");
  await spin();
  expect(journal.entries).toEqual([]);
  await finish(run, written);
  expect(journal.entries).toEqual([]);
});

it("a step that waits for one that changes something starts only when that one is done", async () => {
  const plan = planReply([post("1", "first"), look("2", "after {{1}}"), look("3", "free")]);
  const { agent, journal, pieces, written } = await setUp(plan, { holdAt: 0.9 });
  const run = agent.invoke({ input: "go" }, thread);
  await pieces.seen("held");
  await journal.seen("free");
  await spin();
  expect(journal.entries).toEqual(["free"]);
  await finish(run, written);
  expect(journal.entries).toContain("after saw first");
});

it("events of early steps are told once, in their order, and only after the plan's own", async () => {
  const plan = planReply([look("1", "a"), look("2", "b after {{1}}"), look("3", "late")], "2");
  const { agent, events, journal, pieces, written } = await setUp(plan);
  const run = agent.invoke({ input: "go" }, thread);
  await pieces.seen("held");
  await journal.seen("b after saw a");
  expect(events.map(({ type }) => type).filter((type) => /^(step|plan)/.test(type))).toEqual([]);
  const early = events.flatMap((event) =>
    event.type === "tool.called" ? [[event.stepId, event.early]] : [],
  );
  expect(early).toEqual([
    ["1", true],
    ["2", true],
  ]);
  await finish(run, written);
  const told = events.map((event) => ("stepId" in event ? `${event.type} ${event.stepId}` : event.type));
  const own = ["1", "2", "3"].flatMap((id) => [`step.started ${id}`, `step.ended ${id}`]);
  expect(told.filter((one) => one.startsWith("step.")).sort()).toEqual([...own].sort());
  expect(told.indexOf("plan.generated")).toBeLessThan(told.findIndex((one) => one.startsWith("step.")));
  for (const id of ["1", "2", "3"]) {
    expect(told.indexOf(`step.started ${id}`)).toBeLessThan(told.indexOf(`step.ended ${id}`));
  }
});

it("what happens to an early call after the plan was taken is told when it happens", async () => {
  const plan = planReply([look("1", "slow"), look("2", "late")], "1");
  const { agent, events, journal, pieces, written, hanging } = await setUp(plan, {
    hangs: "slow",
    holdAt: 0.9,
    executor: { retry: { maxAttempts: 2, baseMs: 0 } },
  });
  const run = agent.invoke({ input: "go" }, thread);
  await pieces.seen("held");
  await journal.seen("slow");
  written.resolve();
  await expect.poll(() => events.some(({ type }) => type === "step.ended"), { interval: 5 }).toBe(true);
  hanging.reject(new Error("try again"));
  await run.catch(() => undefined);
  const attempts = events.flatMap((event) =>
    event.type === "step.started" && event.stepId === "1" ? [event.attempt] : [],
  );
  expect(attempts).toEqual([1, 2]);
});

it("of a plan that turns out invalid nothing is told but that, and nothing of it is kept", async () => {
  const broken = planReply([
    look("1", "a"),
    look("2", "b"),
    { id: "3", tool: "nothing", args: {} },
    look("4", "c"),
  ]);
  const { agent, events, journal, pieces, written } = await setUp(broken, { holdAt: 0.5 }, [
    planReply([look("1", "other")], "1"),
  ]);
  const run = agent.invoke({ input: "go" }, thread);
  await pieces.seen("held");
  await journal.seen("a");
  expect((await finish(run, written)).response).toBe("saw other");
  expect(events.filter(({ type }) => type === "plan.invalid")).toHaveLength(1);
  const steps = events.filter((event) => event.type === "step.started" || event.type === "step.ended");
  expect(steps.map(({ type, stepId }) => `${type} ${stepId}`)).toEqual(["step.started 1", "step.ended 1"]);
  expect(steps[1]).toMatchObject({ output: "saw other" });
  const { values } = await agent.getState(thread);
  expect(values.pastSteps).toMatchObject([{ id: "1", output: "saw other" }]);
});

it("after a crash between the plan and its steps another process runs what had come early again, under the same key", async () => {
  const checkpointer = new MemorySaver();
  const plan = planReply([look("1", "slow"), look("2", "quick")], "1");
  const crashed = await setUp(plan, { checkpointer, hangs: "slow", holdAt: 0.9 });
  const abort = new AbortController();
  const lost = crashed.agent.invoke({ input: "go" }, { ...thread, signal: abort.signal });
  await crashed.pieces.seen("held");
  await crashed.journal.seen("slow");
  crashed.written.resolve();
  await expect
    .poll(async () => (await crashed.agent.getState(thread)).next, { interval: 5 })
    .toEqual(["executor"]);
  const other = await setUp({ status: 500 }, { checkpointer });
  expect((await other.agent.invoke(null, thread)).response).toBe("saw slow");
  expect(other.journal.entries).toContain("slow");
  expect(other.server.requests).toEqual([]);
  expect(other.keys).toContain(crashed.keys[0]);
  abort.abort();
  await expect(lost).rejects.toThrow();
});
