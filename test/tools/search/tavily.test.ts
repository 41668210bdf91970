import { afterEach, describe, expect, it } from "vitest";
import { createTavilyTool } from "../../../src/tools/search/tavily.js";
import { describeSearchTool } from "./contract.js";
import { type Loopback, recorded, startLoopback } from "./loopback.js";

const answerOf = (name: string) => JSON.parse(recorded(name).body);

describeSearchTool({
  provider: "tavily",
  name: "tavily_search",
  install: "npm install @langchain/tavily@1.2.0",
  create: (origin) => createTavilyTool({ apiBaseUrl: origin, apiKey: "tvly-key" }),
  answer: () => recorded("tavily.json"),
  found: answerOf("tavily.json"),
  answerNothing: () => recorded("tavily-nothing.json"),
  nothing: answerOf("tavily-nothing.json"),
  options: { apiKey: "tvly-key" },
});

describe("tavily", () => {
  let server: Loopback;
  afterEach(() => server?.close());

  it("sends the key, what the model asked for, and what the options say", async () => {
    server = await startLoopback(() => recorded("tavily.json"));
    const tool = await createTavilyTool(
      { apiBaseUrl: server.origin, maxResults: 3, searchDepth: "advanced", includeAnswer: true },
      { env: { TAVILY_API_KEY: "from-env" } },
    );
    await tool.invoke({ query: "ada", topic: "news", timeRange: "week", includeDomains: ["acm.org"] });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: "POST", headers: { authorization: "Bearer from-env" } });
    expect(request?.url.pathname).toBe("/search");
    expect(JSON.parse(request?.body ?? "")).toEqual({
      client_source: "langchain-js",
      query: "ada",
      topic: "news",
      time_range: "week",
      include_domains: ["acm.org"],
      max_results: 3,
      search_depth: "advanced",
      include_answer: true,
    });
  });

  it("reads no more of an answer than can be of use", async () => {
    const body = JSON.stringify({ results: [], answer: "x".repeat(2_000_000) });
    server = await startLoopback(() => ({ type: "application/json", body }));
    const tool = await createTavilyTool({ apiBaseUrl: server.origin, apiKey: "tvly-key" });
    await expect(tool.invoke({ query: "ada" })).rejects.toMatchObject({
      code: "SEARCH_FAILED",
      message: expect.stringContaining("larger than 2000000 bytes"),
    });
  });

  it("gives status and reason of a refusal", async () => {
    server = await startLoopback(() => ({ ...recorded("tavily-429.json"), status: 429 }));
    const tool = await createTavilyTool({ apiBaseUrl: server.origin, apiKey: "tvly-key" });
    await expect(tool.invoke({ query: "ada" })).rejects.toMatchObject({
      code: "SEARCH_FAILED",
      status: 429,
      message:
        "tavily: the search failed: HTTP 429 (Your request has been blocked due to excessive requests. Please reduce the rate of requests.)",
    });
  });

  it.each([{}, { TAVILY_API_KEY: "" }])("says which key is missing from %j", async (env) => {
    await expect(createTavilyTool({}, { env })).rejects.toMatchObject({
      code: "KEY_MISSING",
      message: expect.stringContaining("Set TAVILY_API_KEY"),
    });
  });
});
