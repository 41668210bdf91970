// Point 14: a result that cannot be stored ends the run, tells why, and lets no further step begin.
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { InMemoryStore } from "@langchain/langgraph";
import Database from "better-sqlite3";
import { z } from "zod";
import { createCheckpointer } from "../../../src/index.js";
import { type Attack, areaOf, judge, type NamedAttack } from "../case.js";
import { callCommand } from "../process/command.js";
import { Victim, type VictimOptions } from "../victim.js";
import { databaseError, FailingSaver, slowly, type Trouble } from "./failing-saver.js";

const chain = Array.from({ length: 12 }, (_, index) => ({
  id: `s${index}`,
  description: `Step ${index}`,
  tool: "work",
  args: { name: `s${index}` },
  dependsOn: index === 0 ? [] : [`s${index - 1}`],
}));
const beside = [
  { ...chain[0], id: "quick", args: { name: "quick" } },
  { ...chain[0], id: "slow", args: { name: "slow" } },
  { ...chain[0], id: "after", args: { name: "after" }, dependsOn: ["quick"] },
];
const failing =
  (from: number, error = databaseError("ENOSPC")): Trouble =>
  ({ count }) => {
    if (count >= from) {
      throw error;
    }
  };
const at =
  (text: string, error = databaseError("ENOSPC")): Trouble =>
  (write) => {
    if (write.text.includes(text)) {
      throw error;
    }
  };

/** Databases that are full, busy, slow, or gone. */
export const writeCases = areaOf("failed writes", [
  {
    name: "The result of a step cannot be stored while another runs",
    expected: "the process lives, the next step does not begin",
    async run() {
      const { victim, saver } = work(beside);
      saver.onWrites = at("quick done");
      const outcome = await victim.begin();
      await delay(300);
      const names = victim.calls.map(({ args }) => args.name);
      return judge(!names.includes("after") && isEnded(outcome), told(victim, outcome));
    },
  },
  {
    name: "No result can be stored any more after the second of twelve steps",
    expected: "no further step, an end that says why",
    async run() {
      const { victim, saver } = work(chain);
      saver.onWrites = at("s1 done");
      const outcome = await victim.begin();
      return judge(victim.calls.length <= 2 && isEnded(outcome), told(victim, outcome));
    },
  },
  {
    name: "The disk is full from the second step on, and later has room again",
    expected: "each step once, but for the one that was not stored",
    async run() {
      const { victim, saver } = work(chain);
      saver.onWrites = at("s1 done");
      saver.onPut = failing(4);
      await victim.begin();
      saver.onWrites = () => {};
      saver.onPut = () => {};
      await victim.goOn();
      const counts = new Map<unknown, number>();
      for (const { args } of victim.calls) {
        counts.set(args.name, (counts.get(args.name) ?? 0) + 1);
      }
      const repeated = [...counts].filter(([, count]) => count > 1);
      const isRight =
        counts.size === 12 && repeated.length <= 1 && repeated.every(([, count]) => count === 2);
      return judge(
        isRight,
        `${counts.size} steps, repeated: ${repeated.map(([name, count]) => `${name} ${count}`).join(", ") || "none"}`,
      );
    },
  },
  {
    name: "The database is busy twice, and then is not",
    expected: "each step once, the run is done",
    async run() {
      const { victim, saver } = work(chain.slice(0, 4));
      let times = 0;
      saver.onWrites = ({ text }) => {
        if (text.includes("s1 done") && times++ < 2) {
          throw databaseError("SQLITE_BUSY");
        }
      };
      const outcome = await victim.begin();
      return judge(victim.calls.length === 4 && statusOf(outcome) === "done", told(victim, outcome));
    },
  },
  ...[1, 2, 3, 4, 5].map(
    (from): NamedAttack => ({
      name: `Checkpoint ${from} and all after it cannot be written`,
      expected: "the process lives, an end that says why",
      async run() {
        const { victim, saver } = work(beside);
        saver.onPut = failing(from);
        const outcome = await victim.begin();
        await delay(100);
        return judge(isEnded(outcome), told(victim, outcome));
      },
    }),
  ),
  {
    name: "Nothing can be written at all",
    expected: "no step begins, an end that says why",
    async run() {
      const { victim, saver } = work(beside);
      saver.onPut = failing(1);
      saver.onWrites = failing(1);
      const outcome = await victim.begin();
      return judge(victim.calls.length === 0 && isEnded(outcome), told(victim, outcome));
    },
  },
  {
    name: "A write is rejected with nothing",
    expected: "the process lives, an end",
    async run() {
      const { victim, saver } = work(beside);
      saver.onWrites = ({ text }) => (text.includes("quick done") ? Promise.reject(undefined) : undefined);
      const outcome = await victim.begin();
      await delay(300);
      return judge(
        isEnded(outcome) && !victim.calls.some(({ args }) => args.name === "after"),
        told(victim, outcome),
      );
    },
  },
  {
    name: "A result cannot be stored, and the tool that still runs fails after that",
    expected: "the process lives, an end",
    async run() {
      const { victim, saver } = work([beside[0], { ...chain[0], id: "bad", args: { name: "bad" } }]);
      saver.onWrites = at("quick done");
      const outcome = await victim.begin();
      await delay(300);
      return judge(isEnded(outcome), told(victim, outcome));
    },
  },
  {
    name: "An item of a list cannot be stored",
    expected: "the process lives, an end",
    async run() {
      const each = {
        ...chain[0],
        id: "each",
        args: { name: "{{item}}" },
        forEach: "{{list}}",
        dependsOn: ["list"],
      };
      const { victim, saver } = work([
        { id: "list", description: "List", tool: "list", args: {} },
        each,
        { ...chain[0], id: "after", args: { name: "after" }, dependsOn: ["each"] },
      ]);
      saver.onWrites = at("item 1 done");
      const outcome = await victim.begin();
      await delay(100);
      return judge(
        isEnded(outcome) && !victim.calls.some(({ args }) => args.name === "after"),
        told(victim, outcome),
      );
    },
  },
  {
    name: "What waits for a person cannot be stored",
    expected: "the process lives, nothing is called",
    async run() {
      const saver = new FailingSaver();
      const victim = new Victim({ checkpointer: saver, approval: { tools: { pay: true } } });
      saver.onWrites = at("actionRequests");
      const outcome = await victim.begin();
      await delay(100);
      return judge(victim.calls.length === 0, told(victim, outcome));
    },
  },
  ...(["get", "put", "batch", "search"] as const).map(
    (method): NamedAttack => ({
      name: `The store's ${method} fails each time`,
      expected: "the run is done without it",
      async run() {
        const store = new InMemoryStore();
        Object.assign(store, { [method]: () => Promise.reject(databaseError("SQLITE_BUSY")) });
        const { victim } = work(chain.slice(0, 4), { store });
        const outcome = await victim.begin();
        return judge(statusOf(outcome) === "done" && victim.calls.length === 4, told(victim, outcome));
      },
    }),
  ),
  {
    name: "Each write takes half a second, and the caller aborts in between",
    expected: "the process lives",
    async run() {
      const { victim, saver } = work(beside);
      saver.onWrites = slowly(500);
      const outcome = await victim.begin({ signal: AbortSignal.timeout(700) });
      await delay(800);
      return judge(outcome.error !== undefined, told(victim, outcome));
    },
  },
  {
    name: "A write never comes back, and the caller aborts",
    expected: "an end, no further step",
    async run() {
      const { victim, saver } = work(chain.slice(0, 3));
      saver.onWrites = ({ text }) => (text.includes("s0 done") ? new Promise(() => {}) : undefined);
      const outcome = await victim.begin({ signal: AbortSignal.timeout(800) });
      return judge(outcome.error !== undefined && victim.calls.length === 1, told(victim, outcome));
    },
  },
  {
    name: "A read never comes back, and the caller aborts",
    expected: "an end, no step",
    async run() {
      const { victim, saver } = work(chain.slice(0, 3));
      saver.getTuple = () => new Promise(() => {});
      const outcome = await victim.begin({ signal: AbortSignal.timeout(800) });
      return judge(outcome.error !== undefined && victim.calls.length === 0, told(victim, outcome));
    },
  },
  {
    name: "Another process locks the database for six seconds while a step runs beside another",
    expected: "the process lives, each step once or an end that says why",
    deadlineMs: 40_000,
    async run({ folder }) {
      const path = join(folder, "threads.db");
      const { checkpointer, close } = await createCheckpointer(`sqlite:${path}`);
      const other = new Database(path);
      const { victim } = work(beside, { checkpointer }, () => {
        other.exec("BEGIN IMMEDIATE");
        setTimeout(() => other.close(), 6_000);
      });
      const outcome = await victim.begin();
      const count = victim.calls.length;
      await close();
      return judge(isEnded(outcome) || (statusOf(outcome) === "done" && count === 3), told(victim, outcome));
    },
  },
  ...[150, 180, 220].map(
    (kilobytes): NamedAttack => ({
      name: `The command's disk is full at ${kilobytes} kB`,
      expected: "no stack, an exit code that is not 0",
      run: (attack) => fillsUp(attack, kilobytes),
    }),
  ),
]);

