import type { JsonValue } from "../../base/index.js";
import type { PlanStep } from "../../plan/index.js";
import type { Condition } from "./table-conditions.js";
import type { ToolCard } from "./tool-card.js";
import type { Result, Value } from "./values.js";

interface Snapshot {
  readonly steps: PlanStep[];
  readonly results: Result[];
  readonly clauseStart: number;
  readonly file?: string;
  readonly openedFile?: string;
}

/** A plan in the making: its steps, what they gave so far, and the file that is spoken of. */
export class PlanDraft {
  steps: PlanStep[] = [];
  results: Result[] = [];
  /** The file that was spoken of last. */
  file: string | undefined;
  /** What was counted last: "how many are in b.txt" means the same. */
  units: readonly string[] = [];
  /** A file that was named for reading, but nothing has used it yet. */
  openedFile: string | undefined;
  /** The rows that were chosen last: figures that are asked for after them are of those rows. */
  chosen: { readonly path: string; readonly where: readonly Condition[] } | undefined;
  /** The column that is selected from a one-row answer where a later step refers to it. */
  readonly named = new Map<string, string>();
  readonly tools: ReadonlyMap<string, ToolCard>;
  private clause = 0;
  private clauseStart = 0;
  private previousEnd: readonly string[] = [];
  private isAfter = false;

  constructor(tools: readonly ToolCard[], earlier: readonly Result[] = [], file?: string) {
    this.tools = new Map(tools.map((tool) => [tool.name, tool]));
    this.results = [...earlier];
    this.file = file;
  }

  /** Begins the next part of the goal; `then` makes its first steps wait for the last ones of the part before. */
  beginClause(then: boolean, item: number | undefined): void {
    const made = this.steps.slice(this.clauseStart);
    if (made.length > 0) {
      const used = new Set(made.flatMap(dependenciesOf));
      this.previousEnd = made.filter((step) => !used.has(step.id)).map((step) => step.id);
    }
    this.clauseStart = this.steps.length;
    this.clause = item ?? this.clause + 1;
    this.isAfter = then;
  }

  /** The number of the part in work: its list item's number where it has one. */
  get clauseNumber(): number {
    return this.clause;
  }

  has(tool: string): boolean {
    return this.tools.has(tool);
  }

  /** Adds one tool call and returns the reference to its output; undefined where there is no such tool. */
  addStep(tool: string, args: Record<string, JsonValue>, description: string): string | undefined {
    if (!this.tools.has(tool)) {
      return undefined;
    }
    const same = this.steps.find(
      (step) =>
        step.tool === tool && tool !== "write_file" && JSON.stringify(step.args) === JSON.stringify(args),
    );
    if (same !== undefined && !this.isWrittenSince(same)) {
      return same.id;
    }
    const id = String(this.steps.length + 1);
    const step: PlanStep = { id, description, tool, args, dependsOn: [] };
    step.dependsOn = this.waitsFor(step);
    this.steps.push(step);
    return id;
  }

  /** Records what the part in work gave. */
  addResult(value: Value, label: string): void {
    this.results.push({ value, clause: this.clause, label });
  }

  /** The results of the last part that gave any. */
  lastResults(): readonly Result[] {
    const last = this.results.at(-1);
    if (last === undefined) {
      return [];
    }
    const from = this.results.findLastIndex((result) => result.clause !== last.clause) + 1;
    return this.results.slice(from);
  }

  /** The results that no step has used yet. */
  openResults(): readonly Result[] {
    const used = this.steps.map((step) => JSON.stringify(step.args)).join("\n");
    return this.results.filter((result) => !used.includes(result.value.text));
  }

  /** Tries something; where it gives nothing, the plan is as before. */
  attempt<T>(parse: () => T | undefined): T | undefined {
    const before: Snapshot = {
      steps: [...this.steps],
      results: [...this.results],
      clauseStart: this.clauseStart,
      file: this.file,
      openedFile: this.openedFile,
    };
    const found = parse();
    if (found === undefined) {
      this.steps = before.steps;
      this.results = before.results;
      this.clauseStart = before.clauseStart;
      this.file = before.file;
      this.openedFile = before.openedFile;
    }
    return found;
  }

  /** What a step must wait for beside its references: "then", and other steps that touch the same file. */
  private waitsFor(step: PlanStep): string[] {
    const waits = new Set<string>();
    for (const other of this.steps) {
      const writes = step.tool === "write_file" || other.tool === "write_file";
      if (writes && step.args?.path !== undefined && step.args.path === other.args?.path) {
        waits.add(other.id);
      }
    }
    const reached = this.reachable(dependenciesOf(step));
    const isFirst = ![...reached].some((id) => Number(id) > this.clauseStart);
    if (this.isAfter && isFirst) {
      for (const id of this.previousEnd) {
        if (!reached.has(id)) {
          waits.add(id);
        }
      }
    }
    for (const id of dependenciesOf(step)) {
      waits.delete(id);
    }
    return [...waits];
  }

  private reachable(ids: readonly string[]): Set<string> {
    const reached = new Set<string>();
    const queue = [...ids];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      if (reached.has(id)) {
        continue;
      }
      reached.add(id);
      const step = this.steps.find((candidate) => candidate.id === id);
      if (step !== undefined) {
        queue.push(...dependenciesOf(step));
      }
    }
    return reached;
  }

  private isWrittenSince(step: PlanStep): boolean {
    const later = this.steps.slice(this.steps.indexOf(step) + 1);
    return later.some((other) => other.tool === "write_file" && other.args?.path === step.args?.path);
  }
}

/** The steps that a step waits for: those it names and those it refers to. */
export function dependenciesOf(step: PlanStep): string[] {
  const referred = [...JSON.stringify(step.args ?? {}).matchAll(/\{\{(\w+)/g)].map((match) => match[1] ?? "");
  return [...new Set([...(step.dependsOn ?? []), ...referred])];
}
