import type { JsonValue, PlaybookStep } from "langgraph-plan-execute";
import { plain } from "../profile.js";

/** Arguments as the design has them: plain data. */
export type JsonArgs = Readonly<Record<string, unknown>>;

const MAX_NAME = 40;

/** Writes steps with ids of their own; what data says is never read as a reference. */
export class StepWriter {
  readonly steps: PlaybookStep[] = [];
  private readonly taken: Set<string>;

  constructor(taken: Iterable<string>) {
    this.taken = new Set([...taken].map((id) => id.toLowerCase()));
  }

  /** Adds a step, and gives its id. */
  add(
    tool: string,
    subject: string,
    description: string,
    args: JsonArgs,
    dependsOn: readonly string[],
  ): string {
    const id = this.freeId([tool, plain(subject).slice(0, MAX_NAME)].filter((part) => part !== "").join("_"));
    this.taken.add(id.toLowerCase());
    const plainArgs: Record<string, JsonValue> = JSON.parse(JSON.stringify(args), withoutReferences);
    this.steps.push({
      id,
      description: withoutReferences("", description.replace(/\s+/g, " ")),
      tool,
      args: plainArgs,
      dependsOn: [...new Set(dependsOn)],
    });
    return id;
  }

  private freeId(base: string): string {
    let id = base;
    for (let number = 2; this.taken.has(id.toLowerCase()); number += 1) {
      id = `${base}_${number}`;
    }
    return id;
  }
}

function withoutReferences<Value>(_: string, value: Value): Value | string {
  return typeof value === "string" ? value.replaceAll("{{", "\\{{") : value;
}
