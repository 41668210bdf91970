// Point 17: a change that was taken is made, however slow the database is between two nodes.
import { setTimeout as delay } from "node:timers/promises";
import { type SteerChange, steer } from "../../../src/index.js";
import { areaOf, judge, type NamedAttack } from "../case.js";
import { payStep, Victim } from "../victim.js";
import { FailingSaver } from "./failing-saver.js";

/** Longer than a thread may be between two nodes before today's code takes it for one that has ended. */
const SLOW_MS = 1_600;
const look = { id: "look", description: "Look", tool: "look_up", args: {} };
const last = { ...payStep, dependsOn: ["look"] };

const changes: readonly (readonly [string, SteerChange])[] = [
  ["a step is skipped", { type: "skip", stepId: "pay" }],
  ["the plan is replaced", { type: "plan", steps: [{ ...look, id: "other" }] }],
  ["something is said", { type: "message", text: "do not pay" }],
];

/** Changes that come between two nodes. */
export const steeringCases = areaOf("steering", [
  ...changes.flatMap(([what, change]) => [
    changesBetween(`${what}, between the planner and the executor`, change, 100),
    changesBetween(`${what}, late between the planner and the executor`, change, SLOW_MS - 200),
  ]),
  {
    name: "Ten changes come one after the other while the database is slow",
    expected: "each that was taken is kept",
    deadlineMs: 30_000,
    async run() {
      const { victim, planned } = slowVictim();
      const running = victim.begin();
      await planned;
      const taken: number[] = [];
      await Promise.all(
        Array.from({ length: 10 }, async (_, index) => {
          await delay(index * 150);
          const made = steer(victim.agent, victim.thread.configurable.thread_id, {
            type: "message",
            text: `word ${index}`,
          });
          await made.then(
            () => taken.push(index),
            () => {},
          );
        }),
      );
      await running;
      const { steering } = await victim.state();
      const lost = taken.filter((index) => !JSON.stringify(steering).includes(`word ${index}`));
      return judge(lost.length === 0, `${taken.length} taken, lost: ${lost.join(", ") || "none"}`);
    },
  },
]);

function changesBetween(what: string, change: SteerChange, afterMs: number): NamedAttack {
  return {
    name: `While the database takes ${SLOW_MS} ms for each checkpoint, ${what}`,
    expected: "refused, or no payment",
    deadlineMs: 30_000,
    async run() {
      const { victim, planned } = slowVictim();
      const running = victim.begin();
      await planned;
      await delay(afterMs);
      const refusal = await steer(victim.agent, victim.thread.configurable.thread_id, change).then(
        () => undefined,
        (error: unknown) => error,
      );
      await running;
      const isPaid = victim.callsOf("pay").length > 0;
      return judge(
        !isPaid || refusal !== undefined,
        `${refusal === undefined ? "taken" : "refused"}, ${victim.told()}`,
      );
    },
  };
}

/** A run whose checkpoints take their time as soon as there is a plan. */
function slowVictim() {
  const saver = new FailingSaver();
  const victim = new Victim({ checkpointer: saver, steps: [look, last], planner: { actEarly: false } });
  const planned = new Promise<void>((resolve) => {
    saver.onPut = async ({ text }) => {
      if (text.includes('"look"')) {
        resolve();
        await delay(SLOW_MS);
      }
    };
  });
  return { victim, planned };
}
