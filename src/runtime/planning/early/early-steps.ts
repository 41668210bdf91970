// Steps that start while the planner is still writing the plan.
//
//   (1) A step starts early only if it changes nothing: a direct step of a read-only tool that waits for nobody, and
//       whose references have all been parsed, found valid, and are done. For agents see early-agents.ts.
//   (2) The executor takes over an early call only if step, tool and filled-in arguments are exactly the same. If the
//       plan turns out otherwise, it runs as if nothing had started early.
//   (3) If a plan is not accepted, everything that was started for it ends. The run's abort ends it too, whichever node
//       is at work then. The planner's own signal is not enough for that, because it ends with the planner's superstep.
//   (4) A call that the turn's journal knows is not made again: the run may have gone back to a point before the plan
//       was written.
//   (5) Events of early steps are held, and emitted when the executor takes over the step. Calls are told at once.
//   (6) Each call counts against limits.maxSteps when it begins, and still counts if it is dropped.

import { type JsonValue, type LinkedSignal, linkSignal, raceSignal } from "../../../base/index.js";
import type { Emit } from "../../../events/index.js";
import {
  createStepScanner,
  fillArgs,
  isPassable,
  type PlanIssue,
  type PlanStep,
  planSchema,
  readPlan,
  resolveDependencies,
  type StepResult,
  type StepScanner,
  validatePlan,
} from "../../../plan/index.js";
import { judgeAction } from "../../../policy/index.js";
import { type AgentState, decidedPart, turnOf } from "../../../state/index.js";
import type { ToolSuccess } from "../../../tools/index.js";
import {
  type Attempts,
  callKey,
  createStepCounter,
  type EarlyRun,
  type NodeContext,
  type PermittedCall,
  type StepCounter,
} from "../../run/index.js";
import {
  callTool,
  findFault,
  openStepJournal,
  type StepJournal,
  type ToolEnvironment,
} from "../../steps/index.js";
import { EarlyAgents } from "./early-agents.js";
import { HeldEvents } from "./held-events.js";

/** How many steps of an unfinished plan we look at, because each new step is validated together with all before it. */
const MAX_EARLY_STEPS = 50;
/** The issues of a step that refers to a later one. The step can start once that one is written. */
const MAY_COME: ReadonlySet<PlanIssue["code"]> = new Set(["unknown-dependency", "unknown-reference"]);

interface EarlyCall {
  /** The call as it is made; undefined until the approval rules have let it begin. */
  begun: PermittedCall | undefined;
  readonly outcome: Promise<Attempts<ToolSuccess>>;
  readonly events: HeldEvents;
  readonly linked: LinkedSignal;
  isOver: boolean;
}

/** The turn that a plan is written for, and where the plan starts from. */
export interface EarlyTurn {
  readonly state: AgentState;
  /** The position of the plan's first step. @default 1 */
  readonly firstId?: number;
  /** The steps of the turn that have ended, if the plan is a new remainder. @default none */
  readonly pastSteps?: readonly StepResult[];
}

/** The steps of one turn that started early. */
export class EarlySteps implements EarlyRun {
  readonly counter: StepCounter;
  readonly agents: EarlyAgents;
  readonly #context: NodeContext;
  readonly #turn: EarlyTurn;
  readonly #journal: StepJournal | undefined;
  readonly #written: unknown[] = [];
  readonly #calls = new Map<string, EarlyCall>();
  /** The values of references: outputs of steps that ended before the plan, and of early steps. */
  #values: Map<string, JsonValue>;
  #scanner: StepScanner = createStepScanner();
  #steps: readonly PlanStep[] = [];
  #refused: ReadonlySet<string> = new Set();
  #isClosed = false;

