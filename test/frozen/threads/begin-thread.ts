/**
 * One process that begins one thread and dies in it. Its arguments are the URL of the database, the thread's id, and
 * the file in which it notes its tool calls.
 */
import { appendFileSync } from "node:fs";
import { createCheckpointer, createStore } from "langgraph-plan-execute";
import { beginThread, openThread } from "./frozen-threads.js";

const [url = "", id = "", journal = ""] = process.argv.slice(2);
const { checkpointer } = await createCheckpointer(url);
const { store } = await createStore(url);
const note = (call: unknown) => appendFileSync(journal, `${JSON.stringify(call)}\n`);
await beginThread(id, openThread(id, { checkpointer, store }, { note, onSlow: "dies", isBroken: true }));
