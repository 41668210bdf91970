import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createHttpGetTool,
  type HttpGetOptions,
  isPrivateAddress,
} from "../../../src/tools/builtin/http/http-get.js";
import { invokeTool } from "../../../src/tools/invoke-tool.js";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const text =
  (body: string | Buffer, type = "text/plain", status = 200): Answer =>
  (_request, response) => {
    response.writeHead(status, { "content-type": type }).end(body);
  };
const redirect =
  (location: string): Answer =>
  (_request, response) => {
    response.writeHead(302, { location }).end();
  };

let server: Server;
let port: number;
let hits: string[] = [];
const answers = new Map<string, Answer>([
  ["/hello", text("hello")],
  ["/json", text('{"items":[1,2]}', "application/json; charset=utf-8")],
  ["/bad.json", text("{oops", "application/json")],
  ["/latin1", text(Buffer.from([0x63, 0xe9]), "text/plain; charset=iso-8859-1")],
  ["/odd-charset", text("é", "text/plain; charset=x-unheard-of")],
  ["/no-type", (_request, response) => void response.writeHead(200).end("plain")],
  ["/large", text("é".repeat(1_000))],
  ["/image", text("PNG", "image/png")],
  ["/gone", text("no\n such page", "text/html", 404)],
  ["/busy", text("later", "text/plain", 503)],
  ["/hop1", redirect("/hop2")],
  ["/hop2", redirect("/hop3")],
  ["/hop3", redirect("/hello")],
  ["/loop", redirect("/loop")],
  ["/elsewhere", redirect("http://other.test/secret")],
  ["/file", redirect("file:///etc/passwd")],
  ["/inside", redirect("http://169.254.169.254/latest/meta-data")],
  ["/agent", (request, response) => text(String(request.headers["user-agent"]))(request, response)],
  [
    "/endless",
    (_request, response) => void response.writeHead(200, { "content-type": "text/plain" }).write("x"),
  ],
  ["/silent", () => {}],
  ["/gzip", (_request, response) => void response.writeHead(200, { "content-encoding": "gzip", "content-type": "text/plain" }).end("x")], // biome-ignore format: short
]);

