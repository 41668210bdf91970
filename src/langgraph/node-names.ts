import { START } from "@langchain/langgraph";

/** As this "node" `updateState` copies a thread's state to another place of its history. */
export const COPY = "__copy__";
/** As these an input is written. */
export const INPUTS: ReadonlySet<string | undefined> = new Set(["__input__", START]);
