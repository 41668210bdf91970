import { expect, it } from "vitest";
import { planReply } from "../support/openai-server.js";
import { finish, look, setUp, thread } from "./early-agent.js";

it("a step in another form starts early as the step that it is in the end", async () => {
  const steps = [
    { " tool": "look", "name ": "a" },
    { tool: "look", name: "b after {{1.output}}" },
    look("3", "late and more and more"),
  ];
  const { agent, journal, pieces, written } = await setUp(planReply(steps, "2"));
  const run = agent.invoke({ input: "go" }, thread);
  await pieces.seen("held");
  await journal.seen("b after saw a");
  expect(await finish(run, written)).toMatchObject({ status: "done", response: "saw b after saw a" });
  expect(journal.entries).toEqual(["a", "b after saw a", "late and more and more"]);
});

it("a step with a part that would be lost does not start early, nor what comes after it", async () => {
  const steps = [look("1", "a"), { look: "b", unless: "{{1}}" }, look("3", "c"), look("4", "late and more")];
  const mended = planReply([look("1", "a"), look("2", "d")], "2");
  const { agent, journal, pieces, written } = await setUp(planReply(steps), {}, [mended]);
  const run = agent.invoke({ input: "go" }, thread);
  await pieces.seen("held");
  await journal.seen("a");
  expect(await finish(run, written)).toMatchObject({ status: "done", response: "saw d" });
  expect(journal.entries.filter((entry) => !entry.includes("aborted"))).toEqual(["a", "a", "d"]);
});

it("a step of a plan by schema starts early, when its JSON is complete in the text", async () => {
  const step = (name: string) => ({ description: `look at ${name}`, tool: "look", args: { name } });
  const steps = [step("a"), step("b after {{1}}"), step("late and more and more")];
  const reply = { text: JSON.stringify({ steps }), cuts: /.{1,16}/gs };
  const { agent, journal, pieces, written } = await setUp(reply, { planner: { method: "schema" } });
  const run = agent.invoke({ input: "go" }, thread);
  await pieces.seen("held");
  await journal.seen("b after saw a");
  expect(await finish(run, written)).toMatchObject({ status: "done", response: "the answer" });
  expect(journal.entries).toEqual(["a", "b after saw a", "late and more and more"]);
});
