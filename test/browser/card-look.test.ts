// How the plan card looks in pages of either color and on a phone. It stands still here; card.test.ts has a server.
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import type { PlanCardProps } from "../../src/index.js";
import { bundle, startBrowser } from "./browser.js";
import { readFaintTexts } from "./faint-texts.js";

type CardStep = PlanCardProps["steps"][number];

const step = (
  id: string,
  text: string,
  state: CardStep["state"],
  more: Partial<CardStep> = {},
): CardStep => ({
  id,
  text,
  state,
  version: 1,
  ...more,
});
const CARD: PlanCardProps = {
  turnId: "turn",
  threadId: "thread",
  status: "waiting",
  steps: [
    step("1", "Look up the orders of October", "done", { seconds: 0.62, result: "3 orders, orders.csv" }),
    step("2", `Read https://example.com/${"long/".repeat(12)} and say what it holds`, "running", {
      startedAt: new Date(Date.now() - 7_265_000).toISOString(),
      items: { ended: 3, total: 5 },
    }),
    step("3", "Buy 148 ACME at 67.25", "waiting", { call: `buy {"account":"${"0123456789".repeat(9)}"}` }),
    step("4", "Fetch the delivery times", "failed", {
      seconds: 72.3,
      reason: "The carrier does not answer.",
    }),
    step("5", "Join orders and refunds", "blocked", { reason: "Step 4 failed." }),
    step("6", "Check the sum", "unexpected", { reason: "5 rows were expected, and 3 came.", version: 2 }),
    step("7", "Send a letter to everybody", "skipped", { decided: ["Skipped by anna"] }),
    step("8", "Pay the invoice", "rejected", {
      reason: "A person cancelled it.",
      decided: ["Rejected by anna"],
    }),
    step("9", "Compare the suppliers in words", "open"),
  ],
  versions: [
    { version: 1, by: "planner", reason: "the goal was planned" },
    { version: 2, by: "replanner", reason: "the carrier did not answer" },
  ],
  decided: ["anna approved the plan"],
  notes: ["Waits for you: Buy 148 ACME at 67.25 (2 of 5)"],
};

const PAGES = { light: "background:#fff;color:#0a0a0a", dark: "background:#0a0a0a;color:#fafafa" } as const;
/** What the system prefers, and what the page is. Not every page asks the system. */
const LOOKS = [
  ["light", "light"],
  ["dark", "dark"],
  ["dark", "light"],
  ["light", "dark"],
] as const;
const PHONE = 390;
const DESK = 1_000;

let browser: Browser;
let script: string;
beforeAll(async () => {
  browser = await startBrowser();
  script = await bundle(fileURLToPath(new URL("page/standing-cards.tsx", import.meta.url)));
});
afterAll(() => browser.close());

async function withCard(
  [colorScheme, colors]: (typeof LOOKS)[number],
  width: number,
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme });
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  try {
    const cards = JSON.stringify([CARD]);
    await page.setContent(
      `<!doctype html><title>card</title><body style="margin:16px;${PAGES[colors]}"><script type="application/json" id="cards">${cards}</script></body>`,
    );
    await page.addScriptTag({ content: script });
    await page.locator(".plan-card").waitFor();
    if (process.env.SCREENSHOTS === "record" && colorScheme === colors) {
      const name = `card-${colors}-${width === PHONE ? "phone" : "desk"}.png`;
      await page.screenshot({
        path: fileURLToPath(new URL(`screenshots/${name}`, import.meta.url)),
        fullPage: true,
      });
    }
    await work(page);
    expect(complaints).toEqual([]);
  } finally {
    await page.close();
  }
}

it.each(LOOKS)("a card is read where the system prefers %s and the page is %s", async (...look) => {
  await withCard(look, DESK, async (page) => {
    const { count, faint } = await readFaintTexts(page);
    expect(count).toBeGreaterThan(40);
    expect(faint).toEqual([]);
  });
});

it("a card fits a phone: words have its width, and buttons stand below them, large enough for a finger", async () => {
  await withCard(["dark", "dark"], PHONE, async (page) => {
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(PHONE);
    const boxes = `(selector) => [...document.querySelectorAll(selector)].map((one) => one.getBoundingClientRect())`;
    const boxesSchema = z.array(z.object({ width: z.number(), height: z.number(), y: z.number() }));
    const read = async (selector: string) =>
      boxesSchema.parse(await page.evaluate(`JSON.parse(JSON.stringify((${boxes})("${selector}")))`));
    for (const { width } of await read(".plan-card .words")) {
      expect(width).toBeGreaterThan(200);
    }
    const buttons = await read(".plan-card button");
    expect(buttons).toHaveLength(11);
    for (const { height } of buttons) {
      expect(height).toBeGreaterThanOrEqual(24);
    }
    const [words] = await read(".plan-card li:nth-child(4) .words");
    const [button] = await read(".plan-card li:nth-child(4) button");
    expect(button?.y).toBeGreaterThanOrEqual((words?.y ?? 0) + (words?.height ?? 0));
  });
});

it("a card tells long times in minutes and hours", async () => {
  await withCard(["light", "light"], DESK, async (page) => {
    const times = await page.locator(".plan-card .seconds").allTextContents();
    expect(times.filter((time) => time !== "")).toEqual(["0.6 s", "2 h 1 min", "1 min 12 s"]);
  });
});
