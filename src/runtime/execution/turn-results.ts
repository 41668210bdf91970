import type { JsonValue } from "../../base/index.js";
import { isPassable, type PlanStep, resolveDependencies, type StepResult } from "../../plan/index.js";
import type { AgentState } from "../../state/index.js";
import { type NodeContext, timeNow } from "../run/index.js";
import type { Part } from "../steps/index.js";
import { findSkipped, skippedBehind } from "./window.js";

/** The results of a turn's steps: those of earlier supersteps and, as steps settle, those of this one. */
export class TurnResults {
  /** Results of the steps that were skipped because a step before them did not succeed. */
  readonly skipped: StepResult[] = [];
  /** The steps that each step comes after, by step id. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  /** The places in the plan of the steps that see all steps before them. */
  readonly #seesAllBefore: ReadonlyMap<string, number>;
  readonly #results = new Map<string, StepResult>();
  /** The values of references. */
  readonly #values = new Map<string, JsonValue>();

  constructor({ plan, planVersions, pastSteps }: AgentState, { services }: NodeContext) {
    for (const result of pastSteps) {
      this.keep(result);
    }
    // The steps of a new remainder wait for none before it. Those are over, and one may well have failed, which is why
    // there is a remainder. What the others gave is still seen.
    const nodes = resolveDependencies(plan, {
      isReadOnly: services.registry.isReadOnly,
      remainderFrom: planVersions.at(-1)?.steps[0]?.id,
    });
    this.dependencies = new Map(nodes.map(({ id, dependsOn }) => [id, dependsOn]));
    this.#seesAllBefore = new Map(
      nodes.flatMap(({ id, seesAllBefore }, place) => (seesAllBefore ? [[id, place] as const] : [])),
    );
  }

  /** All results, in the order in which the steps ended. */
  get all(): StepResult[] {
    return [...this.#results.values()];
  }

  keep(result: StepResult): void {
    this.#results.set(result.id, result);
    if (isPassable(result)) {
      this.#values.set(result.id, result.output ?? null);
    } else {
      this.#values.delete(result.id);
    }
  }

  /** Skips the open steps that stand behind a step that did not succeed. */
  skipBehindFailed(open: readonly PlanStep[], services: NodeContext["services"]): void {
    const endedAt = timeNow(services);
    for (const { step, because } of findSkipped(open, this.dependencies, this.#results)) {
      this.skipped.push(skippedBehind(step, because, endedAt));
    }
  }

  /** Makes a step into a part, with everything it may see. The values of its references grow as steps settle. */
  partOf(step: PlanStep): Part {
    const place = this.#seesAllBefore.get(step.id);
    const seen =
      place === undefined ? this.dependencies.get(step.id) : [...this.dependencies.keys()].slice(0, place);
    const inputs = (seen ?? []).flatMap((id) => this.#results.get(id) ?? []).filter(isPassable);
    const dependsOn = this.dependencies.get(step.id) ?? [];
    return { id: step.id, step, values: this.#values, inputs, dependsOn };
  }
}
