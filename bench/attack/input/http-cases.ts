// What held before: the agent requests no address of this machine or its network, however it is written.
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { createHttpGetTool, type HttpGetOptions } from "../../../src/index.js";
import { areaOf, judge, type NamedAttack } from "../case.js";

const hosts = [
  "127.0.0.1",
  "localhost",
  "LOCALHOST.",
  "127.1",
  "2130706433",
  "0x7f000001",
  "0177.0.0.1",
  "0x7f.1",
  "127.0.0.1.",
  "0.0.0.0",
  "0",
  "[::1]",
  "[::]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[0:0:0:0:0:ffff:7f00:1]",
  "[64:ff9b::7f00:1]",
  "[2002:7f00:1::]",
  "[::127.0.0.1]",
  "①②⑦.⓪.⓪.①",
  "127。0。0。1",
  "user@127.0.0.1",
  "example.com@127.0.0.1",
  "example.com#@127.0.0.1",
];
const networks = [
  "10.0.0.1",
  "172.16.0.1",
  "192.168.0.1",
  "169.254.169.254",
  "100.64.0.1",
  "[fd00::1]",
  "[fe80::1]",
  "[fd00:ec2::254]",
  "224.0.0.1",
  "255.255.255.255",
];
const names: readonly (readonly [string, readonly string[]])[] = [
  ["of this machine", ["127.0.0.1"]],
  ["of this machine, behind a public address", ["93.184.216.34", "127.0.0.1"]],
  ["of this machine, as IPv6", ["::1"]],
  ["of this machine, as IPv4 in IPv6", ["::ffff:127.0.0.1"]],
  ["that changes with each look-up", []],
];

/** Pages that never come to an end. */
const endless: readonly (readonly [string, (response: ServerResponse) => void])[] = [
  ["has no end", (response) => void setInterval(() => response.write("x".repeat(50_000)), 1).unref()],
  ["comes a letter at a time", (response) => void setInterval(() => response.write("x"), 50).unref()],
  ["never begins", () => {}],
  ["leads to itself for ever", (response) => void response.writeHead(302, { location: "/" }).end()],
  [
    "says that it has a terabyte",
    (response) => void response.writeHead(200, { "content-length": "1000000000000" }).write("x"),
  ],
  [
    "has headers without end",
    (response) => void response.writeHead(200, { "x-long": "x".repeat(60_000) }).end("x"),
  ],
];

/** Addresses that nobody may make the agent request. */
export const httpCases = areaOf("HTTP", [
  ...hosts.map(
    (host): NamedAttack => ({
      name: `A page is fetched from ${host}`,
      expected: "this machine is not asked",
      run: () => asks((port) => `http://${host}:${port}/`),
    }),
  ),
  ...networks.map(
    (host): NamedAttack => ({
      name: `A page is fetched from ${host}`,
      expected: "refused before anything is asked",
      run: () => asks(() => `http://${host}/`),
    }),
  ),
  ...names.map(([what, addresses]): NamedAttack => {
    let lookUps = 0;
    const resolveHost = async () =>
      addresses.length > 0 ? addresses : lookUps++ % 2 === 0 ? ["192.0.2.1"] : ["127.0.0.1"];
    return {
      name: `A page is fetched from a name with an address ${what}`,
      expected: "this machine is not asked",
      run: () => asks((port) => `http://innocent.example:${port}/`, { resolveHost, timeoutMs: 1_000 }),
    };
  }),
  ...[
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "data:text/plain,x",
    "gopher://127.0.0.1:PORT/",
    "javascript:1",
    "//127.0.0.1:PORT/",
    "http:127.0.0.1:PORT",
    "http:/\\127.0.0.1:PORT/",
    "http://127.0.0.1:PORT\\@example.com/",
  ].map(
    (url): NamedAttack => ({
      name: `A page is fetched from ${url}`,
      expected: "this machine is not asked",
      run: () => asks((port) => url.replace("PORT", String(port))),
    }),
  ),
  ...endless.map(
    ([what, answer]): NamedAttack => ({
      name: `A page ${what}`,
      expected: "an end within the time and the bytes that it may have",
      async run() {
        const server = createServer((_, response) => answer(response));
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        const address = server.address();
        const port = typeof address === "object" ? address?.port : address;
        const options = { allow: ["*"], allowPrivate: true, timeoutMs: 1_000, maxBytes: 100_000 };
        const began = performance.now();
        const got = await createHttpGetTool(options)
          .invoke({ url: `http://127.0.0.1:${port}/` })
          .then((page) => JSON.stringify(page), String);
        const took = performance.now() - began;
        server.closeAllConnections();
        server.close();
        return judge(took < 4_000 && got.length < 300_000, `${took.toFixed(0)} ms, ${got.slice(0, 60)}`);
      },
    }),
  ),
]);

async function asks(toUrl: (port: number) => string, options: Partial<HttpGetOptions> = {}) {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.end("the secret of this machine");
  });
  server.listen(0);
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  try {
    const tool = createHttpGetTool({ allow: ["*"], timeoutMs: 3_000, ...options });
    const got = await tool.invoke({ url: toUrl(port) }).then(
      (page) => JSON.stringify(page),
      (error: unknown) => String(error),
    );
    return judge(asked === 0 && !got.includes("the secret") && !got.includes("root:x"), got);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
