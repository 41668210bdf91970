import { HumanMessage } from "@langchain/core/messages";
import { expect, test } from "vitest";
import { planCall, SCRIPTED_USAGE, ScriptedModel, scriptedByRole } from "./scripted-model.js";

test("a scripted model streams its answer word by word and logs the call once", async () => {
  const model = new ScriptedModel((messages) => `you said ${messages.at(-1)?.text}`);
  const chunks: string[] = [];
  let usage: unknown;
  for await (const chunk of await model.stream([new HumanMessage("hello")])) {
    if (chunk.text !== "") {
      chunks.push(chunk.text);
    }
    usage ??= chunk.usage_metadata;
  }
  expect(chunks).toEqual(["you ", "said ", "hello"]);
  expect(usage).toEqual(SCRIPTED_USAGE);
  expect(model.calls).toHaveLength(1);
});

test("a streamed tool call adds up to what was scripted", async () => {
  const model = scriptedByRole({ planner: planCall([{ description: "look", tool: "search" }]) });
  const bound = model.bindTools([{ name: "plan", schema: { type: "object" } }]);
  let whole: Awaited<ReturnType<typeof bound.invoke>> | undefined;
  for await (const chunk of await bound.stream("go")) {
    whole = whole?.concat(chunk) ?? chunk;
  }
  expect(whole?.tool_calls).toMatchObject([
    { name: "plan", args: { steps: [{ description: "look", tool: "search" }] } },
  ]);
  expect(model.count("planner")).toBe(1);
});

test("an error that is scripted is thrown, and a role without an answer is one", async () => {
  await expect(new ScriptedModel(() => new Error("down")).invoke("x")).rejects.toThrow("down");
  await expect(scriptedByRole({}).invoke("x")).rejects.toThrow("no answer for the answer");
});
