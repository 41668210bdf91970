import {
  createPlanExecuteAgent,
  createStore,
  type PlanStep,
  planSchema,
  StateUpdateError,
  type StepResult,
} from "../../../src/index.js";
import type { Chaos, ChaosCase, Scale } from "../case.js";
import { pick } from "../random.js";
import { checkEnd, type Expected, type Faults } from "./check-run.js";
import { type Database, urlOf } from "./database.js";
import { Executioner } from "./executioner.js";
import { openKillSite } from "./kill-site.js";
import { runUndisturbed, theEnd } from "./kill-until-end.js";
import { KilledRun, type ProcessReport, type RunParts } from "./killed-run.js";
import type { Phase } from "./phases.js";
import { createTools, gatedTool, secondSteps } from "./ragged-plan.js";
import { Tally } from "./tally.js";

/** How often each change is made, on each database. */
const roundsByScale: Readonly<Record<Scale, number>> = { short: 1, long: 8 };
const afterKill = "plan edited after a kill";
const afterCancel = "plan edited after a cancel";
const replayed = "replayed after a kill";
const forked = "forked from a checkpoint";
const forkEdited = "forked with an edited plan";

/** Threads whose state is changed from outside, or that continue from an earlier checkpoint. */
export const editCases: readonly ChaosCase[] = [
  createCase("sqlite", "SQLite"),
  createCase("postgres", "PostgreSQL"),
];

function createCase(database: Database, shown: string): ChaosCase {
  return {
    name: `changed from outside, ${shown}`,
    run: async (chaos) => changeRuns(chaos, await urlOf(database, chaos)),
  };
}

async function changeRuns({ seed, scale, folder }: Chaos, url: string) {
  const setting = { shape: "alone", hasStore: true } as const;
  const site = await openKillSite(url, folder, seed, setting);
  const tally = new Tally([afterKill, afterCancel, replayed, forked, forkEdited, theEnd]);
  try {
    const expected = await runUndisturbed(site.nextRun(), tally);
    for (let round = 0; round < roundsByScale[scale]; round += 1) {
      await Promise.all([
        editAfter(site.nextRun(), tally, afterKill, killOnce),
        editAfter(site.nextRun(), tally, afterCancel, (run, random) =>
          run.attempt({ cancelsIn: pick(["e", "h", "agent"], random) }),
        ),
      ]);
      await Promise.all([replay(site.nextRun(), tally, expected), fork(site.nextRun(), tally, expected)]);
    }
  } finally {
    await site.close();
  }
  return tally.rows();
}

/** An additional step beside all others. */
const extra: PlanStep = {
  id: "extra",
  description: "do extra",
  tool: "look_up",
  args: { name: "extra", ms: 20, from: ["{{a}}"] },
  dependsOn: ["a"],
};

/** A broken plan is refused. A good one is carried out, without repeating finished work. */
async function editAfter(
  parts: RunParts,
  tally: Tally,
  phase: string,
  interrupt: (run: KilledRun, random: () => number) => Promise<ProcessReport>,
): Promise<void> {
  const run = new KilledRun(parts);
  tally.try(phase);
  tally.blame(phase, (await interrupt(run, parts.random)).faults);
  tally.blame(phase, await edit(parts));
  const last = await run.attempt({}, undefined, true);
  tally.blame(phase, last.faults);
  tally.blame(phase, await checkEdited(run, last));
}

/** Continues from the last checkpoint by its id. LangGraph then forgets what was stored of the superstep after it. */
async function replay(parts: RunParts, tally: Tally, expected: Expected): Promise<void> {
  const run = new KilledRun(parts);
  tally.try(replayed);
  tally.blame(replayed, (await killOnce(run, parts.random)).faults);
  const { config } = await openAgent(parts, (agent) => agent.getState(configOf(parts)));
  const checkpointId = String(config.configurable?.checkpoint_id);
  const last = await run.attempt({ checkpointId }, undefined, true);
  tally.blame(replayed, last.faults);
  tally.blame(replayed, await checkBranch(run, last, expected));
}

