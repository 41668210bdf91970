import type { JsonValue } from "../../base/index.js";
import {
  type AgentState,
  type Decision,
  decidedPart,
  type Effect,
  mergeEffects,
  type SuspendedStep,
  turnOf,
} from "../../state/index.js";
import { type OutcomeAnswer, readOutcomeAnswer } from "../../tools/index.js";
import type { SuspendedPart } from "./step-outcome.js";

/** What had happened in a turn before a step starts: what is suspended, and what people decided. */
type TurnPast = Pick<AgentState, "turn" | "decisions" | "suspended" | "effects">;

/**
 * The past of one step: what it did before it had to wait, what people decided about its calls, and which decisions are
 * spent.
 */
export class StepPast {
  readonly #turn: TurnPast;
  /** By part id. */
  readonly #suspended: ReadonlyMap<string, SuspendedStep>;
  readonly #spent = new Set<string>();
  #noted: Effect[] = [];

  constructor(turn: TurnPast, stepHash: string) {
    this.#turn = turn;
    const own = turn.suspended.filter((suspended) => suspended.stepHash === stepHash);
    this.#suspended = new Map(own.map((suspended) => [suspended.stepId, suspended]));
  }

  /** The actions whose approval is spent, because their calls have begun. */
  get spent(): readonly string[] {
    return [...this.#spent];
  }

  /** What this step noted of its calls. */
  get noted(): readonly Effect[] {
    return this.#noted;
  }

  /** What is known of the turn's calls, as far as it has to be known. */
  get effects(): readonly Effect[] {
    return this.#noted.length === 0 ? this.#turn.effects : mergeEffects(this.#turn.effects, this.#noted);
  }

  /** Notes what is known of a call. */
  noteEffect(effect: Effect): void {
    this.#noted = mergeEffects(this.#noted, [effect]);
  }

  /** What a part did before it had to wait. */
  suspendedOf(partId: string): SuspendedPart | undefined {
    return this.#suspended.get(partId);
  }

  /** What a person decided about an action, unless a call has already used that decision. */
  decisionFor(actionId: string): Decision | undefined {
    if (this.#spent.has(actionId)) {
      return undefined;
    }
    return this.#turn.decisions.findLast(
      (decision) => decision.actionId === actionId && !decision.isVoid && !decision.isSpent,
    );
  }

  /**
   * What people decided about all actions of a part. If the step runs again, earlier decisions are void and left out.
   */
  decisionsOn(partId: string): readonly Decision[] {
    return this.#decidedOn(partId).filter(({ isVoid }) => !isVoid);
  }

  /** How many approved calls of a part have begun. */
  timesReleased(partId: string): number {
    return this.#decidedOn(partId).filter(({ isSpent }) => isSpent).length;
  }

  /** Records that an approved call begins. The approval lets no other call through. */
  spend(actionId: string): void {
    this.#spent.add(actionId);
  }

  /** Takes back that an approved call begins, because its tool asks a person first. */
  keep(actionId: string): void {
    this.#spent.delete(actionId);
  }

  /** Whether a call, or a worker, has taken what was decided about an action. */
  wasSpent(actionId: string): boolean {
    const { decisions } = this.#turn;
    return (
      this.#spent.has(actionId) ||
      decisions.some((decision) => decision.actionId === actionId && decision.isSpent && !decision.isVoid)
    );
  }

  /** What people answered to the questions of a call, in order. */
  answersTo(actionId: string): readonly JsonValue[] {
    const questions = `${actionId}:ask:`;
    return this.#turn.decisions.flatMap((decision) =>
      decision.actionId.startsWith(questions) && !decision.isVoid ? [decision.response ?? null] : [],
    );
  }

  /** What people said of the outcome of a call that nobody knew, in order. */
  outcomesOf(actionId: string): readonly OutcomeAnswer[] {
    const questions = `${actionId}:outcome:`;
    return this.#turn.decisions.flatMap(({ actionId: asked, isVoid, type, response }) => {
      if (!asked.startsWith(questions) || isVoid) {
        return [];
      }
      return [(type === "respond" && readOutcomeAnswer(response ?? null)) || { kind: "give-up" as const }];
    });
  }

  #decidedOn(partId: string): readonly Decision[] {
    const { decisions } = this.#turn;
    const { id: turnId } = turnOf(this.#turn);
    return decisions.filter((decision) => decidedPart(decision, turnId) === partId);
  }
}
