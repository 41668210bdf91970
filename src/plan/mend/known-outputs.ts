import { followOutputShape, type OutputShape } from "../output-shape.js";
import type { PlanStep } from "../plan.js";
import type { PlanTool } from "../plan-tool.js";
import { ITEM_VARIABLES, type ReferenceTarget, splitReference } from "../references.js";

/** What a plan is mended by. */
export interface MendOptions {
  readonly tools: readonly PlanTool[];
  /** Ids of the steps of the turn that have ended. References to them stay as they are. */
  readonly pastIds: readonly string[];
}

/** What is known of the outputs of a plan's steps before they are there. */
export class KnownOutputs {
  readonly #steps: ReadonlyMap<string, PlanStep>;
  readonly #shapes: ReadonlyMap<string, OutputShape | undefined>;
  readonly #ids: ReadonlySet<string>;

  constructor(steps: readonly PlanStep[], { tools, pastIds }: MendOptions) {
    this.#steps = new Map(steps.map((step) => [step.id, step]));
    this.#shapes = new Map(tools.map(({ name, output }) => [name, output]));
    this.#ids = new Set([...this.#steps.keys(), ...pastIds, ...ITEM_VARIABLES]);
  }

  /** What a reference names; undefined if it names no step. */
  targetOf(expression: string): ReferenceTarget | undefined {
    return splitReference(expression, this.#ids);
  }

  /** Whether something may stand where a reference points, as far as the tools say. */
  mayHave({ id, path }: ReferenceTarget): boolean {
    const step = this.#steps.get(id);
    const shape = step && this.#shapeOf(step);
    return shape === undefined || followOutputShape(shape, path).ok;
  }

  /** Whether the step gives an object that has this field. */
  hasField(step: PlanStep, field: string): boolean {
    const shape = this.#shapeOf(step);
    return shape?.kind === "object" && shape.fields.has(field);
  }

  #shapeOf({ tool, forEach }: PlanStep): OutputShape | undefined {
    return tool === undefined || forEach !== undefined ? undefined : this.#shapes.get(tool);
  }
}
