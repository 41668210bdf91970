import { afterEach, describe, expect, it, vi } from "vitest";
import { createGraph } from "../../../graphs/research.js";
import { type Loopback, recorded, type SeenRequest, startLoopback } from "../../tools/search/loopback.js";
import { linesUnder, removeDocuments, research, writeDocuments } from "./run-research.js";

const isSearch = ({ url }: SeenRequest) => url.searchParams.get("list") === "search";
const wikipedia = (request: SeenRequest) =>
  recorded(isSearch(request) ? "wikipedia-search.json" : "wikipedia-page.json");

let server: Loopback;
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  removeDocuments();
});

describe("research with services on the network", () => {
  it("cites the pages of Wikipedia", async () => {
    server = await startLoopback(wikipedia);
    const { response, status } = await research("Who was Ada Lovelace?", {
      providers: ["wikipedia"],
      search: { wikipedia: { baseUrl: `${server.origin}/w/api.php`, maxResults: 1 } },
    });
    expect(status).toBe("done");
    expect(response).toMatch(/“Augusta Ada King, Countess of Lovelace .* Analytical Engine\.” \[1\]/);
    expect(response).toContain("[1] Ada Lovelace (Wikipedia: Ada Lovelace, found by wikipedia)");
  });

  it("searches services and documents side by side, and cites both", async () => {
    server = await startLoopback(() => recorded("searxng.json"));
    const data = writeDocuments({ "ada.md": "# Notes\n\nAda Lovelace wrote the first computer program.\n" });
    const run = await research("Who was Ada Lovelace?", {
      data,
      providers: ["documents", "searxng"],
      search: { searxng: { url: server.origin } },
    });
    expect(
      run.pastSteps
        .slice(0, 2)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["find-1-documents", "find-1-searxng"]);
    expect(run.response).toContain("Ada Lovelace wrote the first computer program.");
    expect(run.response).toContain("(https://en.wikipedia.org/wiki/Ada_Lovelace, found by searxng)");
    expect(run.response).toContain("(ada.md, line 3)");
  });

  it("takes the folder of documents where a service cannot be reached, and says so", async () => {
    server = await startLoopback(() => ({ status: 404, body: "gone" }));
    const data = writeDocuments({ "ada.md": "# Notes\n\nAda Lovelace wrote the first computer program.\n" });
    const run = await research("Who was Ada Lovelace?", {
      data,
      providers: ["searxng"],
      search: { searxng: { url: server.origin } },
      executor: { retry: { baseMs: 1 } },
    });
    expect(run.status).toBe("done");
    expect(run.pastSteps.map(({ id, status }) => [id, status])).toContainEqual(["find-1-instead", "done"]);
    expect(run.response).toContain("“Ada Lovelace wrote the first computer program.” [1]");
    expect(linesUnder(run.response, "Notes")[0]).toMatch(/^- searxng could not be searched: .*Not Found/);
  });

  it("takes the services of the environment, and leaves out what is none", async () => {
    server = await startLoopback(() => recorded("searxng.json"));
    vi.stubEnv("PLAN_EXECUTE_RESEARCH_PROVIDERS", "searxng, nothing");
    vi.stubEnv("SEARXNG_API_BASE", server.origin);
    const run = await research("Who was Ada Lovelace?");
    expect(run.pastSteps[0]?.tool).toBe("search_searxng");
    expect(run.response).toContain("found by searxng");
  });

  it("asks nobody when it is made, and refuses options that cannot be used", async () => {
    server = await startLoopback(wikipedia);
    createGraph({ providers: ["wikipedia", "arxiv", "duckduckgo", "searxng", "tavily"] });
    expect(server.requests).toEqual([]);
    expect(() => createGraph({ limit: 0 })).toThrow(/options of the research graph.*limit/s);
    expect(() => createGraph({ threshold: 1.1 })).toThrow(/threshold/);
    expect(() => createGraph({ providers: [] })).toThrow(/providers/);
  });
});
