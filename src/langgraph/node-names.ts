import { START } from "@langchain/langgraph";

/** The "node" as which `updateState` copies a thread's state to another place in its history. */
export const COPY = "__copy__";
/** The "nodes" as which an input is written. */
export const INPUTS: ReadonlySet<string | undefined> = new Set(["__input__", START]);
