import type { RunnableConfig } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { PlanExecuteOptions } from "../../src/agent/index.js";
import { createDeferred, createJournal } from "../support/deferred.js";
import { type ModelReply, planReply } from "../support/openai-server.js";
import { openAiAgent } from "./openai-agent.js";

describe("while a new remainder is being written", () => {
  const failing = { id: "2", tool: "look", args: { name: "gone" } };

  async function setUpReplan(remainder: ModelReply, options: PlanExecuteOptions = {}) {
    const journal = createJournal();
    const written = createDeferred();
    const pieces = createJournal();
    const look = tool(
      ({ name }, { signal }: RunnableConfig) => {
        journal.add(name);
        signal?.addEventListener("abort", () => journal.add(`${name} aborted`));
        if (name === "gone") {
          throw new TypeError("it is gone");
        }
        return name === "slow" ? createDeferred<string>().promise : `saw ${name}`;
      },
      {
        name: "look",
        description: "look",
        schema: z.object({ name: z.string() }),
        metadata: { readOnly: true },
      },
    );
    const pace = async (sent: number, of: number) => {
      if (sent < of * 0.8) {
        return;
      }
      pieces.add("held");
      await written.promise;
    };
    const replies = [
      planReply([{ id: "1", tool: "look", args: { name: "a" } }, failing]),
      { ...remainder, pace },
    ];
    const made = await openAiAgent([...replies, { text: "the answer" }], { tools: [look], ...options });
    return { ...made, journal, written, pieces };
  }

  const remainder = planReply(
    [
      { tool: "look", args: { name: "instead, after {{1}}" } },
      { tool: "look", args: { name: "late, after {{3}}, and much more of it than has come by now" } },
    ],
    "3",
  );

  it("its steps run, with what was done before in their arguments, and are not run again", async () => {
    const { agent, journal, written, pieces } = await setUpReplan(remainder);
    const run = agent.invoke({ input: "go" });
    await pieces.seen("held");
    await journal.seen("instead, after saw a");
    expect(journal.entries.filter((name) => name.startsWith("late"))).toEqual([]);
    written.resolve();
    expect(await run).toMatchObject({ status: "done", response: "saw instead, after saw a" });
    expect(journal.count("instead, after saw a")).toBe(1);
  });

  it("nothing runs where the switch is off", async () => {
    const { agent, journal, written, pieces } = await setUpReplan(remainder, {
      planner: { actEarly: false },
    });
    const run = agent.invoke({ input: "go" });
    await pieces.seen("held");
    for (let turns = 0; turns < 20; turns += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(journal.entries.filter((name) => name.startsWith("instead"))).toEqual([]);
    written.resolve();
    expect((await run).status).toBe("done");
  });

  it("what was started for a remainder that is not taken is ended", async () => {
    const again = planReply([
      { tool: "look", args: { name: "slow" } },
      { tool: "look", args: { name: "gone" } },
      { tool: "look", args: { name: "late, and much more of it than has come by now, so that it is held" } },
    ]);
    const { agent, journal, written, pieces } = await setUpReplan(again);
    const run = agent.invoke({ input: "go" });
    await pieces.seen("held");
    await journal.seen("slow");
    written.resolve();
    expect((await run).status).not.toBe("done");
    expect(journal.entries).toContain("slow aborted");
  });
});
