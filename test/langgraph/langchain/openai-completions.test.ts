import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { HumanMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { expect } from "vitest";
import { createOpenAiCompletions } from "../../../src/langgraph/index.js";
import { checkTouch } from "../touch.js";

const touch = {
  of: "@langchain/openai",
  breaks:
    "A model's refusal looks like an empty answer: the agent asks again, and the run fails instead of being refused.",
} as const;

checkTouch(
  touch,
  "a refusal is in what ChatOpenAI keeps of the raw answer, and the raw answer is gone",
  async () => {
    const server = createServer((_request, response) => {
      const chunk = (delta: object, finish_reason: string | null) => ({
        id: "1",
        object: "chat.completion.chunk",
        created: 1,
        model: "m",
        choices: [{ index: 0, delta, finish_reason }],
      });
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const one of [chunk({ role: "assistant", refusal: "I will not." }, null), chunk({}, "stop")]) {
        response.write(`data: ${JSON.stringify(one)}\n\n`);
      }
      response.end("data: [DONE]\n\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const port = portOf(server.address());
    const fields = {
      model: "m",
      apiKey: "none",
      maxRetries: 0,
      configuration: { baseURL: `http://127.0.0.1:${port}/v1` },
    };
    try {
      const completions = await createOpenAiCompletions(fields);
      const model: ChatOpenAI = Reflect.construct(ChatOpenAI, [{ ...fields, completions }]);
      const said: Record<string, unknown>[] = [];
      for await (const { additional_kwargs } of await model.stream([new HumanMessage("go")])) {
        said.push(additional_kwargs);
      }
      expect(said.map(({ refusal }) => refusal).filter(Boolean)).toEqual(["I will not."]);
      expect(said.filter((one) => "__raw_response" in one)).toEqual([]);
    } finally {
      server.close();
    }
  },
);

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}
