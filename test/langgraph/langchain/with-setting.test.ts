// The fields by which chat models keep their settings, and that a view of a model sends another temperature.
import { ChatOpenAI } from "@langchain/openai";
import { expect } from "vitest";
import { withVariety } from "../../../src/langgraph/index.js";
import { checkTouch } from "../touch.js";

const touch = {
  of: "@langchain/openai",
  breaks: "A small model that is asked afresh for a plan writes the same wrong plan again.",
} as const;

/** Asks for variety, and gives the temperature of the request, with and without tools. */
async function temperaturesOf(fields: ConstructorParameters<typeof ChatOpenAI>[0], baseURL?: string) {
  const sent: unknown[] = [];
  const model = new ChatOpenAI({
    model: "local",
    apiKey: "none",
    maxRetries: 0,
    ...fields,
    configuration: {
      baseURL,
      fetch: async (_, init) => {
        sent.push(JSON.parse(String(init?.body)).temperature);
        return new Response("{}", { status: 400 });
      },
    },
  });
  const varied = withVariety(model);
  await varied.invoke("hi").catch(() => {});
  await varied
    .bindTools([])
    .invoke("hi")
    .catch(() => {});
  expect(model.temperature).toBe(Object(fields).temperature);
  return sent;
}

checkTouch(touch, "a model that is set to be steady is asked with another temperature", async () => {
  expect(await temperaturesOf({ temperature: 0 })).toEqual([0.7, 0.7]);
  expect(await temperaturesOf({ temperature: 0, useResponsesApi: true })).toEqual([0.7, 0.7]);
});

checkTouch(
  touch,
  "a model without a temperature keeps its provider's, unless it runs on this machine",
  async () => {
    expect(await temperaturesOf({})).toEqual([undefined, undefined]);
    expect(await temperaturesOf({ temperature: 1 })).toEqual([1, 1]);
    expect(await temperaturesOf({}, "http://127.0.0.1:8080/v1")).toEqual([0.7, 0.7]);
  },
);