/** A run whose tools report what they did. The saver works normally until something is changed. */
function work(steps: readonly unknown[], options: VictimOptions = {}, onQuick = () => {}) {
  const saver = new FailingSaver();
  const victim = new Victim({
    steps,
    checkpointer: saver,
    planner: { maxSteps: 20 },
    moreTools: (spied) => [
      spied.spy("list", z.object({}), () => ["item 0", "item 1", "item 2"], true),
      spied.spy("work", z.object({ name: z.string() }), async ({ name }) => {
        if (name === "slow" || name === "bad") {
          await delay(150);
        }
        if (name === "quick") {
          onQuick();
        }
        if (name === "bad") {
          throw new Error("it failed");
        }
        return `${name} done`;
      }),
    ],
    ...options,
  });
  return { victim, saver };
}

type Ended = Awaited<ReturnType<Victim["begin"]>>;

/** Whether a run ended without success: with a status that says so, or with an error. */
function isEnded(outcome: Ended): boolean {
  return outcome.error !== undefined || statusOf(outcome) === "failed";
}

function statusOf({ output }: Ended): unknown {
  return output === undefined ? undefined : Reflect.get(output, "status");
}

function told(victim: Victim, outcome: Ended): string {
  const names = victim.calls.map(({ args }) => String(args.name ?? "")).join(" ");
  return `${String(outcome.error ?? statusOf(outcome)).slice(0, 60)}; called: ${names || "nothing"}`;
}

/** Simulates a full disk by a limit on the size of files: SQLite gets the same error. */
async function fillsUp(attack: Attack, kilobytes: number) {
  const goal = Array.from({ length: 6 }, (_, index) => `write "${"x".repeat(3_000)}" to ${index}.txt`).join(
    ", then ",
  );
  const { exitCode, stdout, stderr } = await callCommand(attack, [goal], {
    before: `ulimit -f ${kilobytes}`,
  });
  const hasStack = /^\s+at .+:\d+:\d+\)?$/m.test(stderr + stdout) || /unhandled/i.test(stderr);
  const isFine = !hasStack && exitCode !== 0 && exitCode !== null && exitCode < 128;
  return judge(isFine, `exit ${exitCode}${hasStack ? ", a stack" : ""}, ${stderr.slice(0, 80)}`);
}
