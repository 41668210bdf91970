// The pages of runs in a real browser. `SCREENSHOTS=record npm run test:browser` draws the pictures beside this file anew:
// look at each of them before it is kept.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { renderReport } from "../../src/report/index.js";
import { callCommand, KeptOutput } from "../cli/test-surroundings.js";
import {
  approvedRun,
  BEGAN,
  failedRun,
  largeRun,
  limitedRun,
  plainRun,
  replannedRun,
  runUnderWay,
  waitingRun,
} from "../report/made-runs.js";
import { startBrowser } from "./browser.js";
import { readFaintTexts } from "./faint-texts.js";

const now = () => BEGAN + 5_000;
const PAGES = {
  plain: renderReport(plainRun()),
  replanned: renderReport(replannedRun()),
  approved: renderReport(approvedRun()),
  waiting: renderReport(waitingRun(), { now }),
  limited: renderReport(limitedRun()),
  failed: renderReport(failedRun()),
  "under-way": renderReport(runUnderWay(), { now }),
  against: renderReport(plainRun(), { against: replannedRun() }),
  "200-steps": renderReport(largeRun()),
};
type PageName = keyof typeof PAGES;
const NAMES = Object.keys(PAGES).filter((name): name is PageName => name in PAGES);
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1_200, height: 900 };
const folder = mkdtempSync(join(tmpdir(), "plan-execute-pages-"));
const SCREENSHOTS = fileURLToPath(new URL("screenshots/", import.meta.url));

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
  for (const name of NAMES) {
    writeFileSync(join(folder, `${name}.html`), PAGES[name]);
  }
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

interface Look {
  readonly colorScheme?: "light" | "dark";
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** Opens a page as a file, and fails if the browser complains. */
async function withPage(name: string, look: Look, work: (page: Page) => Promise<void>): Promise<void> {
  await withUrl(pathToFileURL(join(folder, `${name}.html`)).href, look, work);
}

async function withUrl(url: string, look: Look, work: (page: Page) => Promise<void>): Promise<void> {
  const page = await browser.newPage({ viewport: DESK, ...look });
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  try {
    await page.goto(url);
    await work(page);
    expect(complaints).toEqual([]);
  } finally {
    await page.close();
  }
}

/** So much of a long page is kept as a picture. */
const PICTURE_HEIGHT = 1_100;

async function keepPicture(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS !== "record") {
    return;
  }
  const width = page.viewportSize()?.width ?? 0;
  const height = Math.min(
    PICTURE_HEIGHT,
    Number(await page.evaluate("document.documentElement.scrollHeight")),
  );
  const clip = { x: 0, y: 0, width, height };
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true, clip });
}

/** The pictures that are kept of the pages: one of each, and all of the plain one. */
const KEPT = new Set([
  ...[
    "plain-light",
    "plain-dark",
    "plain-phone",
    "replanned-dark",
    "approved-light",
    "waiting-light",
    "limited-light",
  ],
  ...["failed-light", "under-way-light", "against-light", "200-steps-light"],
]);

/** The boxes of the graph, and what of their texts stands out of them. */
const BOXES = `[...document.querySelectorAll(".node")].map((node) => {
  const { left, top, right, bottom } = node.getBoundingClientRect();
  const texts = [...node.querySelectorAll(".name, .fact")].map((text) => text.getBoundingClientRect());
  const isInside = texts.every((text) => text.left >= left && text.right <= right && text.top >= top && text.bottom <= bottom);
  return { left, top, right, bottom, isInside };
})`;
const boxesSchema = z.array(
  z.object({
    left: z.number(),
    top: z.number(),
    right: z.number(),
    bottom: z.number(),
    isInside: z.boolean(),
  }),
);

describe.each(NAMES)("the page %s", (name) => {
  it("is read in light and in dark, at a desk and on a phone, without a complaint", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await withPage(name, { colorScheme }, async (page) => {
        const { count, faint } = await readFaintTexts(page);
        expect(count).toBeGreaterThan(20);
        expect(faint).toEqual([]);
        if (KEPT.has(`${name}-${colorScheme}`)) {
          await keepPicture(page, `${name}-${colorScheme}`);
        }
      });
    }
    await withPage(name, { viewport: PHONE }, async (page) => {
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(PHONE.width);
      if (KEPT.has(`${name}-phone`)) {
        await keepPicture(page, `${name}-phone`);
      }
    });
  });

  it("has boxes that do not cover one another, with their texts inside", async () => {
    await withPage(name, {}, async (page) => {
      const boxes = boxesSchema.parse(await page.evaluate(BOXES));
      expect(boxes.length).toBeGreaterThan(1);
      expect(boxes.filter(({ isInside }) => !isInside)).toEqual([]);
      for (const [index, one] of boxes.entries()) {
        for (const other of boxes.slice(index + 1)) {
          const isApart =
            one.right <= other.left ||
            other.right <= one.left ||
            one.bottom <= other.top ||
            other.bottom <= one.top;
          expect(isApart).toBe(true);
        }
      }
    });
  });
});

