// The fields by which chat models limit their answers, and that a view of a model sends another limit.
import { ChatOpenAI } from "@langchain/openai";
import { expect } from "vitest";
import { ownOutputLimit, takesOutputLimit, withOutputLimit } from "../../../src/langgraph/index.js";
import { checkTouch } from "../touch.js";

const touch = {
  of: "@langchain/openai",
  breaks:
    "No limit on output tokens is sent, so a local model that runs away writes until its context is full.",
} as const;

const openAi = (fields: ConstructorParameters<typeof ChatOpenAI>[0] = {}) =>
  new ChatOpenAI({ model: "local", apiKey: "none", ...fields });

/** Asks a model, or a view of one, and gives the body of the request. */
async function sentBy(fields: ConstructorParameters<typeof ChatOpenAI>[0], limit: number) {
  let sent: unknown;
  const model = openAi({
    ...fields,
    maxRetries: 0,
    configuration: {
      fetch: async (_, init) => {
        sent = JSON.parse(String(init?.body));
        return new Response("{}", { status: 400 });
      },
    },
  });
  await withOutputLimit(model, limit)
    .bindTools([])
    .invoke("hi")
    .catch(() => {});
  expect(model.maxTokens).toBeUndefined();
  return sent;
}

checkTouch(touch, "a limit reaches OpenAI's requests under the name that model and API want", async () => {
  expect(await sentBy({}, 77)).toMatchObject({ max_tokens: 77 });
  expect(await sentBy({ model: "o4-mini" }, 77)).toMatchObject({ max_completion_tokens: 77 });
  expect(await sentBy({ useResponsesApi: true }, 77)).toMatchObject({ max_output_tokens: 77 });
});

checkTouch(touch, "a limit that a person set is found, however it was set", () => {
  expect(ownOutputLimit(openAi())).toBeUndefined();
  expect(takesOutputLimit(openAi())).toBe(true);
  expect(ownOutputLimit(openAi({ maxTokens: 5 }))).toBe(5);
  expect(ownOutputLimit(openAi({ maxCompletionTokens: 6 }))).toBe(6);
  expect(ownOutputLimit(openAi({ modelKwargs: { max_completion_tokens: 7 } }))).toBe(7);
  expect(ownOutputLimit(openAi({ maxTokens: -1 }))).toBeNull();
  expect(ownOutputLimit({ numPredict: 8 })).toBe(8);
});

checkTouch(touch, "a model without such a field is asked as it is", () => {
  const model = { name: "own" };
  expect(takesOutputLimit(model)).toBe(false);
  expect(withOutputLimit(model, 5)).toBe(model);
});