/** Continues from a checkpoint of a run that has ended: first unchanged, then with another plan. */
async function fork(parts: RunParts, tally: Tally, expected: Expected): Promise<void> {
  const run = new KilledRun(parts);
  tally.blame(forked, (await run.attempt()).faults);
  const history = await openAgent(parts, async (agent) => {
    const states = [];
    for await (const state of agent.getStateHistory(configOf(parts))) {
      states.push(state);
    }
    return states;
  });
  const inTurn = history.filter(({ values, next }) => values.turn && next.length > 0);
  // If a step has just failed, its dependents cannot stay in a plan.
  const before = inTurn.filter(
    ({ values, next }) => next.includes("executor") && (values.pastSteps.length === 0 || values.replans > 0),
  );
  const [anywhere, atExecutor] = [inTurn, before].map(
    (states) => states[Math.floor(parts.random() * states.length)],
  );
  if (anywhere === undefined || atExecutor === undefined) {
    throw new Error("The run has no checkpoint to fork from.");
  }

  tally.try(forked);
  const checkpointId = String(anywhere.config.configurable?.checkpoint_id);
  const asItWas = await run.attempt({ checkpointId }, undefined, true);
  tally.blame(forked, asItWas.faults);
  tally.blame(forked, await checkBranch(run, asItWas, expected));

  tally.try(forkEdited);
  tally.blame(forkEdited, await edit(parts, String(atExecutor.config.configurable?.checkpoint_id)));
  const changed = await run.attempt({}, undefined, true);
  tally.blame(forkEdited, changed.faults);
  tally.blame(forkEdited, await checkEdited(run, changed));
}

/**
 * Kills a process while the first steps are running. A tool call is no sign of that, because tools may be called while
 * the plan is still being written.
 */
async function killOnce(run: KilledRun, random: () => number): Promise<ProcessReport> {
  const phase = pick<Phase>(["result stored", "step's model call"], random);
  return run.attempt({ storeMs: 4 }, (kill) => new Executioner(new Map([[phase, 1]]), random, kill));
}

async function edit(parts: RunParts, checkpointId?: string): Promise<Faults> {
  return openAgent(parts, async (agent) => {
    const config = configOf(parts, checkpointId);
    const { values } = await agent.getState(config);
    const steps = withoutDeadEnds(
      planSchema.pick({ steps: true }).parse({ steps: values.plan }).steps,
      values,
    );
    const bad = { ...extra, tool: "no_such_tool", args: { name: "extra", from: ["{{nobody}}"] } };
    const wrong: string[] = [];
    try {
      await agent.updateState(config, { plan: [...steps, bad] });
      wrong.push("a broken plan was taken");
    } catch (error) {
      if (!(error instanceof StateUpdateError)) {
        throw error;
      }
      const unnamed = ["no_such_tool", "nobody"].filter((name) => !error.message.includes(name));
      wrong.push(...unnamed.map((name) => `the refusal does not name ${name}: ${error.message}`));
    }
    await agent.updateState(config, { plan: [...steps, extra] });
    return { lost: [], repeated: [], wrong };
  });
}

/** A plan whose steps wait for one that has failed is refused, so the person replaces them as the replanner would. */
function withoutDeadEnds(
  steps: readonly PlanStep[],
  { pastSteps }: { readonly pastSteps: readonly Pick<StepResult, "id" | "status">[] },
): readonly PlanStep[] {
  const failed = pastSteps.some(({ id, status }) => id === "broken" && status === "failed");
  const isReplaced = secondSteps.every(({ id }) => steps.some((step) => step.id === id));
  return failed && !isReplaced
    ? [...steps.filter(({ id }) => secondSteps.every((step) => step.id !== id)), ...secondSteps]
    : steps;
}

async function checkEdited(run: KilledRun, { end }: ProcessReport): Promise<Faults> {
  if (end === undefined) {
    return noEnd;
  }
  const { lost, repeated, wrong } = checkEnd(end.state, await run.journal());
  const outputs = JSON.stringify(end.state.pastSteps);
  return outputs.includes("extra(a())")
    ? { lost, repeated, wrong }
    : { lost: [...lost, "the new step has no result"], repeated, wrong };
}

async function checkBranch(
  run: KilledRun,
  { end }: ProcessReport,
  { end: expected }: Expected,
): Promise<Faults> {
  if (end === undefined) {
    return noEnd;
  }
  return checkEnd(end.state, await run.journal(), undefined, { end: expected, usedCalls: 0 });
}

const noEnd: Faults = { lost: ["the run came to no end"], repeated: [], wrong: [] };

function configOf({ name }: RunParts, checkpointId?: string) {
  return {
    configurable: { thread_id: name, ...(checkpointId === undefined ? {} : { checkpoint_id: checkpointId }) },
  };
}

/** Opens the agent as an outsider does: it is asked and changed, but runs nothing. */
async function openAgent<Result>(
  parts: RunParts,
  use: (agent: ReturnType<typeof createPlanExecuteAgent>) => Promise<Result>,
): Promise<Result> {
  const { store, close } = await createStore(parts.url);
  try {
    return await use(
      createPlanExecuteAgent({
        model: "offline",
        planner: { maxSteps: 25 },
        approval: { tools: { [gatedTool]: true } },
        tools: createTools(async () => {}),
        checkpointer: parts.store,
        store,
      }),
    );
  } finally {
    await close();
  }
}
