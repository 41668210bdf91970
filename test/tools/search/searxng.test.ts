import { afterEach, describe, expect, it, vi } from "vitest";
import { createSearxngTool } from "../../../src/tools/search/searxng.js";
import { describeSearchTool } from "./contract.js";
import { type Loopback, recorded, startLoopback } from "./loopback.js";

describeSearchTool({
  provider: "searxng",
  name: "searxng_search",
  install:
    "npm install --legacy-peer-deps @langchain/community@1.1.29 @langchain/core@1 @langchain/langgraph@1 langchain@1 zod@4",
  create: (origin) => createSearxngTool({ url: origin }),
  answer: () => recorded("searxng.json"),
  found: [
    {
      title: "Ada Lovelace - Wikipedia",
      url: "https://en.wikipedia.org/wiki/Ada_Lovelace",
      snippet: "English mathematician and writer, known for her work on the Analytical Engine.",
    },
    {
      title: "Ada Lovelace | Babbage Engine",
      url: "https://www.computerhistory.org/babbage/adalovelace/",
      snippet: 'Called the first computer programmer, {in braces, with "quotes"}.',
    },
  ],
  answerNothing: () => recorded("searxng-nothing.json"),
  nothing: [],
  options: { url: "http://127.0.0.1:1" },
});

describe("searxng", () => {
  let server: Loopback;
  afterEach(async () => {
    vi.unstubAllEnvs();
    await server?.close();
  });

  it("asks the instance of the option before that of the environment", async () => {
    server = await startLoopback(() => recorded("searxng.json"));
    vi.stubEnv("SEARXNG_API_BASE", "http://127.0.0.1:1");
    const tool = await createSearxngTool({
      url: `${server.origin}/searx/`,
      maxResults: 1,
      engines: "brave",
      language: "en",
      headers: { "x-key": "k" },
    });
    expect(await tool.invoke({ query: "ada lovelace" })).toHaveLength(1);
    const { url, headers } = server.requests[0] ?? {};
    expect(url?.pathname).toBe("/searx/search");
    expect(Object.fromEntries(url?.searchParams ?? [])).toMatchObject({
      q: "ada lovelace",
      format: "json",
      engines: "brave",
      language: "en",
    });
    expect(headers).toMatchObject({ "x-key": "k" });
  });

  it("takes the instance from the environment", async () => {
    server = await startLoopback(() => recorded("searxng.json"));
    const tool = await createSearxngTool({}, { env: { SEARXNG_API_BASE: server.origin } });
    expect(await tool.invoke({ query: "ada lovelace" })).toHaveLength(2);
  });

  it("returns the instance's own answer where there are no results", async () => {
    server = await startLoopback(() => recorded("searxng-answer.json"));
    const tool = await createSearxngTool({ url: server.origin });
    expect(await tool.invoke({ query: "6*7" })).toBe("6*7 = 42");
  });

  it("says why the instance cannot be reached", async () => {
    server = await startLoopback(() => recorded("searxng.json"));
    const tool = await createSearxngTool({ url: server.origin });
    await server.close();
    await expect(tool.invoke({ query: "ada lovelace" })).rejects.toMatchObject({
      message: expect.stringMatching(
        /^searxng: the search failed: fetch failed: connect ECONNREFUSED 127\.0\.0\.1/,
      ),
    });
  });

  it("says what to set when it does not know which instance to ask", async () => {
    await expect(createSearxngTool({}, { env: {} })).rejects.toMatchObject({
      code: "URL_MISSING",
      message: expect.stringContaining("Set SEARXNG_API_BASE"),
    });
  });
});
