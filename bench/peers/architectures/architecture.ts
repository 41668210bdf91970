import type { ChatOpenAI } from "@langchain/openai";
import type { ModelName } from "../cost-model.js";
import type { Family } from "../model/start-server.js";
import type { WorkTool } from "../tools.js";
import type { Work } from "../work.js";

/** What an architecture is given to reach a goal. */
export interface Task {
  readonly work: Work;
  readonly tools: readonly WorkTool[];
  /** A model. With `callsOneAtATime` it calls one tool at a time. */
  model(name: ModelName, callsOneAtATime?: boolean): ChatOpenAI;
}

/** A way to reach goals with models and tools. */
export interface Architecture {
  readonly name: string;
  readonly family: Family;
  /** The models that it plans or loops with. It is compared with architectures that have the same. */
  readonly models: ModelName;
  /** Reaches the goal and returns the answer. */
  run(task: Task): Promise<string>;
}
