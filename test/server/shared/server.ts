import { Client } from "@langchain/langgraph-sdk";
import { inject } from "vitest";

/** The folder's server. Others use it at the same time, so each test has threads of its own. */
export const server = inject("devServer");
/** A client of it that tries nothing twice. */
export const client = new Client({ apiUrl: server.url, callerOptions: { maxRetries: 0 } });
