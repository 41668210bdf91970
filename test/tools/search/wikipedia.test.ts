import { describe, expect, it, vi } from "vitest";
import { createWikipediaTool } from "../../../src/tools/search/wikipedia.js";
import { describeSearchTool } from "./contract.js";
import { loopbackFetch, recorded, type SeenRequest, startLoopback } from "./loopback.js";

const isSearch = ({ url }: SeenRequest) => url.searchParams.get("list") === "search";

describeSearchTool({
  provider: "wikipedia",
  name: "wikipedia",
  install:
    "npm install --legacy-peer-deps @langchain/community@1.1.29 @langchain/core@1 @langchain/langgraph@1 langchain@1 zod@4",
  create: (origin) => createWikipediaTool({ baseUrl: `${origin}/w/api.php`, maxResults: 1 }),
  answer: (request) => recorded(isSearch(request) ? "wikipedia-search.json" : "wikipedia-page.json"),
  found: expect.stringMatching(/^Page: Ada Lovelace\nSummary: Augusta Ada King.*Analytical Engine\.$/),
  answerNothing: () => recorded("wikipedia-nothing.json"),
  nothing: "",
});

describe("wikipedia", () => {
  it("asks the Wikipedia of the language, for as many pages and characters as it is told", async () => {
    const server = await startLoopback((request) =>
      recorded(isSearch(request) ? "wikipedia-search.json" : "wikipedia-page.json"),
    );
    vi.stubGlobal("fetch", loopbackFetch(server.origin, "https://de.wikipedia.org"));
    const tool = await createWikipediaTool({ language: "de", maxResults: 2, maxCharacters: 50 });
    expect(await tool.invoke({ query: "ada lovelace" })).toHaveLength(50);
    expect(server.requests.map(({ url }) => url.pathname)).toEqual(Array(3).fill("/w/api.php"));
    expect(
      server.requests.map(({ url }) => url.searchParams.get("srsearch") ?? url.searchParams.get("titles")),
    ).toEqual(["ada lovelace", "Ada Lovelace", "Ada (programming language)"]);
    vi.unstubAllGlobals();
    await server.close();
  });
});
