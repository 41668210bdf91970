import type { JsonValue } from "../base/index.js";

/** How much a prompt says: everything, or what a small model can use. */
export type PromptStyle = "full" | "short";

/** What the catalogue shows of a tool. */
export interface CatalogueEntry {
  readonly name: string;
  readonly description: string;
  readonly readOnly: boolean;
  /** The JSON Schema of its arguments. */
  readonly parameters: unknown;
  /** The shape of its output, if it is known. */
  readonly output?: string;
}

/** What is told of a worker. */
export interface WorkerEntry {
  readonly name: string;
  readonly description: string;
}

/** The tools that a catalogue does not describe, where there are too many for one prompt. */
export interface OtherTools {
  /** Those of which it tells the name. */
  readonly named: readonly string[];
  /** How many there are beside. */
  readonly hidden: number;
}

/** What a name in the goal stands for, as a tool shows it before there is a plan. */
export interface Seen {
  readonly name: string;
  readonly tool: string;
  readonly output: JsonValue;
}
