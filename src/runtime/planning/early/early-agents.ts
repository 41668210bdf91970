// Agent steps that start while the planner is still writing the plan.
//
//   (1) An agent starts early only if nothing later in the plan can change what it is told: it waits for nothing, sees
//       nothing, and names its tools, which all only read. A middleware or a limit on calls, tokens, dollars or steps
//       keeps it from starting, because these belong to one visit of a node.
//   (2) The executor takes it over only if the step is the same and the whole plan asks no more of its output.
//   (3) If it comes to a call that a person has to allow, the executor begins the step anew.
//   (4) Tokens that were spent are counted whether or not the agent is taken over.
import { type LinkedSignal, linkSignal } from "../../../base/index.js";
import type { Emit } from "../../../events/index.js";
import { findReferences, type PlanStep, stepKind } from "../../../plan/index.js";
import { neededShape, toExpectation } from "../../../prompts/index.js";
import { createSlots } from "../../../scheduler/index.js";
import type { AgentState } from "../../../state/index.js";
import { addUsage, createUsageMeter, emptyUsage, type Usage, type UsageMeter } from "../../../usage/index.js";
import {
  type EarlyAgentEnd,
  type EarlyAgentRun,
  type NodeContext,
  roleFunctions,
  type StepCounter,
  timeNow,
} from "../../run/index.js";
import { hashStep, type PartEnvironment, runAgent, type StepJournal, StepPast } from "../../steps/index.js";
import { HeldEvents } from "./held-events.js";

interface EarlyAgent {
  readonly step: PlanStep;
  readonly meter: UsageMeter;
  readonly events: HeldEvents;
  readonly linked: LinkedSignal;
  /** Undefined if it did not come to an end of its own. */
  readonly end: Promise<EarlyAgentEnd | undefined>;
  isOver: boolean;
}

/** The agent steps of one turn that started early. */
export class EarlyAgents implements EarlyAgentRun {
  readonly #context: NodeContext;
  readonly #state: AgentState;
  readonly #counter: StepCounter;
  readonly #journal: StepJournal | undefined;
  readonly #agents = new Map<string, EarlyAgent>();
  readonly #dropped: EarlyAgent[] = [];

  constructor(
    context: NodeContext,
    state: AgentState,
    { counter, journal }: { readonly counter: StepCounter; readonly journal: StepJournal | undefined },
  ) {
    this.#context = context;
    this.#state = state;
    this.#counter = counter;
    this.#journal = journal;
  }

  has(id: string): boolean {
    return this.#agents.has(id);
  }

