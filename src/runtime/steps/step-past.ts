import {
  type AgentState,
  type Decision,
  decidedPart,
  type SuspendedStep,
  turnOf,
} from "../../state/index.js";
import type { SuspendedPart } from "./step-outcome.js";

/** What a turn has come to before a step starts: what waits, and what people decided. */
type TurnPast = Pick<AgentState, "turn" | "decisions" | "suspended">;

/** What was done of a step before it had to wait, what people decided about its calls, and which of that is spent. */
export class StepPast {
  readonly #turn: TurnPast;
  /** By the ids of the parts. */
  readonly #suspended: ReadonlyMap<string, SuspendedStep>;
  readonly #spent = new Set<string>();

  constructor(turn: TurnPast, stepHash: string) {
    this.#turn = turn;
    const own = turn.suspended.filter((suspended) => suspended.stepHash === stepHash);
    this.#suspended = new Map(own.map((suspended) => [suspended.stepId, suspended]));
  }

  /** The actions on which a person's approval is spent: their calls have begun. */
  get spent(): readonly string[] {
    return [...this.#spent];
  }

  /** What a part has done before it had to wait. */
  suspendedOf(partId: string): SuspendedPart | undefined {
    return this.#suspended.get(partId);
  }

  /** What a person decided about an action, where no call has begun on it yet. */
  decisionFor(actionId: string): Decision | undefined {
    if (this.#spent.has(actionId)) {
      return undefined;
    }
    return this.#turn.decisions.findLast(
      (decision) => decision.actionId === actionId && !decision.isVoid && !decision.isSpent,
    );
  }

  /** What people decided about all actions of a part, where it holds: not of a step that is done again. */
  decisionsOn(partId: string): readonly Decision[] {
    return this.#decidedOn(partId).filter(({ isVoid }) => !isVoid);
  }

  /** How many calls of a part have begun that a person had let pass. */
  timesReleased(partId: string): number {
    return this.#decidedOn(partId).filter(({ isSpent }) => isSpent).length;
  }

  /** Notes that a call begins which a person let pass: their word holds for no other. */
  spend(actionId: string): void {
    this.#spent.add(actionId);
  }

  #decidedOn(partId: string): readonly Decision[] {
    const { decisions } = this.#turn;
    const { id: turnId } = turnOf(this.#turn);
    return decisions.filter((decision) => decidedPart(decision, turnId) === partId);
  }
}
