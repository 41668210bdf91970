// Point 17: a change that was accepted is made, however slow the database is between two nodes.
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { type SteerChange, steer } from "../../../src/index.js";
import { areaOf, judge, type NamedAttack } from "../case.js";
import { payStep, Victim } from "../victim.js";
import { FailingSaver } from "./failing-saver.js";

/** Longer than the pause between two nodes after which an earlier version believed that the thread had ended. */
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
  ...(["", null] as const).map(
    (checkpointId): NamedAttack => ({
      name: `A step is skipped while a run is at work, in a config whose checkpoint id is ${JSON.stringify(checkpointId)}`,
      expected: "refused, or no payment",
      async run() {
        const { victim, began, letGo } = heldVictim();
        const running = victim.begin();
        await began;
        const config = { configurable: { ...victim.thread.configurable, checkpoint_id: checkpointId } };
        const skipping = victim.agent
          .updateState(config, { steering: [{ type: "skip", stepId: "pay" }] })
          .then(
            () => "taken",
            () => "refused",
          );
        await delay(50);
        letGo();
        const [how] = await Promise.all([skipping, running]);
        return judge(how === "refused" || victim.callsOf("pay").length === 0, `${how}, ${victim.told()}`);
      },
    }),
  ),
  {
    name: 'A step is skipped while a run is at work on the thread 5, by the name of the thread "5"',
    expected: "refused, or no payment",
    async run() {
      const { victim, began, letGo } = heldVictim();
      const running = victim.agent
        .invoke({ input: "Do it" }, { configurable: { thread_id: 5 } })
        .catch(String);
      await Promise.race([began, running]);
      const skipping = steer(victim.agent, "5", { type: "skip", stepId: "pay" }).then(
        () => "taken",
        () => "refused",
      );
      await delay(50);
      letGo();
      const [how] = await Promise.all([skipping, running]);
      return judge(how === "refused" || victim.callsOf("pay").length === 0, `${how}, ${victim.told()}`);
    },
  },
  {
    name: "Who reads a stream leaves it in its middle without a word, and the thread is used again",
    expected: "a change and a turn come to an end",
    async run() {
      const victim = new Victim({ steps: [look, last], planner: { actEarly: false } });
      const stream = await victim.agent.stream(
        { input: "Do it" },
        { ...victim.thread, streamMode: "updates" },
      );
      const reader = stream[Symbol.asyncIterator]();
      await reader.next();
      const changing = steer(victim.agent, victim.thread.configurable.thread_id, {
        type: "skip",
        stepId: "pay",
      }).then(
        () => "taken",
        () => "refused",
      );
      const how = await Promise.race([changing, delay(3_000, "never")]);
      const ended = await Promise.race([victim.begin().then(() => "ended"), delay(3_000, "never")]);
      return judge(how !== "never" && ended === "ended", `the change: ${how}, the turn: ${ended}`);
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

/** A run whose checkpoints are slow as soon as there is a plan. */
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

/** A run whose first step works until it is released. */
function heldVictim() {
  let begin = () => {};
  let letGo = () => {};
  const began = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const slow = { id: "look", description: "Look for long", tool: "look_long", args: {} };
  const victim = new Victim({
    steps: [slow, last],
    planner: { actEarly: false },
    moreTools: (spied) => [
      spied.spy("look_long", z.object({}), async () => {
        begin();
        await held;
        return "found";
      }),
    ],
  });
  return { victim, began, letGo };
}
