// What waits in PostgreSQL is answered in another process than the one that asked.
import { expect, it } from "vitest";
import { withPostgres } from "../../support/with-postgres.js";
import { call, callRun, connectStdio, GRAPH, journalOf, testFolder } from "./served-agent.js";

const postgres = withPostgres();
const GOAL = JSON.stringify({
  steps: [
    { id: "1", description: "Charge", tool: "charge", args: { amount: 5 }, dependsOn: [] },
    { id: "2", description: "Ask", tool: "ask", args: { about: "colour" }, dependsOn: [] },
  ],
});

/** Lets a killed process's lock go, which takes PostgreSQL a moment. */
async function resume(client: Parameters<typeof call>[0], args: Record<string, unknown>) {
  let resumed = await call(client, "resume", args);
  while (resumed.isError && resumed.text.includes("Somebody is at work")) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    resumed = await call(client, "resume", args);
  }
  return resumed;
}

it.each(["a form", "an argument"])(
  "what waits is answered by %s in a new process, after the first was killed",
  async (way) => {
    const folder = testFolder();
    const words = [GRAPH, "--checkpointer", await postgres.createDatabase()];
    const first = await connectStdio(folder, words);
    const run = await callRun(first.client, "run", { goal: GOAL });
    expect(run).toMatchObject({ status: "waiting", next: expect.not.stringContaining("password") });
    process.kill(first.pid, "SIGKILL");
    const { threadId, waiting } = run;
    const kinds = waiting?.actions.map(({ name }) => name);
    expect(kinds).toEqual(["charge", "ask"]);
    expect(journalOf(folder).lines()).toEqual([]);
    const done = { status: "done", answer: "charged 5; the person says red" };
    if (way === "a form") {
      const content = { decision_1: "Approve", decision_2: "Answer", words_2: "red" };
      const { client } = await connectStdio(folder, words, () => ({ action: "accept", content }));
      expect((await resume(client, { threadId })).structuredContent).toMatchObject(done);
    } else {
      const { client } = await connectStdio(folder, [...words, "--answers", "resume"]);
      const decisions = [{ type: "approve" }, { type: "respond", response: "red" }];
      const answer = { requestId: waiting?.requestId, decisions };
      expect((await resume(client, { threadId, answer })).structuredContent).toMatchObject(done);
      // The same answer again finds nothing to answer.
      expect(await call(client, "resume", { threadId, answer })).toMatchObject({
        isError: true,
        text: expect.stringContaining("nothing waits"),
      });
    }
    expect(journalOf(folder).lines()).toEqual(["charged 5"]);
  },
  120_000,
);