describe("a page", () => {
  it("is used with the keyboard alone: every link is reached, and a box opens its step", async () => {
    await withPage("plain", {}, async (page) => {
      const seen: string[] = [];
      for (let last = ""; seen.length < 100; ) {
        await page.keyboard.press("Tab");
        last = String(await page.evaluate("document.activeElement.outerHTML.slice(0, 80)"));
        if (last.startsWith("<body") || (seen.length > 1 && last === seen[0])) {
          break;
        }
        seen.push(last);
      }
      expect(seen[0]).toContain('class="skip"');
      expect(seen.filter((one) => one.includes('class="node'))).toHaveLength(5);
      expect(seen.filter((one) => one.includes('class="label"'))).toHaveLength(5);
      expect(seen.filter((one) => one.startsWith("<summary"))).toHaveLength(6);
      const node = page.locator(".node").nth(1);
      await node.focus();
      expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
      await page.keyboard.press("Enter");
      await page.locator("#step-2 pre").first().waitFor({ state: "visible" });
      expect(await page.locator("#steps details[open]").count()).toBe(1);
      if (process.env.SCREENSHOTS === "record") {
        await page.locator("#steps").screenshot({ path: join(SCREENSHOTS, "opened-step.png") });
      }
    });
  });

  it("shows on a phone what a run cost, and both runs side by side, without being moved sideways", async () => {
    await withPage("plain", { viewport: PHONE }, async (page) => {
      const cost = await page.getByRole("columnheader", { name: "Cost" }).boundingBox();
      expect((cost?.x ?? PHONE.width) + (cost?.width ?? 0)).toBeLessThan(PHONE.width);
    });
    await withPage("against", { viewport: PHONE }, async (page) => {
      const tables = `[...document.querySelectorAll("table")].map((table) => table.parentElement)`;
      const hidden = await page.evaluate(`${tables}.map((place) => place.scrollWidth - place.clientWidth)`);
      expect(hidden).toEqual([0, 0]);
    });
  });

  it("draws its rows in the order of the plan, and time from left to right", async () => {
    await withPage("replanned", {}, async (page) => {
      expect((await page.locator(".row .label bdi:first-of-type").allTextContents()).slice(0, 3)).toEqual([
        "orders",
        "refunds",
        "times",
      ]);
      const row = `[...document.querySelectorAll(".row")].find((one) => one.textContent.includes("times"))`;
      const bars = await page.evaluate(
        `[...${row}.querySelectorAll("rect")].map((bar) => bar.getBoundingClientRect().left)`,
      );
      const lefts = z.array(z.number()).parse(bars);
      expect(lefts).toHaveLength(5);
      expect(lefts).toEqual(lefts.toSorted((a, b) => a - b));
    });
  });

  it("of hostile texts does nothing: the browser runs none of it", async () => {
    const attack = `</script><script>document.title="owned"</script><img src=x onerror="document.title='owned'"><svg onload="document.title='owned'">`;
    const { values, ...snapshot } = plainRun();
    const hostile = {
      ...snapshot,
      values: { ...z.record(z.string(), z.unknown()).parse(values), response: attack },
    };
    writeFileSync(join(folder, "hostile.html"), renderReport(hostile));
    await withPage("hostile", {}, async (page) => {
      expect(await page.title()).toContain("Compare the three suppliers");
      expect(await page.locator("#answer").textContent()).toContain(attack);
      expect(await page.locator("script, img").count()).toBe(0);
    });
  });

  it("that follows a run shows what was written since, and then stands still", async () => {
    writeFileSync(join(folder, "follow.html"), renderReport(runUnderWay(), { now, refreshSeconds: 1 }));
    await withPage("follow", {}, async (page) => {
      await page.getByText("under way, or cut off").waitFor();
      writeFileSync(join(folder, "follow.html"), renderReport(plainRun(), { refreshSeconds: 1 }));
      await page.locator(".badge", { hasText: "done" }).waitFor();
      expect(await page.locator('meta[http-equiv="refresh"]').count()).toBe(0);
    });
  });
});

describe("serve", () => {
  it("lists threads, shows what waits, and goes on with what a person decides", async () => {
    const threads = mkdtempSync(join(folder, "threads-"));
    const surroundings = { folder: threads, userName: "anna" };
    await callCommand(
      ["run", "--thread", "sum", "Calculate 17*23 and 19*29, then add the two results"],
      surroundings,
    );
    await callCommand(
      ["run", "--thread", "letter", "--approve-tools", "write_file", 'write "hi" to a.txt'],
      surroundings,
    );
    const abort = new AbortController();
    const stdout = new KeptOutput();
    const printed = new Promise<string>((resolve) => {
      stdout.onWrite = resolve;
    });
    const served = callCommand(["serve"], { ...surroundings, stdout, signal: abort.signal });
    await withUrl((await printed).trim(), {}, async (page) => {
      expect(page.url()).not.toContain("token");
      await keepPicture(page, "serve-list");
      await page.setViewportSize(PHONE);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(PHONE.width);
      await keepPicture(page, "serve-list-phone");
      await page.setViewportSize(DESK);
      await page.getByRole("link", { name: "write" }).click();
      await page.getByText("Decided as anna.").waitFor();
      expect((await readFaintTexts(page)).faint).toEqual([]);
      await keepPicture(page, "serve-waiting");
      await page.getByLabel("Approve").check();
      await page.getByRole("button", { name: "Decide" }).click();
      await page.locator(".badge", { hasText: "done" }).waitFor();
      expect(await page.locator("#decisions").textContent()).toContain("anna approved write_file");
    });
    abort.abort();
    expect(await served).toMatchObject({ exitCode: 0 });
  });
});
