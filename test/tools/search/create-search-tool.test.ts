import { describe, expect, it } from "vitest";
import { createSearchTool } from "../../../src/tools/index.js";
import { SEARCH_PROVIDERS } from "../../../src/tools/search/create-search-tool.js";

describe("createSearchTool", () => {
  it("makes the tool of each provider", async () => {
    const env = { TAVILY_API_KEY: "k", SEARXNG_API_BASE: "http://127.0.0.1:1" };
    const names = [];
    for (const provider of SEARCH_PROVIDERS) {
      names.push((await createSearchTool(provider, {}, { env })).name);
    }
    expect(names).toEqual([
      "wikipedia",
      "tavily_search",
      "duckduckgo_search",
      "searxng_search",
      "arxiv_search",
    ]);
  });

  it("lists the providers when asked for another", async () => {
    const fromYaml = JSON.parse('"toString"');
    await expect(createSearchTool(fromYaml)).rejects.toMatchObject({
      code: "UNKNOWN_PROVIDER",
      message: "toString: is no search provider. There are: wikipedia, tavily, duckduckgo, searxng, arxiv",
    });
  });
});
