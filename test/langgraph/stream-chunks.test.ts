import { interrupt } from "@langchain/langgraph";
import { describe, expect } from "vitest";
import { payloadOf, tellsInterrupt, withPayload } from "../../src/langgraph/stream-chunks.js";
import { type Node, nested, oneNode, thread } from "./graphs.js";
import { checkTouch } from "./touch.js";

const asks: Node = async () => ({ input: interrupt("sure?") });

async function chunksOf(
  graph: ReturnType<typeof oneNode>,
  streamMode: "values" | "updates" | ("values" | "updates")[],
  subgraphs = false,
): Promise<unknown[]> {
  const chunks: unknown[] = [];
  for await (const chunk of await graph.stream({ input: "go" }, { ...thread, streamMode, subgraphs })) {
    chunks.push(chunk);
  }
  return chunks;
}

describe("a run's chunks", () => {
  const question = {
    of: "@langchain/langgraph",
    breaks: "A question that could not be stored is shown all the same, and whoever answers it is not heard.",
  } as const;

  checkTouch(question, "tell of a question under LangGraph's key, in every mode", async () => {
    for (const mode of ["values", "updates", ["values", "updates"]] as const) {
      const chunks = await chunksOf(oneNode(asks), typeof mode === "string" ? mode : [...mode]);
      expect(chunks.some(tellsInterrupt)).toBe(true);
    }
    const graph = nested(asks);
    const chunks: unknown[] = [];
    for await (const chunk of await graph.stream(
      { input: "go" },
      { ...thread, streamMode: ["values", "updates"], subgraphs: true },
    )) {
      chunks.push(chunk);
    }
    expect(chunks.some(tellsInterrupt)).toBe(true);
  });

  const payload = {
    of: "@langchain/langgraph",
    breaks: "The state that a caller sees does not say that the run could not be stored.",
  } as const;

  checkTouch(payload, "end with the state", async () => {
    const node: Node = async () => ({ input: "done" });
    for (const mode of ["values", ["values"]] as const) {
      for (const subgraphs of [false, true]) {
        const given = typeof mode === "string" ? mode : [...mode];
        const last = (await chunksOf(oneNode(node), given, subgraphs)).at(-1);
        expect(payloadOf(last)).toEqual({ input: "done" });
        expect(payloadOf(withPayload(last, "other"))).toBe("other");
      }
    }
  });
});
