import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Client } from "@langchain/langgraph-sdk";
import { afterAll, afterEach, beforeAll } from "vitest";
import { type DevServer, startDevServer } from "../server/dev-server.js";
import { type OpenAiServer, startOpenAiServer } from "../support/openai-server.js";
import { type OpenPage, openChat } from "./browser.js";
import { createGatedModel, type GatedModel } from "./gated-model.js";

/** A server with a model whose gates a test opens and closes, and chats with it. */
export interface Chats {
  readonly model: GatedModel;
  client(): Client;
  /** Opens a chat, which is closed after the test; `set` up as docs/chat.md says, or plain. */
  open(assistant: string, set?: boolean): Promise<OpenPage>;
  /** An assistant with a context of its own, which is named by its id. */
  assistantWith(context: Record<string, unknown>): Promise<string>;
}

/** Starts the server for the tests of a file. */
export function withChats(): Chats {
  const model = createGatedModel();
  let models: OpenAiServer;
  let server: DevServer;
  let client: Client;
  const opened: OpenPage[] = [];
  beforeAll(async () => {
    models = await startOpenAiServer(model.answer);
    server = await startDevServer({ ...models.environment, PLAN_EXECUTE_MODEL: "openai:gpt-4.1-mini" });
    client = new Client({ apiUrl: server.url, callerOptions: { maxRetries: 0 } });
  }, 90_000);
  afterEach(async () => {
    model.reset();
    await Promise.all(opened.splice(0).map((chat) => chat.close()));
  });
  afterAll(async () => {
    await server.stop();
    await models.close();
  });
  return {
    model,
    client: () => client,
    async open(assistant, set) {
      const chat = await openChat(server.url, assistant, set);
      opened.push(chat);
      return chat;
    },
    async assistantWith(context) {
      const { assistant_id: id } = await client.assistants.create({ graphId: "plan_execute", context });
      return id;
    },
  };
}

/** Sends a message. */
export async function say({ page }: OpenPage, text: string): Promise<void> {
  await page.getByLabel("message").fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

/** Waits until no run goes on. */
export async function idle({ page }: OpenPage): Promise<void> {
  await page.locator("main[data-busy=false]").waitFor();
}

/** The states of the card's steps, in order. */
export async function states({ page }: OpenPage): Promise<(string | null)[]> {
  const steps = await page.locator(".plan-card ol > li").all();
  return Promise.all(steps.map((step) => step.getAttribute("data-state")));
}

/** Keeps a picture beside the tests, for people: PICTURES=1 npm run test:browser. */
export async function picture({ page }: OpenPage, name: string): Promise<void> {
  if (process.env.PICTURES) {
    const folder = fileURLToPath(new URL("pictures", import.meta.url));
    mkdirSync(folder, { recursive: true });
    await page.setViewportSize({ width: 760, height: 360 });
    await page.screenshot({ path: `${folder}/${name}.png` });
  }
}