  /** Whether an agent step may start before the plan is known. */
  #mayStart(step: PlanStep): boolean {
    const { settings, services } = this.#context;
    const { registry } = services;
    const { maxModelCalls, maxTokens, maxCostUsd, maxSteps } = settings.limits;
    const bounds = [maxModelCalls, maxTokens, maxCostUsd, maxSteps, settings.budget];
    const { tools = [], forEach, if: condition, dependsOn, description, expect, pitfalls } = step;
    return (
      stepKind(step) === "agent" &&
      dependsOn?.length === 0 &&
      forEach === undefined &&
      condition === undefined &&
      findReferences([description, expect, pitfalls]).length === 0 &&
      tools.length > 0 &&
      tools.every((name) => registry.isReadOnly(name)) &&
      settings.executor.middleware.length === 0 &&
      roleFunctions(settings).run === undefined &&
      bounds.every((bound) => bound === undefined)
    );
  }

  /** Starts a step, if it is an agent's and may start. Returns whether it did. */
  start(step: PlanStep): boolean {
    if (!this.#mayStart(step)) {
      return false;
    }
    const linked = linkSignal(this.#context.signal);
    const events = new HeldEvents(this.#context);
    const meter = createUsageMeter();
    const end = this.#run(step, this.#environmentOf(step, { linked, events, meter }));
    const agent: EarlyAgent = { step, meter, events, linked, end, isOver: false };
    this.#agents.set(step.id, agent);
    end.finally(() => {
      agent.isOver = true;
    });
    return true;
  }

  keep(): void {
    for (const { linked } of this.#agents.values()) {
      linked.unlink();
    }
  }

  underWay(): [string, Promise<unknown>][] {
    return [...this.#agents].filter(([, { isOver }]) => !isOver).map(([id, { end }]) => [id, end]);
  }

  cancel(): void {
    for (const id of this.#agents.keys()) {
      this.#drop(id, "The step was started early, and is not wanted.");
    }
  }

  claim(
    step: PlanStep,
    { plan, answerStep }: Pick<AgentState, "plan" | "answerStep">,
    signal: AbortSignal,
    emit: Emit,
  ): Promise<EarlyAgentEnd | undefined> | undefined {
    const agent = this.#agents.get(step.id);
    if (agent === undefined) {
      return undefined;
    }
    const isSame = hashStep(agent.step) === hashStep(step) && answerStep !== step.id;
    if (!isSame || askedOf(step, plan) !== askedOf(step, [step])) {
      this.#drop(step.id, "The executor runs this step itself.");
      return undefined;
    }
    return this.#handOver(agent, signal, emit);
  }

  /** What the agents used that nobody took over. Waits until they have ended. */
  async usageOfDropped(): Promise<Usage> {
    const dropped = this.#dropped.splice(0);
    await Promise.all(dropped.map(({ end }) => end));
    return dropped.map(({ meter }) => meter.total()).reduce(addUsage, emptyUsage());
  }

  async #handOver(agent: EarlyAgent, signal: AbortSignal, emit: Emit): Promise<EarlyAgentEnd | undefined> {
    this.#agents.delete(agent.step.id);
    const unfollow = agent.linked.follow(signal);
    agent.events.tellTo(emit);
    const end = await agent.end;
    unfollow();
    if (end === undefined) {
      this.#dropped.push(agent);
      signal.throwIfAborted();
    }
    return end;
  }

  #drop(id: string, why: string): void {
    const agent = this.#agents.get(id);
    if (agent !== undefined) {
      agent.linked.abort(new DOMException(why, "AbortError"));
      agent.linked.unlink();
      this.#agents.delete(id);
      this.#dropped.push(agent);
    }
  }

  /** An agent that waits for a person or is ended has no end of its own: the executor runs the step. */
  async #run(step: PlanStep, environment: PartEnvironment): Promise<EarlyAgentEnd | undefined> {
    const { services, storage } = this.#context;
    const part = { id: step.id, step, values: new Map(), inputs: [], dependsOn: [] };
    const startedAt = timeNow(services);
    try {
      // Nothing may be done for an input that cannot be stored.
      await storage?.assertStored(environment.signal);
      const decisions = environment.past.decisionsOn(step.id);
      const kept = await this.#journal?.find({ id: step.id, step, inputs: [], decisions });
      const outcome =
        kept === undefined ? await runAgent(part, environment, undefined, startedAt) : undefined;
      return outcome?.kind === "ended"
        ? { result: outcome.result, usage: environment.meter.total() }
        : undefined;
    } catch {
      return undefined;
    }
  }

  #environmentOf(
    step: PlanStep,
    { linked, events, meter }: Pick<EarlyAgent, "linked" | "events" | "meter">,
  ): PartEnvironment {
    const { signal } = linked;
    const { emit } = events;
    const modelCalls = { ...this.#context.modelCalls, emit, signal };
    const nothing = () => undefined;
    return {
      context: { ...this.#context, emit, signal, modelCalls },
      state: { ...this.#state, plan: [step], answerStep: null },
      signal,
      cancelled: signal,
      meter,
      past: new StepPast(this.#state, hashStep(step)),
      common: {
        limit: signal,
        worked: new Set(),
        counter: this.#counter,
        slots: createSlots(1),
        journal: undefined,
        limitMet: nothing,
        claimEarly: nothing,
        claimAgent: nothing,
        countItems: nothing,
      },
    };
  }
}

/** What a plan asks of a step's output, beyond its own words. */
function askedOf(step: PlanStep, plan: readonly PlanStep[]): string {
  return JSON.stringify([toExpectation(step, plan) ?? null, neededShape(step, plan).kind]);
}
