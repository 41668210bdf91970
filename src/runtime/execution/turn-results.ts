import type { JsonValue } from "../../base/index.js";
import { isPassable, type PlanStep, resolveDependencies, type StepResult } from "../../plan/index.js";
import type { AgentState } from "../../state/index.js";
import { type NodeContext, timeNow } from "../run/index.js";
import type { Part } from "../steps/index.js";
import { findSkipped, skippedBehind } from "./window.js";

/** What the steps of a turn gave: those of earlier supersteps and, as they settle, those of this one. */
export class TurnResults {
  /** Results of the steps behind one that did not come out right. */
  readonly skipped: StepResult[] = [];
  /** The steps that each step comes after, by its id. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  readonly #results = new Map<string, StepResult>();
  /** What references stand for. */
  readonly #values = new Map<string, JsonValue>();

  constructor({ plan, planVersions, pastSteps }: AgentState, { services }: NodeContext) {
    for (const result of pastSteps) {
      this.keep(result);
    }
    // What stands before a new remainder has had its time, and may well have failed: that is why there is one.
    const nodes = resolveDependencies(plan, {
      isReadOnly: services.registry.isReadOnly,
      remainderFrom: planVersions.at(-1)?.steps[0]?.id,
    });
    this.dependencies = new Map(nodes.map(({ id, dependsOn }) => [id, dependsOn]));
  }

  /** All results, in the order in which the steps ended. */
  get all(): readonly StepResult[] {
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

  /** Skips the open steps behind one that did not come out right. */
  skipBehindFailed(open: readonly PlanStep[], services: NodeContext["services"]): void {
    const endedAt = timeNow(services);
    for (const { step, because } of findSkipped(open, this.dependencies, this.#results)) {
      this.skipped.push(skippedBehind(step, because, endedAt));
    }
  }

  /** A step with all that it may see; what its references stand for grows as steps settle. */
  partOf(step: PlanStep): Part {
    const inputs = (this.dependencies.get(step.id) ?? []).flatMap((id) => this.#results.get(id) ?? []);
    return { id: step.id, step, values: this.#values, inputs };
  }
}
