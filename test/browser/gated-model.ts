import { createDeferred, type Deferred } from "../support/deferred.js";
import { type ModelReply, type ModelRequest, planReply } from "../support/openai-server.js";

/** A model that plans two sums and a step of an agent, and that says nothing while its gate is closed. */
export interface GatedModel {
  answer(request: ModelRequest): ModelReply;
  /** Closes the gate of the plan's second half, of the agent, or of the closing answer. */
  close(gate: Gate): void;
  open(gate: Gate): void;
  /** From now on the closing call fails, or works again. */
  fail(fails: boolean): void;
  /** Opens all gates, and fails no more. */
  reset(): void;
}

type Gate = "plan" | "agent" | "answer";

/** What the model answers in the end. */
export const ANSWER = "The **total** is 43, and the sea is blue.";

const STEPS = [
  { id: "a", tool: "calculator", args: { expression: "6*7" } },
  { id: "b", description: "Say what the sea costs, at $5 to $7", dependsOn: [] },
  { id: "c", tool: "calculator", args: { expression: "{{a}}+1" } },
];

/** Creates the model, with all gates open. */
export function createGatedModel(): GatedModel {
  const gates = new Map<Gate, Deferred<void>>();
  let fails = false;
  const wait = async (gate: Gate) => {
    await gates.get(gate)?.promise;
  };
  return {
    answer({ tools = [] }) {
      const names = tools.map(({ function: { name } }) => name);
      if (names.length === 0) {
        return fails
          ? { status: 400, text: "Invalid request.\n    at Object.<anonymous> (/srv/model.js:1:2)" }
          : { text: ANSWER, pace: (sent) => (sent > 1 ? wait("answer") : Promise.resolve()) };
      }
      if (names.includes("plan")) {
        return {
          ...planReply(STEPS),
          pace: (sent, of) => (sent > of / 2 ? wait("plan") : Promise.resolve()),
        };
      }
      return { text: "Nothing, it is free.", pace: () => wait("agent") };
    },
    close: (gate) => void gates.set(gate, createDeferred()),
    open: (gate) => gates.get(gate)?.resolve(),
    fail: (now) => {
      fails = now;
    },
    reset() {
      fails = false;
      for (const gate of gates.values()) {
        gate.resolve();
      }
    },
  };
}
