import { afterEach, describe, expect, it, vi } from "vitest";
import { createDuckDuckGoTool } from "../../../src/tools/search/duckduckgo.js";
import { describeSearchTool } from "./contract.js";
import { type Loopback, type Reply, recorded, type SeenRequest, startLoopback } from "./loopback.js";

// Where no test says otherwise, a request ends at a closed port of this machine.
process.env.HTTP_PROXY = process.env.HTTPS_PROXY = "http://127.0.0.1:9";

/** Its HTTP client, needle, obeys the proxy variables and sends a proxy even https addresses in the clear. */
function createBehindProxy(origin: string, maxResults?: number) {
  vi.stubEnv("HTTP_PROXY", origin);
  vi.stubEnv("HTTPS_PROXY", origin);
  vi.stubEnv("NO_PROXY", "");
  vi.stubEnv("no_proxy", "");
  return createDuckDuckGoTool({ maxResults });
}

function duckDuckGo(results: Reply): (request: SeenRequest) => Reply {
  return ({ url }) => {
    if (url.hostname === "duckduckgo.com") {
      return recorded("duckduckgo-page.html");
    }
    return url.hostname === "links.duckduckgo.com" ? results : { status: 404, body: url.hostname };
  };
}

const results = [
  {
    title: "Ada Lovelace - Wikipedia",
    url: "https://en.wikipedia.org/wiki/Ada_Lovelace",
    snippet: "Augusta Ada King, Countess of Lovelace, was an English mathematician & writer.",
  },
  {
    title: "Ada Lovelace | Babbage Engine",
    url: "https://www.computerhistory.org/babbage/adalovelace/",
    snippet: "Ada Lovelace has been called the first computer programmer.",
  },
];

describeSearchTool({
  provider: "duckduckgo",
  name: "duckduckgo_search",
  install:
    "npm install --legacy-peer-deps @langchain/community@1.1.29 duck-duck-scrape@2.2.7 @langchain/core@1 @langchain/langgraph@1 langchain@1 zod@4",
  create: (origin) => createBehindProxy(origin),
  answer: duckDuckGo(recorded("duckduckgo-results.js")),
  found: results,
  answerNothing: duckDuckGo(recorded("duckduckgo-nothing.js")),
  nothing: [],
});

describe("duckduckgo", () => {
  let server: Loopback;
  afterEach(async () => {
    vi.unstubAllEnvs();
    await server.close();
  });

  it("returns no more results than it is told", async () => {
    server = await startLoopback(duckDuckGo(recorded("duckduckgo-results.js")));
    const tool = await createBehindProxy(server.origin, 1);
    expect(await tool.invoke({ query: "ada lovelace" })).toEqual(results.slice(0, 1));
    const [page, found] = server.requests;
    expect(
      [page, found].map((request) => [request?.url.hostname, request?.url.searchParams.get("q")]),
    ).toEqual([
      ["duckduckgo.com", "ada lovelace"],
      ["links.duckduckgo.com", "ada lovelace"],
    ]);
  });

  it.each<[string, Reply]>([
    ["it takes us for a robot", recorded("duckduckgo-anomaly.js")],
    ["only its second server fails", { status: 500, body: "DDG.deep.is506" }],
  ])("throws when %s", async (_, reply) => {
    server = await startLoopback(duckDuckGo(reply));
    const tool = await createBehindProxy(server.origin);
    await expect(tool.invoke({ query: "ada lovelace" })).rejects.toMatchObject({
      code: "SEARCH_FAILED",
      message: expect.stringMatching(/^duckduckgo: the search failed: .*(too quickly|server error)/),
    });
  });
});
