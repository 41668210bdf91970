import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { callCommand, KeptOutput } from "./test-surroundings.js";

/** A server on a port that the system chooses, what was asked of it, and how to end it. */
async function openServer(answer: RequestListener) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the server has no port");
  }
  return { asked, place: { server: "llama.cpp", port: address.port }, close };
}

async function startServer(answer: RequestListener) {
  const { close, ...server } = await openServer(answer);
  onTestFinished(close);
  return server;
}

// Node loads `fetch` when a process first uses it. On a busy machine that takes longer than the command waits.
beforeAll(async () => {
  const { place, close } = await openServer(listsModels());
  await fetch(`http://127.0.0.1:${place.port}/`).then((response) => response.text());
  close();
});

const listsModels =
  (...ids: readonly string[]): RequestListener =>
  (_, response) =>
    response.end(JSON.stringify({ object: "list", data: ids.map((id) => ({ id })) }));

const goal = "Calculate 6*7";

describe("a model server on this machine", () => {
  it("is named with the flags that use it, and not used", async () => {
    const { asked, place } = await startServer(listsModels("qwen2.5-coder-1.5b"));
    const { exitCode, stdout, stderr } = await callCommand([goal], { modelServers: [place] });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^42\n/);
    expect(stderr).toContain(
      `A model server answers on 127.0.0.1:${place.port}, where llama.cpp usually is. It is not used unless you say so: ` +
        `OPENAI_BASE_URL=http://127.0.0.1:${place.port}/v1 OPENAI_API_KEY=none plan-execute ` +
        '--model openai:qwen2.5-coder-1.5b "<goal>"\n',
    );
    expect(asked).toEqual(["GET /v1/models"]);
  });

  it.each([
    ["--quiet is given", ["--quiet"], {}],
    ["--json is given", ["--json"], {}],
    ["a model is named", ["--model", "offline"], {}],
    ["one role's model is named", ["--planner-model", "offline"], {}],
    ["the environment names a model", [], { PLAN_EXECUTE_MODEL: "offline" }],
    ["the environment names a server", [], { OPENAI_BASE_URL: "http://127.0.0.1:1/v1" }],
  ])("is not looked for if %s", async (_, words, environment) => {
    const { asked, place } = await startServer(listsModels("some-model"));
    const { stderr } = await callCommand([goal, ...words], { modelServers: [place], environment });
    expect(stderr).not.toContain("model server");
    expect(asked).toEqual([]);
  });

  it("is not taken for one if something else listens there, or nobody does, or it does not answer", async () => {
    const page = await startServer((_, response) => response.end("<html></html>"));
    const moved = await startServer((_, response) => response.writeHead(302, { location: "/" }).end());
    const endless = await startServer((_, response) => response.writeHead(200).write("x"));
    const empty = await startServer(listsModels());
    const places = [page, moved, endless, empty].map(({ place }) => place);
    const nobody = { server: "Ollama", port: 1 };
    const { exitCode, stderr } = await callCommand([goal], { modelServers: [...places, nobody] });
    expect(exitCode).toBe(0);
    expect(stderr).not.toContain("model server");
  });

  it("cannot bring a command or a control character into the line that is to be copied", async () => {
    const { place } = await startServer(listsModels("x; touch /tmp/y\u001b[2J'"));
    const { stderr } = await callCommand([goal], { modelServers: [place], stderr: new KeptOutput() });
    expect(stderr).toContain("--model $'openai:x; touch /tmp/y\\u001b[2J\\''");
    expect(stderr).not.toContain("\u001b[2J");
  });
});