  constructor(context: NodeContext, turn: EarlyTurn) {
    this.#context = context;
    this.#turn = turn;
    this.counter = createStepCounter(context.settings.limits.maxSteps, turn.state);
    this.#journal = openStepJournal(turnOf(turn.state).id, context);
    this.#values = valuesOf(turn);
    this.agents = new EarlyAgents(context, turn.state, { counter: this.counter, journal: this.#journal });
  }

  /** Takes the next piece of the plan's arguments as the model streams them. */
  read(piece: string): void {
    if (this.#isClosed) {
      return;
    }
    const steps = this.#scanner.push(piece);
    if (steps.length === 0) {
      return;
    }
    this.#written.push(...steps);
    if (this.#written.length > MAX_EARLY_STEPS || !this.#validate()) {
      this.#isClosed = true;
    } else {
      this.#startWhatCan();
    }
  }

  keep(): void {
    this.#isClosed = true;
    this.agents.keep();
    for (const { linked } of this.#calls.values()) {
      linked.unlink();
    }
  }

  underWay(): ReadonlyMap<string, Promise<unknown>> {
    const open = [...this.#calls].filter(([, { isOver }]) => !isOver);
    return new Map([...open.map(([id, { outcome }]) => [id, outcome] as const), ...this.agents.underWay()]);
  }

  cancel(): void {
    this.agents.cancel();
    for (const { linked } of this.#calls.values()) {
      linked.abort(new DOMException("The step was started early, and is not wanted.", "AbortError"));
      linked.unlink();
    }
    this.#calls.clear();
    this.counter.dropEarly();
    this.#values = valuesOf(this.#turn);
    this.#written.length = 0;
    this.#scanner = createStepScanner();
    this.#isClosed = false;
  }

  claim(call: PermittedCall, signal: AbortSignal, emit: Emit): Promise<Attempts<ToolSuccess>> | undefined {
    const early = this.#calls.get(call.partId);
    if (early === undefined) {
      return undefined;
    }
    if (early.begun !== undefined && callKey(early.begun) !== callKey(call)) {
      return undefined;
    }
    this.#calls.delete(call.partId);
    if (early.begun === undefined) {
      early.linked.abort(new DOMException("The executor makes this call itself.", "AbortError"));
      return undefined;
    }
    early.events.tellTo(emit);
    return early.outcome.finally(early.linked.follow(signal));
  }

  /** Reads the steps so far the way the whole plan will be read. Returns whether they can be part of a valid plan. */
  #validate(): boolean {
    const { services, settings } = this.#context;
    const tools = services.registry.planTools();
    const { firstId = 1, pastSteps = [] } = this.#turn;
    const pastIds = pastSteps.map(({ id }) => id);
    const read = readPlan({ steps: this.#written }, { tools, firstId, pastIds });
    const parsed = planSchema.safeParse(read.found ? read.plan : undefined);
    if (!parsed.success) {
      return false;
    }
    const frame = { tools, maxSteps: settings.planner.maxSteps, pastSteps };
    const issues = [...(read.found ? read.issues : []), ...validatePlan(parsed.data, frame)];
    if (issues.some(({ code, stepId }) => stepId === undefined || !MAY_COME.has(code))) {
      return false;
    }
    this.#steps = parsed.data.steps;
    // A past step whose id one of these takes has no value any more.
    for (const { id } of this.#steps.filter((step) => !this.#calls.has(step.id))) {
      this.#values.delete(id);
    }
    this.#refused = new Set(issues.flatMap(({ stepId }) => stepId ?? []));
    return true;
  }

  #startWhatCan(): void {
    const { registry } = this.#context.services;
    const nodes = resolveDependencies(this.#steps, registry);
    for (const [index, { id, dependsOn }] of nodes.entries()) {
      const step = this.#steps[index];
      if (this.#isClosed || this.underWay().size >= this.#context.settings.executor.concurrency) {
        return;
      }
      if (step === undefined || this.#calls.has(id) || this.agents.has(id) || this.#refused.has(id)) {
        continue;
      }
      const call = this.agents.start(step) ? undefined : this.#toCall(step);
      if (call !== undefined && dependsOn.every((dependency) => this.#values.has(dependency))) {
        this.#start(step, call, dependsOn);
      }
    }
  }

  /** The call of a step that may start early, as far as the step itself tells. */
  #toCall({ id, description, tool, args, forEach, if: condition }: PlanStep): PermittedCall | undefined {
    if (tool === undefined || args === undefined || forEach !== undefined || condition !== undefined) {
      return undefined;
    }
    const filled = fillArgs(args, this.#values);
    if (!filled.ok || !this.#context.services.registry.isReadOnly(tool)) {
      return undefined;
    }
    return { partId: id, description, tool, args: filled.value };
  }

  #start(step: PlanStep, call: PermittedCall, dependsOn: readonly string[]): void {
    const { id } = step;
    if (!this.counter.beginEarly(call)) {
      return;
    }
    const linked = linkSignal(this.#context.signal);
    const events = new HeldEvents(this.#context);
    const context = { ...this.#context, emit: events.emit };
    const environment = { context, state: this.#turn.state, signal: linked.signal };
    const outcome = this.#findOrCall(step, dependsOn, call, environment, (begun) => {
      early.begun = begun;
    });
    const early: EarlyCall = { begun: undefined, outcome, events, linked, isOver: false };
    this.#calls.set(id, early);
    outcome
      .then((ended) => {
        early.isOver = true;
        return this.#takeValue(early, early.begun ?? call, ended);
      })
      // If the early call did not come to an end, the executor calls the tool again.
      .catch(() => {
        if (this.#context.signal?.aborted) {
          return;
        }
        early.isOver = true;
        if (this.#calls.get(id) === early) {
          this.#calls.delete(id);
        }
      });
  }

  async #findOrCall(
    step: PlanStep,
    dependsOn: readonly string[],
    given: PermittedCall,
    environment: ToolEnvironment,
    begin: (call: PermittedCall) => void,
  ): Promise<Attempts<ToolSuccess>> {
    const { settings, services, requester, storage } = this.#context;
    const { tool } = given;
    const read = await raceSignal(services.registry.readArgs(tool, given.args), environment.signal);
    const call = { ...given, args: read.args };
    const judged = judgeAction(settings.approval, { tool, ...read }, requester);
    const { verdict, refuse } = await raceSignal(judged, environment.signal);
    if (verdict !== "run" || refuse !== undefined) {
      throw new Error(`The call of ${tool} may wait or be refused: that is the executor's to ask.`);
    }
    begin(call);
    // Nothing may be done for an input that cannot be stored.
    await storage?.assertStored(environment.signal);
    const kept = await this.#findKept(step, dependsOn);
    return kept === undefined ? callTool(call, environment) : { ok: true, value: kept, attempts: 0 };
  }

  /** Looks up what the executor will find for this step in the turn's journal. */
  async #findKept(step: PlanStep, dependsOn: readonly string[]): Promise<ToolSuccess | undefined> {
    const { decisions } = this.#turn.state;
    const { id: turnId } = turnOf(this.#turn.state);
    const inputs = dependsOn.map((id) => [id, this.#values.get(id) ?? null] as const);
    const decided = decisions.filter(
      (decision) => !decision.isVoid && decidedPart(decision, turnId) === step.id,
    );
    const made = { id: step.id, step, inputs, decisions: decided };
    const result = (await this.#journal?.find(made))?.result;
    return result && { ok: true, output: result.output ?? null, truncated: result.truncated ?? false };
  }

  /** Keeps the output of a call for steps that refer to it, unless a check finds a fault. */
  async #takeValue(early: EarlyCall, call: PermittedCall, ended: Attempts<ToolSuccess>): Promise<void> {
    const fault = ended.ok ? await findFault(ended.value.output, call, this.#context) : undefined;
    if (ended.ok && fault === undefined && this.#calls.get(call.partId) === early) {
      this.#values.set(call.partId, ended.value.output);
    }
    this.#startWhatCan();
  }
}

function valuesOf({ pastSteps = [] }: EarlyTurn): Map<string, JsonValue> {
  return new Map(pastSteps.filter(isPassable).map(({ id, output }) => [id, output ?? null]));
}
