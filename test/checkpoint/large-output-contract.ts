import { tool } from "@langchain/core/tools";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createCheckpointer, type OpenCheckpointer } from "../../src/checkpoint/index.js";
import { echo, journalTool, plannedAgent } from "../support/agent-run.js";
import { approve, decide, isWaiting } from "../support/approval.js";
import { createJournal } from "../support/deferred.js";
import { toText } from "./large-values.js";

/** What runs with large outputs are tried on. */
export interface LargeOutputOptions {
  /** The URL of an empty store, asked for before each test. */
  readonly url: () => string | Promise<string>;
  /** Whether what was kept is there again after closing and opening. */
  readonly survivesClosing: boolean;
}

const outputs = {
  text: toText("zebra", 50_000),
  records: Array.from({ length: 300 }, (_, id) => ({
    id,
    name: `record ${id}`,
    tags: ["a", null],
    price: id / 8,
  })),
  sections: { title: "short", parts: [{ text: toText("part 1") }, { text: toText("part 2"), empty: {} }] },
};
const steps = [
  { id: "text", tool: "give", args: { name: "text" } },
  { id: "records", tool: "give", args: { name: "records" } },
  { id: "sections", tool: "give", args: { name: "sections" } },
  { id: "charge", tool: "charge", args: { who: "Ann" } },
  { id: "both", tool: "echo", args: { value: ["{{text}}", "{{sections.parts.1}}"] }, dependsOn: ["charge"] },
];
const whole = {
  ...outputs,
  charge: "charged Ann",
  both: [outputs.text, outputs.sections.parts[1]],
};
const thread = { configurable: { thread_id: "1" } };

/** What holds of runs with large outputs, whatever keeps their states. */
export function describeLargeOutputs({ url, survivesClosing }: LargeOutputOptions): void {
  describe("runs with large outputs", () => {
    let address: string;
    let opened: OpenCheckpointer;

    beforeEach(async () => {
      address = await url();
      opened = await createCheckpointer(address);
    });
    afterEach(() => opened.close());

    const reopen = async () => {
      if (!survivesClosing) {
        return;
      }
      await opened.close();
      opened = await createCheckpointer(address);
    };
    /** The agent as another process would make it. */
    const agentWith = (journal = createJournal()) => {
      const give = tool(
        ({ name }) => {
          journal.add(name);
          return outputs[name];
        },
        {
          name: "give",
          description: "gives what is large",
          schema: z.object({ name: z.enum(["text", "records", "sections"]) }),
          metadata: { readOnly: true },
        },
      );
      return plannedAgent(
        steps,
        {
          tools: [give, echo, journalTool(journal)],
          checkpointer: opened.checkpointer,
          approval: { tools: { charge: true } },
        },
        { replanner: toText("answer") },
      ).agent;
    };
    const historyOf = async () => {
      const history = [];
      for await (const { values, config } of agentWith().getStateHistory(thread)) {
        history.push({ values, config });
      }
      return history;
    };

    it("wait, are gone on with by another process, and have every output once", async () => {
      const journal = createJournal();
      expect(isWaiting(await agentWith(journal).invoke({ input: "go" }, thread))).toBe(true);
      await reopen();
      expect(outputsOf((await agentWith().getState(thread)).values)).toEqual(outputs);
      const done = await agentWith(journal).invoke(decide(approve), thread);
      expect(outputsOf(done)).toEqual(whole);
      expect(done.response).toBe(toText("answer"));
      expect([...journal.entries].sort()).toEqual(["Ann", "records", "sections", "text"]);
      await reopen();
      const { values } = await agentWith().getState(thread);
      expect(outputsOf(values)).toEqual(whole);
      expect(values.messages.at(-1)?.content).toBe(toText("answer"));
    });

    it("have the same states when they are opened again, each of them to go on from", async () => {
      await agentWith().invoke({ input: "go" }, thread);
      await agentWith().invoke(decide(approve), thread);
      const before = await historyOf();
      await reopen();
      const after = await historyOf();
      expect(after).toEqual(before);
      const waiting = after.find(({ values }) => values.request);
      const forked = await agentWith().invoke(decide(approve), waiting?.config ?? {});
      expect(outputsOf(forked)).toEqual(whole);
      expect((await historyOf()).slice(-before.length)).toEqual(before);
    });

    it("are followed by turns with the same outputs and others", async () => {
      for (const turn of [1, 2, 3]) {
        await agentWith().invoke({ input: `go ${turn}` }, thread);
        expect(outputsOf(await agentWith().invoke(decide(approve), thread))).toEqual(whole);
        await reopen();
      }
      const { values } = await agentWith().getState(thread);
      const answers = values.messages.filter(
        ({ content }: { content: unknown }) => content === toText("answer"),
      );
      expect(answers).toHaveLength(3);
    });
  });
}

function outputsOf({ pastSteps }: { readonly pastSteps?: readonly { id: string; output?: unknown }[] }) {
  return Object.fromEntries((pastSteps ?? []).map(({ id, output }) => [id, output]));
}
