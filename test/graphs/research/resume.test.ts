import { MemorySaver } from "@langchain/langgraph";
import { afterEach, expect, it } from "vitest";
import { createGraph } from "../../../graphs/research.js";
import { exampleFolder, findBadCitations, removeDocuments } from "./run-research.js";

afterEach(removeDocuments);

const goal = "How much power does Skerra Mill deliver at spring tide?";

it.each(["claims", "report", "recheck"])(
  "goes on after it was cut off when %s had ended, to the same answer",
  async (step) => {
    const undisturbed = await createGraph({ model: "offline" }).invoke({ input: goal });
    const checkpointer = new MemorySaver();
    const thread = { configurable: { thread_id: "1" } };
    const cut = new AbortController();
    const first = createGraph({
      model: "offline",
      checkpointer,
      onEvent: (event) => {
        if (event.type !== "step.ended") {
          return;
        }
        if (event.stepId === step) {
          cut.abort(new Error("the process died"));
        }
      },
    });
    await expect(first.invoke({ input: goal }, { ...thread, signal: cut.signal })).rejects.toThrow(
      "the process died",
    );
    const second = createGraph({ model: "offline", checkpointer });
    const run = await second.invoke(null, thread);
    expect(run.response).toBe(undisturbed.response);
    expect(findBadCitations(run.response, exampleFolder)).toEqual([]);
  },
);

it("takes a caller's tools, playbook and instructions beside its own", async () => {
  const asked: string[] = [];
  const agent = createGraph({
    model: "offline",
    planner: { instructions: "Be kind.", maxSteps: 20 },
    offline: {
      playbook: ({ goal: words }) => {
        asked.push(words);
        return words === "Sing" ? { text: "La la." } : undefined;
      },
    },
  });
  expect((await agent.invoke({ input: "Sing" })).response).toBe("La la.");
  expect((await agent.invoke({ input: "Do otters breed at Skerra Mill?" })).response).toContain(
    "Otters breed",
  );
  expect(asked).toContain("Do otters breed at Skerra Mill?");
});