beforeAll(async () => {
  server = createServer((request, response) => {
    hits.push(`${request.headers.host} ${request.url}`);
    (answers.get(request.url ?? "") ?? text("none", "text/plain", 404))(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const get = (url: string, options: Partial<HttpGetOptions> = {}, signal?: AbortSignal) =>
  invokeTool({
    tool: createHttpGetTool({ allow: ["127.0.0.1"], allowPrivate: true, ...options }),
    id: "1",
    args: { url },
    repeat: "always",
    maxOutputBytes: 100_000,
    signal,
  });
const here = (path: string, options: Partial<HttpGetOptions> = {}) =>
  get(`http://127.0.0.1:${port}${path}`, options);

describe("http_get", () => {
  it("gives status, type and text", async () => {
    expect(await here("/hello")).toMatchObject({
      output: { status: 200, contentType: "text/plain", body: "hello" },
    });
    expect(await here("/latin1")).toMatchObject({ output: { body: "cé" } });
    expect(await here("/odd-charset")).toMatchObject({ output: { body: "é" } });
    expect(await here("/no-type")).toMatchObject({ output: { contentType: "", body: "plain" } });
    expect(await here("/agent")).toMatchObject({ output: { body: "langgraph-plan-execute" } });
  });

  it("gives a JSON document as JSON, and as text where it is none after all", async () => {
    expect(await here("/json")).toMatchObject({ output: { body: { items: [1, 2] } } });
    expect(await here("/bad.json")).toMatchObject({ output: { body: "{oops" } });
  });

  it("keeps no more than its limit, and says so", async () => {
    const body = `${"é".repeat(50)}… [cut: 101 bytes kept]`;
    expect(await here("/large", { maxBytes: 101 })).toMatchObject({ output: { body, truncated: true } });
  });

  it("follows three redirects and no more", async () => {
    expect(await here("/hop1")).toMatchObject({ output: { body: "hello" } });
    hits = [];
    expect(await here("/loop")).toMatchObject({
      error: { message: expect.stringContaining("more than 3 times") },
    });
    expect(hits).toHaveLength(4);
  });

  it.each([
    ["/elsewhere", 'The host "other.test" may not be asked'],
    ["/inside", 'The host "169.254.169.254" may not be asked'],
    ["/file", "neither http nor https"],
  ])("checks each redirect: %s", async (path, reason) => {
    expect(await here(path)).toMatchObject({ ok: false, retryable: false, error: { message: expect.stringContaining(reason) } }); // biome-ignore format: short
  });

  it("fails on an error status, and is worth another try where the server may recover", async () => {
    expect(await here("/gone")).toMatchObject({
      retryable: false,
      error: { message: expect.stringContaining("answered 404 Not Found: no such page") },
    });
    expect(await here("/busy")).toMatchObject({ retryable: true });
  });

  it("refuses what is no text", async () => {
    expect(await here("/image")).toMatchObject({ error: { message: expect.stringContaining("image/png") } });
    expect(await here("/gzip")).toMatchObject({ error: { message: expect.stringContaining("gzip") } });
  });

  it("gives up after its time, before the answer and in the middle of it", async () => {
    for (const path of ["/silent", "/endless"]) {
      expect(await here(path, { timeoutMs: 50 })).toMatchObject({
        ok: false,
        retryable: true,
        error: { message: expect.stringContaining("longer than 50 ms") },
      });
    }
    const never = () => new Promise<string[]>(() => {});
    const unresolved = get("http://slow.test/", { allow: ["*"], resolveHost: never, timeoutMs: 50 });
    expect(await unresolved).toMatchObject({
      error: { message: expect.stringContaining("longer than 50 ms") },
    });
  });

  it("ends with the caller's signal", async () => {
    const controller = new AbortController();
    const running = get(`http://127.0.0.1:${port}/silent`, {}, controller.signal);
    controller.abort("stop");
    await expect(running).rejects.toBe("stop");
  });

  it("asks only hosts that are allowed", async () => {
    const resolveHost = async () => ["127.0.0.1"];
    const asks = (allow: string[], host: string) => get(`http://${host}/hello`, { allow, resolveHost });
    for (const [allow, host] of [
      ["a.test", `a.test:${port}`],
      [`a.test:${port}`, `A.TEST:${port}`],
      ["*.a.test", `b.a.test:${port}`],
      [`*.a.test:${port}`, `b.a.test:${port}`],
      ["*", `x.test:${port}`],
    ] as const) {
      expect(await asks([allow], host)).toMatchObject({ output: { body: "hello" } });
    }
    for (const [allow, host] of [
      ["a.test", `b.test:${port}`],
      ["a.test", `a.test.evil.test:${port}`],
      ["a.test:81", `a.test:${port}`],
      ["*.a.test", `a.test:${port}`],
      ["*.a.test", `evila.test:${port}`],
      ["*.a.test:81", `b.a.test:${port}`],
    ] as const) {
      expect(await asks([allow], host)).toMatchObject({ error: { message: expect.stringContaining("may not be asked") } }); // biome-ignore format: short
    }
  });

  it("asks nothing on the own machine or network, by number or by name", async () => {
    const closed = { allow: ["*"], allowPrivate: false };
    const hosts = ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "0.0.0.0"];
    hits = [];
    for (const host of hosts) {
      const outcome = await get(`http://${host}:${port}/hello`, closed);
      expect(outcome).toMatchObject({ error: { message: expect.stringContaining("own network") } });
    }
    const mixed = { ...closed, resolveHost: async () => ["93.184.216.34", "127.0.0.1"] };
    expect(await get(`http://a.test:${port}/`, mixed)).toMatchObject({ error: { message: expect.stringContaining("own network") } }); // biome-ignore format: short
    expect(await get(`http://localhost:${port}/`, closed)).toMatchObject({ error: { message: expect.stringContaining("own network") } }); // biome-ignore format: short
    expect(hits).toEqual([]);
  });

  it("fails where a host has no address, or does not answer", async () => {
    const nowhere = { allow: ["*"], resolveHost: async () => [] };
    expect(await get("http://none.test/", nowhere)).toMatchObject({
      error: { message: expect.stringContaining("has no address") },
    });
    const refusing = await get("http://127.0.0.1:1/", { allow: ["127.0.0.1"] });
    expect(refusing).toMatchObject({
      retryable: true,
      error: { message: expect.stringContaining("ECONNREFUSED") },
    });
  });

  it("connects to the address that it checked", async () => {
    hits = [];
    await get(`http://pinned.test:${port}/hello`, { allow: ["*"], resolveHost: async () => ["127.0.0.1"] });
    expect(hits).toEqual([`pinned.test:${port} /hello`]);
  });

  it.each([
    ["hello", "is no address"],
    ["ftp://127.0.0.1/x", "neither http nor https"],
    ["file:///etc/passwd", "neither http nor https"],
    ["http://user:pass@127.0.0.1/", "user name or a password"],
  ])("refuses %s", async (url, reason) => {
    expect(await get(url)).toMatchObject({
      retryable: false,
      error: { message: expect.stringContaining(reason) },
    });
  });

  it("cannot be made without hosts, or with what is no host", () => {
    expect(() => createHttpGetTool({ allow: [] })).toThrow("needs the hosts");
    expect(() => createHttpGetTool({ allow: ["https://example.com/"] })).toThrow("is no host");
  });
});

describe("isPrivateAddress", () => {
  it.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.31.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "localhost",
    "",
  ])(
    // biome-ignore format: short
    "is yes for %j",
    (address) => expect(isPrivateAddress(address)).toBe(true),
  );

  it.each(["8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:4700::6810:84e5", "2a00:1450:4001:82f::200e"])(
    "is no for %s",
    (address) => expect(isPrivateAddress(address)).toBe(false),
  );
});
