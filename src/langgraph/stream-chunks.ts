// A chunk of a run is either a bare payload or a tuple that ends with the payload. The mode and the namespace come
// before it if several modes or subgraphs are streamed. LangGraph reports interrupts in the payload, under a private
// key.
import { INTERRUPT } from "@langchain/langgraph";

/** Returns the payload of a chunk, whatever the mode of the stream. */
export function payloadOf(chunk: unknown): unknown {
  return Array.isArray(chunk) ? chunk.at(-1) : chunk;
}

/** Copies a chunk with another payload. */
export function withPayload(chunk: unknown, payload: unknown): unknown {
  return Array.isArray(chunk) ? [...chunk.slice(0, -1), payload] : payload;
}

/** Whether a chunk reports an interrupt. */
export function tellsInterrupt(chunk: unknown): boolean {
  const payload = payloadOf(chunk);
  return typeof payload === "object" && payload !== null && INTERRUPT in payload;
}
