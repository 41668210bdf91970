import { createHash } from "node:crypto";
import { performance } from "node:perf_hooks";
import { describe, expect, it } from "vitest";
import { layoutGraph } from "../../src/report/graph-layout.js";
import type { RunSnapshot } from "../../src/report/index.js";
import { ReportError, readRun, renderReport } from "../../src/report/index.js";
import {
  approvedRun,
  BEGAN,
  ended,
  failedRun,
  largeRun,
  limitedRun,
  plainRun,
  planned,
  replannedRun,
  runUnderWay,
  snapshotOf,
  waitingRun,
} from "./made-runs.js";

const now = () => BEGAN + 5_000;
const reading = { now, isReadOnly: () => true };
/** The page as text, without markup. */
const wordsOf = (page: string) =>
  page
    .replace(/<style>.*?<\/style>/s, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");
const stepsOf = (snapshot: RunSnapshot) => readRun(snapshot, reading).steps;

describe("a page", () => {
  it("runs no script, loads nothing, and its policy allows neither", () => {
    const page = renderReport(plainRun());
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|javascript:|url\((?!#)|@import/i);
    const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const [, style = ""] = /<style>(.*?)<\/style>/s.exec(page) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    expect(policy.replaceAll("&#39;", "'")).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
  });

  it("tells what a run took, saved and cost, and what each step did", () => {
    const words = wordsOf(renderReport(plainRun()));
    expect(words).toContain("Saved by parallel work 650 ms 31 % of 2.1 s one after the other");
    expect(words).toContain("Critical path 1.5 s through 3 steps");
    expect(words).toContain("all 3 $0.007835 1,962 981 293 0");
    expect(words).toContain("compare Compare the suppliers in words done · 685 ms · 728 tokens · $0.00248");
  });

  it("marks the critical path in the graph and on the time line", () => {
    expect(stepsOf(plainRun()).flatMap(({ id, isCritical }) => (isCritical ? [id] : []))).toEqual([
      "orders",
      "join",
      "compare",
    ]);
    const page = renderReport(plainRun());
    expect(page.match(/class="row critical"/g)).toHaveLength(3);
    expect(page.match(/class="node good critical"/g)).toHaveLength(3);
    expect(page.match(/class="edge critical"/g)).toHaveLength(2);
  });

  it("tells running, failing, retrying, waiting and asking apart", () => {
    const kindsOf = (snapshot: RunSnapshot, id: string) =>
      stepsOf(snapshot)
        .find((step) => step.id === id)
        ?.spans.map(({ kind }) => kind);
    expect(kindsOf(replannedRun(), "times")).toEqual([
      "failing",
      "retrying",
      "failing",
      "waiting",
      "running",
    ]);
    expect(kindsOf(approvedRun(), "pay")).toEqual(["waiting", "asking", "running"]);
    expect(kindsOf(waitingRun(), "pay")).toEqual(["waiting", "asking"]);
    const phases = readRun(approvedRun(), reading).phases.map(({ kind }) => kind);
    expect(phases).toEqual(["planning", "asking", "answering"]);
  });

  it("shows who decided what, when, and what an edit made of the call", () => {
    expect(wordsOf(renderReport(approvedRun()))).toContain(
      "anna edited pay({&quot;to&quot;:&quot;Nordwind&quot;,&quot;cents&quot;:9290}) to pay({&quot;to&quot;:&quot;Nordwind&quot;,&quot;cents&quot;:9000})",
    );
  });

  it("shows what waits in full, and says of an unknown price that it is unknown", () => {
    const words = wordsOf(renderReport(waitingRun(), { now }));
    expect(words).toContain(
      "Waits for a person Since 2026-11-30 09:00:01 UTC. It takes an answer until 2026-11-30 10:00:00 UTC.",
    );
    expect(words).toContain("Pays at once, and cannot be undone.");
    expect(wordsOf(renderReport(limitedRun()))).toContain("Cost unknown");
  });

  it("shows each version of the plan, and what became of a step that was planned anew", () => {
    const words = wordsOf(renderReport(replannedRun()));
    expect(words).toContain("Version 2 by replanner :  step times failed".replace(" :  ", ": "));
    expect(words).toContain("Before it was planned anew: failed");
  });

  it("keeps a run under way apart from one that is over, and is read again only in the first case", () => {
    const page = renderReport(runUnderWay(), { now, refreshSeconds: 2 });
    expect(page).toContain('http-equiv="refresh" content="2"');
    expect(stepsOf(runUnderWay()).map(({ state }) => state)).toEqual([
      "running",
      "done",
      "running",
      "open",
      "open",
    ]);
    expect(renderReport(plainRun(), { refreshSeconds: 2 })).not.toContain('http-equiv="refresh"');
  });

  it("says of a run that is not over that it runs or was cut off, to whoever knows", () => {
    const now = () => BEGAN + 5_000;
    const badgeOf = (page: string) => /class="badge [^>]*>([^<]*)</.exec(page)?.[1];
    expect(badgeOf(renderReport(runUnderWay(), { now }))).toBe("▶ under way, or cut off");
    expect(badgeOf(renderReport(runUnderWay(), { now, isRunning: true }))).toBe("▶ under way");
    const cutOff = renderReport(runUnderWay(), { now, isRunning: false });
    expect(badgeOf(cutOff)).toBe("✗ cut off");
    expect(cutOff).not.toContain("can run or runs");
    expect(badgeOf(renderReport(plainRun(), { isRunning: false }))).toBe("✓ done");
    expect(badgeOf(renderReport(waitingRun(), { now, isRunning: false }))).toBe("? waits for a person");
  });

  it("of two runs says what differs in plan, time and cost", () => {
    const words = wordsOf(renderReport(plainRun(), { against: replannedRun() }));
    expect(words).toContain("Time 2.6 s 3.7 s +1.1 s");
    expect(words).toContain("Cost $0.007835 $0.0118 +$0.00398");
    expect(words).toContain("times Read the delivery times of last week from the archive only in B");
    expect(words).toContain("orders Look up the orders of October the same");
  });

  it("shows a run without any plan, and one of steps that all failed", () => {
    expect(wordsOf(renderReport(snapshotOf({})))).toContain("No model was called.");
    expect(wordsOf(renderReport(failedRun()))).toContain("ENOENT: there is no file orders.csv");
  });

  it("tells what was undone, and what could not be and why", () => {
    const words = wordsOf(renderReport(failedRun()));
    expect(words).toContain(
      "Undone ✓ undone order({&quot;number&quot;:7}) of step times : Order 7 was cancelled. 2026-11-30 09:00:02 UTC",
    );
    expect(words).toContain(
      "✗ still holds order({&quot;number&quot;:7}) of step refunds : Order &lt;6&gt; was shipped.",
    );
    expect(wordsOf(renderReport(plainRun()))).not.toContain("Undone");
  });

  it("is not made of a thread that holds no turn", () => {
    const empty = { values: {}, config: { configurable: { thread_id: "t" } }, tasks: [] };
    expect(() => renderReport(empty)).toThrow(ReportError);
    expect(() => renderReport({ ...empty, values: { messages: [], plan: "no plan" } })).toThrow(
      'The thread "t" holds no turn',
    );
  });

  it("of hostile texts is as harmless as any other", () => {
    const hostile =
      '</script><script>alert(1)</script>" onload="alert(1)\'><svg onload=alert(1)>\u202e\u0000<!--';
    const step = planned(hostile.slice(0, 60), hostile, [], {
      tool: hostile,
      expect: hostile,
      args: { [hostile]: hostile },
    });
    const result = ended(step, 1, 2, {
      status: "failed",
      output: hostile,
      error: { code: "TOOL_FAILED", message: hostile },
    });
    const run = snapshotOf(
      {
        plan: [step],
        pastSteps: [result],
        response: hostile,
        turn: {
          id: "t",
          goal: hostile,
          goalMessageId: null,
          planMessageId: null,
          startedAt: new Date(BEGAN).toISOString(),
        },
      },
      { threadId: hostile },
    );
    const page = renderReport(run, { against: run }) + renderReport(run);
    expect(page).not.toMatch(/<script|<svg onload|"\s*onload|\u202e/);
    expect(page).not.toContain("\u0000");
    const harmless = [renderReport(failedRun()), renderReport(failedRun(), { against: plainRun() })].join("");
    const tagsOf = (text: string) => new Set(text.match(/<\/?[a-z][a-z0-9]*/gi));
    expect([...tagsOf(page)].filter((tag) => !tagsOf(harmless).has(tag))).toEqual([]);
  });
});

describe("a plan of 200 steps", () => {
  it("becomes a page in a few seconds, in which no box covers another", () => {
    const began = performance.now();
    const page = renderReport(largeRun());
    // A second on a quiet machine. The bound holds on one that is not.
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(page.length).toBeLessThan(1_000_000);
    expect(page.match(/class="node /g)).toHaveLength(200);
    const { nodes } = layoutGraph(stepsOf(largeRun()));
    const covering = nodes.flatMap((one, index) =>
      nodes
        .slice(index + 1)
        .filter((other) => Math.abs(one.x - other.x) < 216 && Math.abs(one.y - other.y) < 76)
        .map((other) => [one, other]),
    );
    expect(covering).toEqual([]);
  });

  it("is laid out once as long as its steps and what they come after are the same", () => {
    const chain = (length: number, first = "a") =>
      Array.from({ length }, (_, index) => ({
        id: `${first}${index}`,
        dependsOn: index < 1 ? [] : [`${first}${index - 1}`],
      }));
    const laidOut = layoutGraph(chain(3));
    expect(layoutGraph(chain(3))).toBe(laidOut);
    expect(layoutGraph(chain(4)).nodes).toHaveLength(4);
    expect(layoutGraph(chain(3).map(({ id }) => ({ id, dependsOn: [] }))).edges).toEqual([]);
    for (let other = 0; other < 20; other += 1) {
      layoutGraph(chain(2, `other${other}-`));
    }
    expect(layoutGraph(chain(3))).not.toBe(laidOut);
    expect(layoutGraph(chain(3))).toEqual(laidOut);
  });

  it("is drawn without the arrows that others imply", () => {
    const chain = ["a", "b", "c"].map((id, index, all) => ({ id, dependsOn: all.slice(0, index) }));
    expect(layoutGraph(chain).edges.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it("is drawn although its steps wait for one another", () => {
    const knot = [
      { id: "a", dependsOn: ["b"] },
      { id: "b", dependsOn: ["a"] },
      { id: "c", dependsOn: ["gone", "c"] },
    ];
    expect(layoutGraph(knot).nodes).toHaveLength(3);
  });
});
