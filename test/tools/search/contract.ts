import type { StructuredToolInterface } from "@langchain/core/tools";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSearchTool, type SearchProvider, SearchToolError } from "../../../src/tools/index.js";
import type { SearchToolDependencies } from "../../../src/tools/search/load-provider.js";
import { type Loopback, loopbackFetch, type Reply, type SeenRequest, startLoopback } from "./loopback.js";

/** What the contract of all search tools is run on. */
export interface SearchContract {
  readonly provider: SearchProvider;
  /** The tool's name. */
  readonly name: string;
  /** What installs what it needs. */
  readonly install: string;
  /** The tool, asking the server at `origin`. */
  readonly create: (origin: string) => Promise<StructuredToolInterface>;
  /** The service whose address is fixed in upstream's code, if it uses `fetch`. */
  readonly service?: string;
  /** The service's answers to a search that finds something. */
  readonly answer: (request: SeenRequest) => Reply;
  /** What the tool makes of them. */
  readonly found: unknown;
  /** The service's answers to one that finds nothing. */
  readonly answerNothing: (request: SeenRequest) => Reply;
  /** What the tool makes of them. */
  readonly nothing: unknown;
  /** Options without which it cannot be made. */
  readonly options?: object;
}

/** What each search tool does, whoever searches. */
export function describeSearchTool(contract: SearchContract): void {
  const { provider, name, install, create, service, answer, found, answerNothing, nothing, options } =
    contract;

  describe(`the contract of all search tools, on ${provider}`, () => {
    let reply: (request: SeenRequest) => Reply;
    let server: Loopback;
    let printed: unknown[][];

    beforeEach(async () => {
      server = await startLoopback((request) => reply(request));
      vi.stubGlobal("fetch", loopbackFetch(server.origin, service));
      printed = [];
      for (const method of ["log", "warn", "error"] as const) {
        vi.spyOn(console, method).mockImplementation((...line) => void printed.push(line));
      }
    });
    afterEach(async () => {
      vi.restoreAllMocks();
      vi.unstubAllGlobals();
      vi.unstubAllEnvs();
      await server.close();
      expect(printed).toEqual([]);
    });

    it("has a stable name, a description, and says that it changes nothing", async () => {
      const tool = await create(server.origin);
      expect(tool.name).toBe(name);
      expect(tool.description).not.toBe("");
      expect(tool).toMatchObject({ metadata: { readOnly: true } });
      expect(server.requests).toEqual([]);
    });

    it("returns what the service found", async () => {
      reply = answer;
      expect(await (await create(server.origin)).invoke({ query: "ada lovelace" })).toEqual(found);
    });

    it("returns nothing, and not a sentence, when nothing was found", async () => {
      reply = answerNothing;
      expect(await (await create(server.origin)).invoke({ query: "qwzxv" })).toEqual(nothing);
    });

    it("asks for a query", async () => {
      const tool = await create(server.origin);
      await expect(tool.invoke({ query: "" })).rejects.toThrow("schema");
      await expect(tool.invoke({})).rejects.toThrow("schema");
      expect(server.requests).toEqual([]);
    });

    it.each<[string, Reply]>([
      ["an HTTP 500", { status: 500, body: "<h1>Internal Server Error</h1>" }],
      ["an HTTP 429", { status: 429, body: "Too Many Requests" }],
      ["a page of HTML", { body: "<html><body>Sign in to the hotel's Wi-Fi</body></html>" }],
      ["JSON of another form", { type: "application/json", body: '{"error":{"code":"maxlag"}}' }],
      ["an empty body", { type: "application/json", body: "" }],
    ])("throws an error that names the provider when the service answers with %s", async (_, given) => {
      reply = () => given;
      const tool = await create(server.origin);
      const error = await tool.invoke({ query: "ada lovelace" }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SearchToolError);
      expect(error).toMatchObject({ code: "SEARCH_FAILED", provider });
      expect(String(error)).toMatch(new RegExp(`^SearchToolError: ${provider}: the search failed: .`));
      expect(server.requests).not.toEqual([]);
    });

    it("is one run to whoever listens, not two", async () => {
      reply = answer;
      const started: unknown[] = [];
      const handleToolStart = (_tool: unknown, _input: string, ...ids: unknown[]) =>
        void started.push(ids[0]);
      const handleRetrieverStart = (_retriever: unknown, _query: string, id: string) => void started.push(id);
      const tool = await create(server.origin);
      await tool.invoke(
        { query: "ada lovelace" },
        { callbacks: [{ handleToolStart, handleRetrieverStart }] },
      );
      expect(started).toHaveLength(1);
    });

    it("rejects with the abort's reason when the run is aborted", async () => {
      const reason = new Error("the user pressed stop");
      const abort = new AbortController();
      // Some upstream tools know no signal: the answer ends them here, or they would ask on in the next test.
      reply = () => {
        abort.abort(reason);
        return { status: 500, body: "" };
      };
      const tool = await create(server.origin);
      const error = await tool
        .invoke({ query: "ada lovelace" }, { signal: abort.signal })
        .catch((thrown: unknown) => thrown);
      expect(error).not.toBeInstanceOf(SearchToolError);
      expect(error).toBeInstanceOf(Error);
    });

    it.each([0, -1, 1.5, 51, Number.NaN])("refuses maxResults %s at construction", async (maxResults) => {
      const attempt = createSearchTool(provider, { ...options, maxResults }, { env: {} });
      await expect(attempt).rejects.toMatchObject({ code: "INVALID_OPTION", provider });
    });

    it("says what to install when a package is missing or does not have what is needed", async () => {
      const missing: SearchToolDependencies["load"] = async (entryPoint) => {
        throw new Error(`Cannot find package '${entryPoint}'\n  imported from somewhere`);
      };
      for (const load of [missing, async () => ({}), async () => undefined]) {
        const attempt = createSearchTool(provider, options, { env: {}, load });
        await expect(attempt).rejects.toMatchObject({
          code: "PACKAGE_MISSING",
          provider,
          message: expect.stringMatching(
            new RegExp(`^${provider}: @langchain/.* cannot be imported .*: ${install}$`),
          ),
        });
      }
    });
  });
}
