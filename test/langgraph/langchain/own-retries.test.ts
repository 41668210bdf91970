// A chat model's own retries, which are LangChain's: how often a server is really asked.
import { once } from "node:events";
import { createServer } from "node:net";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import { ChatOpenAI } from "@langchain/openai";
import { expect } from "vitest";
import { withoutOwnRetries } from "../../../src/langgraph/index.js";
import { callModel, type ModelCall, ModelLine } from "../../../src/models/index.js";
import { createTurnBudget, createUsageMeter } from "../../../src/usage/index.js";
import { checkTouch } from "../touch.js";

const touch = {
  of: "@langchain/core",
  breaks:
    "A model that a person made multiplies our attempts with its own: a server that is down holds a run for minutes.",
} as const;

const context = () => ({
  budget: createTurnBudget({}, { prices: {}, now: () => 0, startedAt: 0 }),
  prices: {},
  maxAttempts: 3,
  timeoutMs: 60_000,
  backoff: { baseMs: 100, maxMs: 1_000 },
  emit: () => "",
  surround: <Result>(_eventId: string, work: () => Result) => work,
  now: () => 0,
  random: () => 1,
  sleep: async () => {},
});

/** A port on which nobody listens. */
async function refusedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Calls a person's own model on a server that is down, and counts how often the server is asked. */
async function callDown(makeModel: (url: string, fetch: typeof globalThis.fetch) => BaseChatModel) {
  let connections = 0;
  const model = makeModel(`http://127.0.0.1:${await refusedPort()}/v1`, (...given) => {
    connections += 1;
    return fetch(...given);
  });
  const call: ModelCall = {
    role: "planner",
    models: new ModelLine({ model: "m", fallbacks: [] }, async () => ({ model, name: "m" })),
    messages: () => [new HumanMessage("hi")],
    ask: (asked, messages, { signal, maxRetries }) =>
      asked.model.invoke([...messages], { signal, maxRetries }),
  };
  await expect(callModel(call, context(), createUsageMeter())).rejects.toThrow(/failed after 3 attempts/);
  return { model, connections };
}

/** A model as people write one: its calls go through LangChain's caller, and it counts them. */
class OwnModel extends BaseChatModel {
  calls = 0;

  constructor(
    private readonly url: string,
    private readonly fetch: typeof globalThis.fetch,
  ) {
    super({});
  }

  override _llmType() {
    return "own";
  }

  override async _generate(): Promise<ChatResult> {
    this.calls += 1;
    const response = await this.caller.call(() => this.fetch(this.url));
    return { generations: [{ text: "", message: new AIMessage(await response.text()) }] };
  }
}

/** One whose class has a private member, which cannot be reached through a view of it. */
class PrivateModel extends OwnModel {
  #answer = "hello";

  override async _generate(): Promise<ChatResult> {
    this.calls += 1;
    return { generations: [{ text: this.#answer, message: new AIMessage(this.#answer) }] };
  }
}

checkTouch(
  touch,
  "a server that is down is asked three times by OpenAI's client that a person made",
  async () => {
    const { connections } = await callDown(
      (baseURL, fetch) => new ChatOpenAI({ model: "m", apiKey: "none", configuration: { baseURL, fetch } }),
    );
    expect(connections).toBe(3);
  },
);

checkTouch(
  touch,
  "a server that is down is asked three times by a class of a person's own, which stays as it is",
  async () => {
    const { model, connections } = await callDown((url, fetch) => new OwnModel(url, fetch));
    expect(connections).toBe(3);
    expect(model).toMatchObject({ calls: 3, caller: { maxRetries: 6 } });
  },
);

checkTouch(touch, "a model without retries of its own is asked as it is", () => {
  const model = new ChatOpenAI({ model: "m", apiKey: "none", maxRetries: 0 });
  expect(withoutOwnRetries(model)).toBe(model);
});

checkTouch(touch, "a model with private members answers, and is not tried through a view again", async () => {
  const model = new PrivateModel("", fetch);
  const call: ModelCall = {
    role: "planner",
    models: new ModelLine({ model: "m", fallbacks: [] }, async () => ({ model, name: "m" })),
    messages: () => [new HumanMessage("hi")],
    ask: (asked, messages) => asked.model.invoke([...messages]),
  };
  for (const calls of [2, 3]) {
    expect((await callModel(call, context(), createUsageMeter())).message.text).toBe("hello");
    expect(model.calls).toBe(calls);
  }
});
