import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ANSWER } from "./gated-model.js";
import { idle, picture, say, states, withChats } from "./with-chats.js";

const chats = withChats();

describe("the plan as text, in a client that knows of no card", () => {
  it("says in words how each step stands, while other steps still run", async () => {
    chats.model.close("agent");
    const chat = await chats.open("plan_execute");
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
    chats.model.open("agent");
    await chat.page.getByText(ANSWER).waitFor();
    await idle(chat);
    expect(await chat.page.locator("li pre").nth(1).textContent()).not.toContain("at work");
    // The message is removed and sent again, and no frame is painted without it.
    const painted = z.array(z.number()).parse(await chat.page.evaluate("window.painted"));
    expect(painted).toEqual([...painted].sort((one, other) => one - other));
    expect(chat.complaints).toEqual([]);
  });

  it("reads a failure as a sentence, and goes on where it stopped when the person says so", async () => {
    chats.model.fail(true);
    const chat = await chats.open("plan_execute");
    await say(chat, "What is the total?");
    await chat.page.getByText("Write “try again”").waitFor();
    await idle(chat);
    await picture(chat, "failure");
    const said = await chat.page.locator("li pre").nth(2).textContent();
    expect(said).toMatch(
      /^The model that answers could not be reached or gave an error, so this is not finished\.\n/,
    );
    expect(said).not.toContain("/srv/chats.model.js");
    expect(await chat.page.locator("section").count()).toBe(0);
    chats.model.fail(false);
    await say(chat, "try again");
    await chat.page.getByText(ANSWER).waitFor();
    await idle(chat);
    expect(await chat.page.locator("li").count()).toBe(5);
    expect(await chat.page.getByRole("alert").textContent()).toBe("");
  });
});

describe("the plan as a card, for an assistant that is named by its id", () => {
  it("appears line by line, shows what runs, and stays when the run is over and after a reload", async () => {
    chats.model.close("plan");
    chats.model.close("agent");
    const chat = await chats.open(await chats.assistantWith({ showPlan: "card" }));
    await say(chat, "What is the total?");
    await chat.page.locator(".plan-card").waitFor();
    await chat.page.getByText("Planning …").waitFor();
    const written = await states(chat);
    expect(written.length).toBeGreaterThan(0);
    expect(written.length).toBeLessThan(3);
    await picture(chat, "card-writing");
    chats.model.open("plan");
    await chat.page.locator(".plan-card li:nth-child(2)[data-state=running]").waitFor();
    await chat.page.locator(".plan-card li:nth-child(3)[data-state=done]").waitFor();
    expect(await states(chat)).toEqual(["done", "running", "done"]);
    await picture(chat, "card-at-work");
    chats.model.open("agent");
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
    const chat = await chats.open(
      await chats.assistantWith({ showPlan: "card", approveTools: ["calculator"] }),
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

  it("stops a step that runs, and says so", async () => {
    chats.model.close("agent");
    const chat = await chats.open(await chats.assistantWith({ showPlan: "card" }));
    await say(chat, "What is the total?");
    await chat.page.locator(".plan-card li:nth-child(2) button", { hasText: "Cancel" }).click();
    await chat.page.locator(".plan-card li:nth-child(2)[data-state=rejected]").waitFor();
    // A plan that is made anew shows it a second time, beside the step that takes its place.
    await chat.page.getByText("rejected: A person cancelled it.").first().waitFor();
    await picture(chat, "card-cancelled");
  });

  it("takes a change while the run goes on", async () => {
    chats.model.close("agent");
    const chat = await chats.open(
      await chats.assistantWith({ showPlan: "card", approveTools: ["calculator"] }),
    );
    await say(chat, "What is the total?");
    await chat.page.locator(".plan-card li:nth-child(2)[data-state=running]").waitFor();
    const skip = chat.page.locator(".plan-card li:nth-child(3) button", { hasText: "Skip" });
    await skip.click();
    chats.model.open("agent");
    await chat.page.locator(".plan-card li:nth-child(3)[data-state=skipped]").waitFor();
    expect(await chat.page.getByRole("alert").textContent()).toBe("");
  });
});
