// A run's chunks come as a payload alone, or as a tuple that ends with it: with the mode and the namespace before it,
// where several modes or subgraphs are streamed. LangGraph tells of interrupts in the payload, under a key of its own.
import { INTERRUPT } from "@langchain/langgraph";

/** What a chunk shows, in whatever mode it comes. */
export function payloadOf(chunk: unknown): unknown {
  return Array.isArray(chunk) ? chunk.at(-1) : chunk;
}

/** The chunk, with another payload. */
export function withPayload(chunk: unknown, payload: unknown): unknown {
  return Array.isArray(chunk) ? [...chunk.slice(0, -1), payload] : payload;
}

/** Whether a chunk tells of an interrupt. */
export function tellsInterrupt(chunk: unknown): boolean {
  const payload = payloadOf(chunk);
  return typeof payload === "object" && payload !== null && INTERRUPT in payload;
}

/** Whether a chunk tells of an interrupt without a question, as at a breakpoint, and of nothing else. */
export function asksNothing(chunk: unknown): boolean {
  const payload = payloadOf(chunk);
  if (typeof payload !== "object" || payload === null || Object.keys(payload).length !== 1) {
    return false;
  }
  const asked: unknown = Reflect.get(payload, INTERRUPT);
  return Array.isArray(asked) && asked.length === 0;
}
