import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AgentTool, Budget, Prices } from "../../../src/index.js";
import type { CallLog } from "../run/call-log.js";

/** What an agent is given. All agents get the same. */
export interface Assignment {
  readonly question: string;
  readonly tools: readonly AgentTool[];
  readonly model: BaseChatModel;
  /** The model of the steps, if it is another. */
  readonly small?: BaseChatModel;
  readonly budget?: Budget;
  readonly prices: Prices;
  /** Must be among the callbacks of the run. */
  readonly log: CallLog;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** How a run ended. */
export interface Ending {
  readonly answer: string;
  /** The agent's own word for it: "done" is a success. */
  readonly status: string;
  /** How often a plan was invalid, and how often it was changed. */
  readonly repairs: number;
  readonly replans: number;
}

/** An agent that is measured. */
export interface EvalAgent {
  readonly name: string;
  run(assignment: Assignment): Promise<Ending>;
}

/** The budget has no room for another call. The task is not done, and nothing of it counts but what it cost. */
export class BudgetSpentError extends Error {
  override readonly name = "BudgetSpentError";
}
