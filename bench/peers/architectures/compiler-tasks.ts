import { ERROR_PREFIX } from "../model/transcript.js";
import type { WorkTool } from "../tools.js";
import { argsFor, type CompilerTask, needsOf } from "./compiler-plan.js";

/** A task that was called. */
export interface DoneTask {
  readonly id: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, string>>;
  readonly result: string;
}

/** The tasks of one run. Each is called when everything that it needs has succeeded. */
export class TaskFetchingUnit {
  readonly done: DoneTask[] = [];
  readonly #tools: ReadonlyMap<string, WorkTool>;
  readonly #results = new Map<string, string>();
  readonly #failed = new Set<string>();
  #waiting: CompilerTask[] = [];
  #running = new Set<Promise<void>>();

  constructor(tools: readonly WorkTool[]) {
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]));
  }

  /** Takes tasks, and calls those that can be called. */
  add(tasks: readonly CompilerTask[]): void {
    this.#waiting.push(...tasks);
    this.#fetch();
  }

  /** Waits until nothing runs and nothing can be called. Dependents of a failed task are never called. */
  async settle(): Promise<void> {
    while (this.#running.size > 0) {
      await Promise.race(this.#running);
    }
    this.#waiting = [];
  }

  /** Calls tasks wave by wave: the next wave waits for all of this one. */
  async runWaves(tasks: readonly CompilerTask[]): Promise<void> {
    let left = tasks;
    for (;;) {
      const ready = left.filter((task) => this.#isReady(task));
      if (ready.length === 0) {
        return;
      }
      left = left.filter((task) => !ready.includes(task));
      await Promise.all(ready.map((task) => this.#call(task)));
    }
  }

  #isReady(task: CompilerTask): boolean {
    return needsOf(task).every((id) => this.#results.has(id) && !this.#failed.has(id));
  }

  #fetch(): void {
    const ready = this.#waiting.filter((task) => this.#isReady(task));
    this.#waiting = this.#waiting.filter((task) => !ready.includes(task));
    for (const task of ready) {
      const running = this.#call(task).then(() => {
        this.#running.delete(running);
        this.#fetch();
      });
      this.#running.add(running);
    }
  }

  async #call(task: CompilerTask): Promise<void> {
    const tool = this.#tools.get(task.tool);
    if (tool === undefined) {
      throw new Error(`There is no tool "${task.tool}".`);
    }
    const args = argsFor(task, tool, this.#results);
    let result: string;
    try {
      result = await tool.invoke(args);
    } catch (error) {
      result = `${ERROR_PREFIX}${error instanceof Error ? error.message : String(error)}`;
      this.#failed.add(task.id);
    }
    this.#results.set(task.id, result);
    this.done.push({ id: task.id, tool: task.tool, args, result });
  }
}
