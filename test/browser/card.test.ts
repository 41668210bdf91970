import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Client } from "@langchain/langgraph-sdk";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type DevServer, startDevServer } from "../server/dev-server.js";
import { type OpenAiServer, startOpenAiServer } from "../support/openai-server.js";
import { type OpenPage, openChat } from "./browser.js";
import { ANSWER, createGatedModel } from "./gated-model.js";

const model = createGatedModel();
let models: OpenAiServer;
let server: DevServer;
let client: Client;
let chat: OpenPage | undefined;
beforeAll(async () => {
  models = await startOpenAiServer(model.answer);
  server = await startDevServer({ ...models.environment, PLAN_EXECUTE_MODEL: "openai:gpt-4.1-mini" });
  client = new Client({ apiUrl: server.url, callerOptions: { maxRetries: 0 } });
}, 90_000);
afterEach(async () => {
  for (const gate of ["plan", "agent", "answer"] as const) {
    model.open(gate);
  }
  model.fail(false);
  await chat?.close();
  chat = undefined;
});
afterAll(async () => {
  await server.stop();
  await models.close();
});

/** An assistant with a context of its own, which is named by its id. */
async function assistantWith(context: Record<string, unknown>): Promise<string> {
  const { assistant_id: id } = await client.assistants.create({ graphId: "plan_execute", context });
  return id;
}

