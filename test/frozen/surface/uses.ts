// What users get from the agent's type, namely what a run takes and gives. The type itself is LangGraph's own and too
// long to read.
import type { createPlanExecuteGraph, PlanExecuteAgent } from "langgraph-plan-execute";

type Invoke = PlanExecuteAgent["invoke"];
type State = PlanExecuteAgent["getState"];

/** What `agent.invoke` takes. */
export type InvokeInput = Parameters<Invoke>[0];
/** What `agent.invoke` gives. */
export type InvokeOutput = Awaited<ReturnType<Invoke>>;
/** What `agent.getState` gives. */
export type StateOutput = Awaited<ReturnType<State>>;
/** What a run's context may set. */
export type InvokeContext = NonNullable<NonNullable<Parameters<Invoke>[1]>["context"]>;
/** The nodes whose updates are streamed. */
export type NodeNames = keyof ReturnType<typeof createPlanExecuteGraph>["nodes"];
