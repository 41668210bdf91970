// What the server does with a message during a run, a reload and a stop, and what the settings of docs/chat.md change.
import { describe, expect, it } from "vitest";
import { ANSWER } from "./gated-model.js";
import { idle, say, withChats } from "./with-chats.js";

const chats = withChats();

describe("a message that is sent while a run goes on", () => {
  it("waits in the client until the run is over where nothing is set", async () => {
    chats.model.close("agent");
    const chat = await chats.open("plan_execute");
    await say(chat, "What is the total?");
    await chat.page.getByText("at work").waitFor();
    await say(chat, "And the other total?");
    const [{ thread_id: threadId = "" } = {}] = await chats.client().threads.search({ limit: 1 });
    expect(await chats.client().runs.list(threadId)).toHaveLength(1);
    chats.model.open("agent");
    await chat.page.getByText(ANSWER).nth(1).waitFor();
    expect(await chat.page.getByRole("alert").textContent()).toBe("");
  });

  it("ends the run and begins a turn of its own with multitaskStrategy", async () => {
    chats.model.close("agent");
    const chat = await chats.open("plan_execute", true);
    await say(chat, "What is the total?");
    await chat.page.getByText("at work").waitFor();
    await say(chat, "And the other total?");
    await chat.page.getByText("**Plan**").nth(1).waitFor();
    chats.model.open("agent");
    await chat.page.getByText(ANSWER).waitFor();
    await idle(chat);
    expect(await chat.page.getByRole("alert").textContent()).toBe("");
    expect(await chat.page.getByText(ANSWER).count()).toBe(1);
  });
});

describe("a reload during a run", () => {
  it("shows the run again, to its answer, with reconnectOnMount and resumable streams", async () => {
    chats.model.close("agent");
    const chat = await chats.open("plan_execute", true);
    await say(chat, "What is the total?");
    await chat.page.getByText("at work").waitFor();
    await chat.page.reload();
    await chat.page.locator("main[data-busy=true]").waitFor();
    chats.model.open("agent");
    await chat.page.getByText(ANSWER).waitFor();
    await idle(chat);
    expect(await chat.page.locator("li").count()).toBe(3);
    expect(await chat.page.locator("section").count()).toBe(0);
  });
});

describe("a stop", () => {
  it("ends the run itself where the client joins runs again, and the next message is taken", async () => {
    chats.model.close("agent");
    const chat = await chats.open("plan_execute", true);
    await say(chat, "What is the total?");
    await chat.page.getByText("at work").waitFor();
    await chat.page.getByRole("button", { name: "Stop" }).click();
    await idle(chat);
    const threadId = new URL(chat.page.url()).searchParams.get("thread") ?? "";
    await expect
      .poll(async () => (await chats.client().runs.list(threadId)).map(({ status }) => status), {
        timeout: 10_000,
      })
      .toEqual([expect.stringMatching(/interrupted|error/)]);
    chats.model.open("agent");
    await say(chat, "What is the total now?");
    await chat.page.getByText(ANSWER).waitFor();
    await idle(chat);
    expect(await chat.page.getByRole("alert").textContent()).toBe("");
  });
});
