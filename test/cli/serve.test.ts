// The server of pages, used by a person and attacked by everybody else.
import { existsSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { callCommand, KeptOutput, temporaryFolder } from "./test-surroundings.js";

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends what a browser would not: any header, and a path as it is written. */
function send(
  port: number,
  path: string,
  { method = "GET", headers = {}, body }: Sent = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const WAITING = ["run", "--thread", "w", "--approve-tools", "write_file", 'write "hi" to a.txt'];

/** A server over threads of the offline planner, and a person who has opened it. The last call may start the server. */
async function openServer(...calls: readonly (readonly string[])[]) {
  const folder = temporaryFolder();
  const start = calls.find(([command]) => command === "serve") ?? ["serve"];
  for (const words of calls.filter((one) => one !== start)) {
    await callCommand(words, { folder });
  }
  const abort = new AbortController();
  const stdout = new KeptOutput();
  const printed = new Promise<string>((resolve) => {
    stdout.onWrite = resolve;
  });
  const served = callCommand(start, { folder, stdout, signal: abort.signal, userName: "anna" });
  onTestFinished(async () => {
    abort.abort();
    await served;
  });
  const url = new URL((await printed).trim());
  const port = Number(url.port);
  const opened = await send(port, `${url.pathname}${url.search}`);
  const cookie = String(opened.headers["set-cookie"]).split(";")[0] ?? "";
  const own = { host: url.host, cookie };
  const get = (path: string) => send(port, path, { headers: own });
  const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    send(port, path, {
      method: "POST",
      headers: {
        ...own,
        origin: url.origin,
        "content-type": "application/x-www-form-urlencoded",
        ...headers,
      },
      body: new URLSearchParams(fields).toString(),
    });
  /** The fields of the form on a page, with the choice that is titled so. */
  const fill = async (path: string, title: string, more: Record<string, string> = {}) => {
    const { body } = await get(path);
    const hidden = Object.fromEntries(
      [...body.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(
        ([, name = "", value = ""]) => [name, value],
      ),
    );
    const [, value = ""] = new RegExp(`value="(\\d+)" required> ${title}`).exec(body) ?? [];
    return { ...hidden, "choice-0": value, ...more };
  };
  /** The thread's page, once nothing runs on it any more. */
  const settled = async (path: string) => {
    for (;;) {
      const page = await get(path);
      if (!page.body.includes('http-equiv="refresh"')) {
        return page;
      }
    }
  };
  return { folder, abort, served, url, port, opened, own, get, post, fill, settled };
}

describe("serve", () => {
  it("lists threads with what waits, and shows each", async () => {
    const { get, opened } = await openServer(["run", "--thread", "sum", "Calculate 6*7"], WAITING);
    expect(opened.status).toBe(303);
    expect(opened.headers["set-cookie"]).toEqual([
      expect.stringMatching(/; HttpOnly; SameSite=Strict; Path=\/$/),
    ]);
    const list = await get("/");
    expect(list.body).toMatch(/waits for a person.*write_file\(path: a\.txt, content: hi\).*Calculate 6\*7/s);
    const page = await get("/threads/sum");
    expect(page.status).toBe(200);
    expect(page.body).toContain("Calculate 6*7");
    expect(page.headers["content-security-policy"]).toMatch(
      /^default-src 'none'; style-src 'sha256-.*form-action 'self'; frame-ancestors 'none'$/,
    );
  });

  it("approves what waits under the person's name, and shows what came of it", async () => {
    const { folder, post, fill, settled } = await openServer(WAITING);
    const sent = await post("/threads/w", await fill("/threads/w", "Approve"));
    expect(sent).toMatchObject({ status: 303, headers: { location: "/threads/w" } });
    const { body } = await settled("/threads/w");
    expect(body).toContain("✓ done");
    expect(body).toMatch(/<b><bdi>anna<\/bdi><\/b> approved/);
    expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe("hi");
  });

  it("goes on with what a thread keeps, whatever the server was started with", async () => {
    const { folder, post, fill, settled } = await openServer(WAITING, [
      "serve",
      "--max-steps",
      "1",
      "--graph",
      "general",
    ]);
    await post("/threads/w", await fill("/threads/w", "Approve"));
    expect((await settled("/threads/w")).body).toContain("✓ done");
    const { stdout } = await callCommand(["show", "w", "--json"], { folder });
    expect(JSON.parse(stdout)).toMatchObject({ options: { approveTools: "write_file", root: folder } });
    expect(JSON.parse(stdout).options).not.toHaveProperty("maxSteps");
  });

  it("makes an edited call, and rejects with the person's words", async () => {
    const edited = await openServer(WAITING);
    const args = '{"path":"b.txt","content":"changed"}';
    await edited.post("/threads/w", await edited.fill("/threads/w", "Edit", { "edit-0": args }));
    await edited.settled("/threads/w");
    expect(readFileSync(join(edited.folder, "b.txt"), "utf8")).toBe("changed");
    expect(existsSync(join(edited.folder, "a.txt"))).toBe(false);

    const rejected = await openServer(WAITING);
    await rejected.post(
      "/threads/w",
      await rejected.fill("/threads/w", "Reject", { "words-0": "not <b>this</b> file" }),
    );
    const { body } = await rejected.settled("/threads/w");
    expect(body).toContain("not &lt;b&gt;this&lt;/b&gt; file");
    expect(existsSync(join(rejected.folder, "a.txt"))).toBe(false);
  });

  it("keeps what was typed if it cannot be used, and decides nothing", async () => {
    const { folder, post, fill, get } = await openServer(WAITING);
    const wrong = await post("/threads/w", await fill("/threads/w", "Edit", { "edit-0": '{"path":' }));
    expect(wrong.status).toBe(422);
    expect(wrong.body).toMatch(/This is no JSON.*\{&quot;path&quot;:<\/textarea>/s);
    const { form, request: asked } = Object.assign(
      { form: "", request: "" },
      await fill("/threads/w", "Approve"),
    );
    expect(await post("/threads/w", { form, request: asked })).toMatchObject({ status: 422 });
    expect((await get("/threads/w")).body).toContain("Waits for you");
    expect(existsSync(join(folder, "a.txt"))).toBe(false);
  });

  it("shows many threads page by page, and the others if one cannot be read", async () => {
    const goals = Array.from({ length: 32 }, (_, index) => [
      "run",
      "--quiet",
      "--thread",
      `t${index}`,
      "Calculate 1+1",
    ]);
    const { folder, get } = await openServer(...goals);
    const database = new Database(join(folder, ".plan-execute", "threads.db"));
    database
      .prepare("UPDATE checkpoints SET checkpoint = ? WHERE thread_id = ?")
      .run(Buffer.from("{"), "t30");
    database.close();
    const first = await get("/");
    expect(first.body.match(/href="\/threads\//g)).toHaveLength(29);
    expect(first.body).toMatch(/unreadable.*t30/s);
    expect(first.body).toContain('href="/?page=2"');
    expect((await get("/?page=2")).body.match(/href="\/threads\//g)).toHaveLength(2);
    for (const page of ["0", "-1", "99", "x", "1e9"]) {
      expect(await get(`/?page=${page}`)).toMatchObject({ status: 200 });
    }
    expect(await get("/threads/t30")).toMatchObject({
      status: 500,
      body: expect.stringContaining("cannot be shown"),
    });
    expect(await get("/threads/t31")).toMatchObject({ status: 200 });
  }, 120_000);

  it("ends with Ctrl-C, and leaves no connection", async () => {
    const { abort, served, port } = await openServer();
    abort.abort();
    expect(await served).toMatchObject({ exitCode: 0 });
    await expect(send(port, "/")).rejects.toThrow("ECONNREFUSED");
  });
});

describe("an attack on serve", () => {
  it("without the token, or with a wrong one, sees nothing", async () => {
    const { port, url } = await openServer(WAITING);
    const host = url.host;
    for (const [path, headers] of [
      ["/", { host }],
      ["/threads/w", { host }],
      ["/?token=", { host }],
      ["/?token=AAAA", { host }],
      [`/?token=${"A".repeat(43)}`, { host }],
      ["/", { host, cookie: `plan-execute-${port}=` }],
      ["/", { host, cookie: `plan-execute-${port}=${url.searchParams.get("token")}` }],
    ] as const) {
      const { status, body } = await send(port, path, { headers });
      expect([path, status]).toEqual([path, 401]);
      expect(body).not.toContain("a.txt");
    }
  });

  it("by another name for this machine gets nothing, even with the cookie", async () => {
    const { port, own, url } = await openServer(WAITING);
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      `127.0.0.1.evil.example:${port}`,
      "127.0.0.1",
      `127.0.0.1:${port + 1}`,
    ]) {
      expect(await send(port, "/", { headers: { ...own, host } })).toMatchObject({ status: 421 });
      expect(await send(port, `/${url.search}`, { headers: { host } })).toMatchObject({ status: 421 });
    }
  });

  it("from another site decides nothing, though the browser sends the cookie", async () => {
    const { folder, post, fill, get } = await openServer(WAITING);
    const fields = await fill("/threads/w", "Approve");
    const foreign: readonly Record<string, string>[] = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ];
    for (const headers of foreign) {
      expect(await post("/threads/w", fields, headers)).toMatchObject({ status: 403 });
    }
    expect(await post("/threads/w", { ...fields, form: "guessed" })).toMatchObject({ status: 403 });
    const { headers, body } = await get("/threads/w");
    expect(headers["access-control-allow-origin"]).toBeUndefined();
    expect(headers["x-frame-options"]).toBe("DENY");
    expect(body).toContain("Waits for you");
    expect(existsSync(join(folder, "a.txt"))).toBe(false);
  });

  it("with a decision that was taken before does nothing", async () => {
    const { post, fill, settled } = await openServer(WAITING);
    const fields = await fill("/threads/w", "Approve");
    await post("/threads/w", fields);
    await settled("/threads/w");
    const again = await post("/threads/w", fields);
    expect(again.status).toBe(409);
    expect(again.body).toContain("Nothing was decided");
  });

  it("with a page that is out of date, or of another thread, approves nothing else than it showed", async () => {
    const other = ["run", "--thread", "v", "--approve-tools", "write_file", 'write "secret" to b.txt'];
    const { folder, post, fill, get } = await openServer(WAITING, other);
    const stale = await fill("/threads/w", "Approve");
    expect(await post("/threads/v", stale)).toMatchObject({ status: 409 });
    await callCommand(["--thread", "w", 'write "other" to c.txt'], { folder });
    expect(await post("/threads/w", stale)).toMatchObject({ status: 409 });
    for (const id of ["v", "w"]) {
      expect((await get(`/threads/${id}`)).body).toContain("Waits for you");
    }
    for (const file of ["a.txt", "b.txt", "c.txt"]) {
      expect(existsSync(join(folder, file))).toBe(false);
    }
  });

  it("with paths, methods and bodies that nobody sends meets a plain answer", async () => {
    const { port, own, get, post, fill } = await openServer(WAITING);
    for (const path of [
      "/../../etc/passwd",
      "/threads/../../etc/passwd",
      "/threads/%2e%2e%2fw",
      "/threads/",
      "/threads/w/x",
      "/threads/%ff",
      "/threads/%00",
      "//evil.example/",
      "/threads/__proto__",
    ]) {
      const { status, body } = await get(path);
      expect([path, status]).toEqual([path, 404]);
      expect(body).not.toMatch(/root:|a\.txt/);
    }
    for (const method of ["PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"]) {
      expect(await send(port, "/threads/w", { method, headers: own })).toMatchObject({ status: 405 });
    }
    const fields = await fill("/threads/w", "Approve");
    expect(await post("/threads/gone", fields)).toMatchObject({ status: 404 });
    expect(await post("/threads/w", { ...fields, "choice-0": "__proto__" })).toMatchObject({ status: 422 });
    expect(await post("/threads/w", { ...fields, pad: "x".repeat(1_100_000) })).toMatchObject({
      status: 404,
    });
  });
});
