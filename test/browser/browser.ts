import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";

/** A page in a real browser. */
export interface OpenPage {
  readonly page: Page;
  /** What the browser's console had to complain of. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Opens the chat page on a graph of a server, or on an assistant; `set` up as docs/chat.md says, or plain. */
export async function openChat(serverUrl: string, graph: string, set = false): Promise<OpenPage> {
  const script = await bundle(fileURLToPath(new URL("page/chat.tsx", import.meta.url)));
  const html =
    "<!doctype html><html><head><meta charset=utf-8><title>chat</title><link rel=icon href=data:,></head><body></body></html>";
  const files = new Map([
    ["/", ["text/html", html.replace("</body>", '<script src="/chat.js"></script></body>')]],
    ["/chat.js", ["text/javascript", script]],
  ]);
  const server = createServer(({ url = "/" }, response) => {
    const [type = "text/plain", body = ""] = files.get(new URL(url, "http://page").pathname) ?? [];
    response.writeHead(body === "" ? 404 : 200, { "content-type": type });
    response.end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the page has no port");
  }
  const browser = await startBrowser();
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      complaints.push(message.text());
    }
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  const query = new URLSearchParams({ api: serverUrl, graph, ...(set ? { set: "yes" } : {}) });
  await page.goto(`http://127.0.0.1:${address.port}/?${query}`);
  return {
    page,
    complaints,
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** Starts the browser. */
export async function startBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(`There is no browser at ${CHROMIUM}. Install it: apt-get install chromium`);
  }
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-sync",
    ],
  });
}

export async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}
