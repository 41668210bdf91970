import { type OutputShape, type StepResult, shapeOfValue, writeShape } from "../../plan/index.js";
import type { ToolDescription, ToolRegistry } from "../../tools/index.js";

/** The shapes of outputs that this process has seen, of tools that declare none. */
export interface SeenOutputs {
  /** Takes the outputs of a turn that has ended. */
  note(results: readonly StepResult[]): void;
  /** The shape of a tool's output; undefined if none was seen. */
  of(tool: string): string | undefined;
}

/**
 * Creates an empty memory of shapes. The first list or object that a tool gave stands for all that follow: if each
 * output could change the shape, prompts would change from run to run, and providers' caches would not hit. A shape
 * that was seen is only told. Nothing is checked against it.
 */
export function createSeenOutputs(): SeenOutputs {
  const shapes = new Map<string, string>();
  return {
    note(results) {
      for (const { tool, status, output, items, truncated } of results) {
        if (tool === undefined || status !== "done" || truncated || shapes.has(tool)) {
          continue;
        }
        // A for-each step gives a list of its tool's outputs.
        const one =
          items !== undefined && Array.isArray(output) ? output.find((item) => item !== null) : output;
        const shape = shapeOfValue(one ?? null, true);
        if (says(shape)) {
          shapes.set(tool, writeShape(shape));
        }
      }
    },
    of: (tool) => shapes.get(tool),
  };
}

/** Whether a shape is a list or an object of which something is known. */
function says(shape: OutputShape): boolean {
  return shape.kind === "object" ? shape.fields.size > 0 : shape.kind === "list" && shape.item.kind !== "any";
}

/** Describes the tools for a prompt: what they declare of their outputs, or else what was seen. */
export function describeTools({
  registry,
  seenOutputs,
}: {
  readonly registry: ToolRegistry;
  readonly seenOutputs: SeenOutputs;
}): ToolDescription[] {
  return registry.describe().map((tool) => {
    const output = tool.output ?? seenOutputs.of(tool.name);
    return output === undefined ? tool : { ...tool, output };
  });
}
