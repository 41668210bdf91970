import { describe, expect, it, vi } from "vitest";
import { createArxivTool } from "../../../src/tools/search/arxiv.js";
import { describeSearchTool } from "./contract.js";
import { loopbackFetch, recorded, startLoopback } from "./loopback.js";

const service = "http://export.arxiv.org";

describeSearchTool({
  provider: "arxiv",
  name: "arxiv_search",
  install:
    "npm install --legacy-peer-deps @langchain/community@1.1.29 fast-xml-parser@5.2.5 @langchain/core@1 @langchain/langgraph@1 langchain@1 zod@4",
  create: () => createArxivTool(),
  service,
  answer: () => recorded("arxiv.xml"),
  found: [
    {
      title:
        "Plan-and-Solve Prompting: Improving Zero-Shot Chain-of-Thought Reasoning by Large Language Models",
      url: "http://arxiv.org/abs/2305.04091v3",
      authors: ["Lei Wang", "Wanyu Xu"],
      published: "2023-05-06T16:34:37Z",
      summary:
        "Large language models have recently been shown to deliver impressive performance in various NLP tasks.",
    },
    {
      title: "An LLM Compiler for Parallel Function Calling",
      url: "http://arxiv.org/abs/2312.04511v3",
      authors: ["Sehoon Kim"],
      published: "2023-12-07T18:32:04Z",
      summary: "We introduce LLMCompiler.",
    },
  ],
  answerNothing: () => recorded("arxiv-nothing.xml"),
  nothing: [],
});

describe("arxiv", () => {
  it("asks for as many papers as it is told, or for the one whose id is the query", async () => {
    const server = await startLoopback(() => recorded("arxiv.xml"));
    vi.stubGlobal("fetch", loopbackFetch(server.origin, service));
    const tool = await createArxivTool({ maxResults: 7 });
    await tool.invoke({ query: "plan & solve" });
    await tool.invoke({ query: "2305.04091" });
    expect(server.requests.map(({ url }) => Object.fromEntries(url.searchParams))).toEqual([
      { search_query: "all:plan & solve", start: "0", max_results: "7" },
      { id_list: "2305.04091" },
    ]);
    vi.unstubAllGlobals();
    await server.close();
  });
});
