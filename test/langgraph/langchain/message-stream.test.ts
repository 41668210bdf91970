import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { describe, expect } from "vitest";
import { type Callbacks, withMessageStream } from "../../../src/langgraph/index.js";
import { withoutMessageStream } from "../../../src/langgraph/langchain/message-stream.js";
import { oneNode, thread } from "../graphs.js";
import { checkTouch } from "../touch.js";

/** Whether a model's words reach the stream of messages where it is called with these callbacks. */
async function isStreamed(change: (callbacks: Callbacks) => Callbacks): Promise<boolean> {
  const model = new FakeListChatModel({ responses: ["words"] });
  const graph = oneNode(async (_state, config) => {
    await model.invoke("go", { ...config, callbacks: change(config.callbacks) });
    return {};
  });
  let isShown = false;
  for await (const _ of await graph.stream({ input: "go" }, { ...thread, streamMode: "messages" })) {
    isShown = true;
  }
  return isShown;
}

describe("the handler that feeds the stream of messages", () => {
  const hidden = {
    of: "@langchain/langgraph",
    breaks: "What models say inside a step shows in the conversation.",
  } as const;

  checkTouch(hidden, "is known by its name, and can be taken out", async () => {
    expect(await isStreamed((callbacks) => callbacks)).toBe(true);
    expect(await isStreamed(withoutMessageStream)).toBe(false);
  });

  const replaced = {
    of: "@langchain/langgraph",
    breaks: "Clients show a plan as an empty message, and then as a call of a tool that nobody makes.",
  } as const;

  checkTouch(replaced, "can be replaced by one that hands on less", async () => {
    class Silent extends BaseCallbackHandler {
      readonly name = "Silent";
      readonly lc_prefer_streaming = true;
    }
    const wrapped: string[] = [];
    const wrap = (stream: BaseCallbackHandler) => {
      wrapped.push(stream.name);
      return new Silent();
    };
    expect(await isStreamed((callbacks) => withMessageStream(callbacks, wrap))).toBe(false);
    expect(wrapped).toHaveLength(1);
  });
});
