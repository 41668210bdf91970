import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type DevServer, startDevServer } from "../server/dev-server.js";
import {
  type ModelRequest,
  type OpenAiServer,
  planReply,
  startOpenAiServer,
} from "../support/openai-server.js";
import { type OpenPage, openChat } from "./browser.js";

let models: OpenAiServer;
let server: DevServer;
beforeAll(async () => {
  models = await startOpenAiServer(answer);
  server = await startDevServer({ ...models.environment, PLAN_EXECUTE_MODEL: "openai:gpt-4.1-mini" });
}, 90_000);
afterAll(async () => {
  await server.stop();
  await models.close();
});

const ANSWER = "The **total** is 42, and the sea is blue.";
const SECRET = "what the agent says to itself";

/** A model that plans two steps, one of them an agent's, and answers. */
function answer({ messages, tools = [] }: ModelRequest) {
  const names = tools.map(({ function: { name } }) => name);
  const asked = JSON.stringify(messages.at(-1)?.content ?? "");
  if (names.length === 0) {
    return { text: ANSWER };
  }
  if (names.includes("plan")) {
    if (asked.includes("hello")) {
      return { text: "Hello to you." };
    }
    return planReply([
      { id: "a", description: "Work out the total", tool: "calculator", args: { expression: "6*7" } },
      { id: "b", description: "Say what colour the sea is", dependsOn: [] },
    ]);
  }
  return { text: SECRET };
}

const shownSchema = z.array(z.array(z.object({ id: z.string(), type: z.string(), text: z.string() })));

async function say({ page }: OpenPage, text: string): Promise<void> {
  await page.getByLabel("message").fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

async function idle({ page }: OpenPage): Promise<void> {
  await page.locator("main[data-busy=true]").waitFor({ timeout: 15_000 });
  await page.locator("main[data-busy=false]").waitFor({ timeout: 30_000 });
}

async function screensOf({ page }: OpenPage) {
  return shownSchema.parse(await page.evaluate("window.screens"));
}

/** What holds for each state of the screen, whenever a person looks. */
async function assertSensible(
  { page }: OpenPage,
  screens: Awaited<ReturnType<typeof screensOf>>,
): Promise<void> {
  for (const screen of screens) {
    expect(new Set(screen.map(({ id }) => id)).size).toBe(screen.length);
    expect(screen.filter(({ text }) => text === "")).toEqual([]);
    expect(screen.filter(({ type }) => type !== "human" && type !== "ai")).toEqual([]);
    expect(
      screen.filter(({ text }) => text.includes(SECRET) || /<\/?(?:goal|task|tools|past_steps)>/.test(text)),
    ).toEqual([]);
    if (screen.length > 0) {
      expect(screen[0]?.type).toBe("human");
    }
  }
  // What has been on the screen stays there.
  const painted = z.array(z.number()).parse(await page.evaluate("window.painted"));
  expect(painted).toEqual([...painted].sort((one, other) => one - other));
}

describe("a chat client", () => {
  it("shows the person's words, the plan as it is done, and the answer as it is written", async () => {
    const chat = await openChat(server.url, "plan_execute");
    try {
      await say(chat, "What is the total, and what colour has the sea?");
      await idle(chat);
      const screens = await screensOf(chat);
      await assertSensible(chat, screens);
      const last = screens.at(-1) ?? [];
      expect(last.map(({ type }) => type)).toEqual(["human", "ai", "ai"]);
      expect(last[1]?.text).toBe("**Plan**\n\n1. ~~Work out the total~~\n2. ~~Say what colour the sea is~~");
      expect(last[2]?.text).toBe(ANSWER);
      const answers = screens.flatMap((screen) => screen.filter(({ id }) => id === last[2]?.id));
      expect(new Set(answers.map(({ text }) => text)).size).toBeGreaterThan(2);
      for (const { text } of answers) {
        expect(ANSWER.startsWith(text)).toBe(true);
      }
      expect(await chat.page.locator("li").count()).toBe(3);

      await say(chat, "hello");
      await idle(chat);
      const after = await screensOf(chat);
      await assertSensible(chat, after);
      const texts = after.at(-1)?.map(({ text }) => text) ?? [];
      expect(texts).toEqual([...last.map(({ text }) => text), "hello", "Hello to you."]);
      expect(await chat.page.getByRole("alert").textContent()).toBe("");
      expect(chat.complaints).toEqual([]);
    } finally {
      await chat.close();
    }
  });

  it("asks a person with the form that they know, and goes on with the answer", async () => {
    const careful = await makeCarefulAssistant();
    const chat = await openChat(server.url, careful);
    try {
      await say(chat, "What is the total, and what colour has the sea?");
      await idle(chat);
      expect(await chat.page.locator("section p").allTextContents()).toEqual([
        'calculator {"expression":"6*7"}',
      ]);
      await chat.page.getByRole("button", { name: "Approve" }).click();
      await chat.page.getByText(ANSWER).waitFor({ timeout: 15_000 });
      await chat.page.locator("main[data-busy=false]").waitFor({ timeout: 30_000 });
      const screens = await screensOf(chat);
      await assertSensible(chat, screens);
      expect(screens.at(-1)?.map(({ type }) => type)).toEqual(["human", "ai", "ai"]);
      expect(await chat.page.locator("section").count()).toBe(0);
      expect(chat.complaints).toEqual([]);
    } finally {
      await chat.close();
    }
  });
});

/** An assistant whose calculator waits for a person. */
async function makeCarefulAssistant(): Promise<string> {
  const response = await fetch(`${server.url}/assistants`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ graph_id: "plan_execute", context: { approveTools: ["calculator"] } }),
  });
  return z.object({ assistant_id: z.string() }).parse(await response.json()).assistant_id;
}