async function say({ page }: OpenPage, text: string): Promise<void> {
  await page.getByLabel("message").fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

async function idle({ page }: OpenPage): Promise<void> {
  await page.locator("main[data-busy=false]").waitFor({ timeout: 30_000 });
}

/** The states of the card's steps, in order. */
async function states({ page }: OpenPage): Promise<(string | null)[]> {
  const steps = await page.locator(".plan-card ol > li").all();
  return Promise.all(steps.map((step) => step.getAttribute("data-state")));
}

/** Keeps a picture beside the tests, for people: PICTURES=1 npm run test:browser. */
async function picture({ page }: OpenPage, name: string): Promise<void> {
  if (process.env.PICTURES) {
    const folder = fileURLToPath(new URL("pictures", import.meta.url));
    mkdirSync(folder, { recursive: true });
    await page.setViewportSize({ width: 760, height: 480 });
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  }
}

describe("the plan as text, in a client that knows of no card", () => {
  it("says in words how each step stands, while other steps still run", async () => {
    model.close("agent");
    chat = await openChat(server.url, "plan_execute");
    await say(chat, "What is the total?");
    await chat.page.getByText("at work").waitFor();
    await chat.page.getByText("~~calculator (result of step 1)+1~~").waitFor();
    await picture(chat, "text-at-work");
    const plan = await chat.page.locator("li pre").nth(1).textContent();
    expect(plan).toBe(
      "**Plan**\n\n1. ~~calculator 6\\*7~~\n2. Say what the sea costs, at \\$5 to \\$7 — *at work*\n" +
        "3. ~~calculator (result of step 1)+1~~",
    );
    expect(await chat.page.locator("li").count()).toBe(2);
    model.open("agent");
    await chat.page.getByText(ANSWER).waitFor();
    await idle(chat);
    expect(await chat.page.locator("li pre").nth(1).textContent()).not.toContain("at work");
    expect(chat.complaints).toEqual([]);
  });

  it("reads a failure as a sentence, and goes on where it stopped when the person says so", async () => {
    model.fail(true);
    chat = await openChat(server.url, "plan_execute");
    await say(chat, "What is the total?");
    await chat.page.getByText("Write “try again”").waitFor();
    await idle(chat);
    await picture(chat, "failure");
    const said = await chat.page.locator("li pre").nth(2).textContent();
    expect(said).toMatch(
      /^The model that answers could not be reached or gave an error, so this is not finished\.\n/,
    );
    expect(said).not.toContain("/srv/model.js");
    expect(await chat.page.locator("section").count()).toBe(0);
    model.fail(false);
    await say(chat, "try again");
    await chat.page.getByText(ANSWER).waitFor();
    await idle(chat);
    expect(await chat.page.locator("li").count()).toBe(5);
    expect(await chat.page.getByRole("alert").textContent()).toBe("");
  });
});

describe("the plan as a card, for an assistant that is named by its id", () => {
  it("appears line by line, shows what runs, and stays when the run is over and after a reload", async () => {
    model.close("plan");
    model.close("agent");
    chat = await openChat(server.url, await assistantWith({ showPlan: "card" }));
    await say(chat, "What is the total?");
    await chat.page.locator(".plan-card").waitFor();
    await chat.page.getByText("Planning …").waitFor();
    const written = await states(chat);
    expect(written.length).toBeGreaterThan(0);
    expect(written.length).toBeLessThan(3);
    await picture(chat, "card-writing");
    model.open("plan");
    await chat.page.locator(".plan-card li[data-state=running]").waitFor();
    await chat.page.locator(".plan-card li:nth-child(3)[data-state=done]").waitFor();
    expect(await states(chat)).toEqual(["done", "running", "done"]);
    await picture(chat, "card-at-work");
    model.open("agent");
    await chat.page.getByText(ANSWER).waitFor();
    await idle(chat);
    expect(await states(chat)).toEqual(["done", "done", "done"]);
    // The text is left out where the card is shown.
    expect(await chat.page.locator("li pre").nth(1).textContent()).toBe("");
    expect(await chat.page.locator(".plan-card .fact").allTextContents()).toEqual([
      "42",
      "Nothing, it is free.",
      "43",
    ]);
    await picture(chat, "card-done");
    await chat.page.reload();
    await chat.page.locator(".plan-card li[data-state=done]").first().waitFor();
    expect(await states(chat)).toEqual(["done", "done", "done"]);
    expect(chat.complaints).toEqual([]);
  });

  it("shows what waits with its call, who decided, and skips a step at a click", async () => {
    chat = await openChat(
      server.url,
      await assistantWith({ showPlan: "card", approveTools: ["calculator"] }),
    );
    await say(chat, "What is the total?");
    await chat.page.locator(".plan-card li[data-state=waiting]").waitFor();
    expect(await chat.page.locator(".plan-card code").allTextContents()).toEqual([
      'calculator {"expression":"6*7"}',
    ]);
    expect(await chat.page.locator(".plan-card .note").allTextContents()).toEqual([
      "Waits for you: Calculator 6*7 (1 of 3)",
    ]);
    await picture(chat, "card-waiting");
    await chat.page.getByRole("button", { name: "Approve" }).click();
    await chat.page.locator(".plan-card li:nth-child(3)[data-state=waiting]").waitFor();
    await idle(chat);
    expect(await chat.page.locator(".plan-card li").first().textContent()).toContain("Approved");
    await chat.page.locator(".plan-card li:nth-child(3) button", { hasText: "Skip" }).click();
    await chat.page.locator(".plan-card li:nth-child(3)[data-state=skipped]").waitFor();
    await chat.page.getByText(ANSWER).waitFor();
    await idle(chat);
    await picture(chat, "card-skipped");
  });

  it("takes a change while the run goes on", async () => {
    model.close("agent");
    chat = await openChat(
      server.url,
      await assistantWith({ showPlan: "card", approveTools: ["calculator"] }),
    );
    await say(chat, "What is the total?");
    await chat.page.locator(".plan-card li:nth-child(2)[data-state=running]").waitFor();
    const skip = chat.page.locator(".plan-card li:nth-child(3) button", { hasText: "Skip" });
    await skip.click();
    model.open("agent");
    await chat.page.locator(".plan-card li:nth-child(3)[data-state=skipped]").waitFor();
    expect(await chat.page.getByRole("alert").textContent()).toBe("");
  });
});
