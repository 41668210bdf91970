import type { BaseMessage } from "@langchain/core/messages";
import { z } from "zod";
import type { JsonValue } from "../../base/index.js";
import { readSection } from "../tags.js";
import { type PastStep, readPastSteps } from "./compose-answer.js";
import { readJsonLines, type ToolCard } from "./tool-card.js";

/** What a playbook is asked: what the model's prompt says, read. */
export interface PlaybookRequest {
  /**
   * `plan`: a turn begins. `replan`: its steps have ended, or something in them has to be decided. Where a plan's steps
   * all came out right the answer alone is asked for first; a playbook that gives steps then is asked once more.
   */
  readonly kind: "plan" | "replan";
  readonly goal: string;
  /** The earlier turns, oldest first. */
  readonly conversation: readonly { readonly from: "person" | "agent"; readonly text: string }[];
  /** The names of the tools that there are; none where the answer alone is asked for. */
  readonly tools: readonly string[];
  /** The steps that have ended, in their order; large outputs are cut, as for any model. Empty for a first plan. */
  readonly pastSteps: readonly PastStep[];
  /** The steps that were planned and have not begun. */
  readonly remaining: readonly PlaybookStep[];
  /**
   * Why the replanner was asked, in words: what went wrong, what is missing, or what a person says. Empty for a first
   * plan, and where the answer alone is asked for.
   */
  readonly why: string;
  /** What a person said of the plan that they rejected. */
  readonly feedback?: string;
}

/** A step as a playbook writes it: a plan's step, the id left out where it is the step's position. */
export interface PlaybookStep {
  readonly id?: string;
  readonly description?: string;
  readonly tool?: string;
  readonly args?: Readonly<Record<string, JsonValue>>;
  readonly dependsOn?: readonly string[];
  readonly forEach?: string;
  readonly if?: string;
  readonly expect?: string;
}

/** What a playbook says: a plan, or the remainder of one, or an answer. */
export type PlaybookMove =
  | { readonly steps: readonly PlaybookStep[]; readonly answer?: string }
  | { readonly text: string };

/** The rules of a field: what is done for a goal of this field; undefined where it is none of its goals. */
export type Playbook = (request: PlaybookRequest) => PlaybookMove | undefined;

const stepSchema = z.looseObject({
  id: z.string().optional(),
  description: z.string().optional(),
  tool: z.string().optional(),
  args: z.record(z.string(), z.json()).optional(),
});

/** The request that a planner's or replanner's prompt makes; undefined where the prompt is neither's. */
export function toPlaybookRequest(
  messages: readonly BaseMessage[],
  at: number,
  tools: readonly ToolCard[],
): PlaybookRequest | undefined {
  const asked = messages[at]?.text ?? "";
  const goal = readSection("goal", asked);
  if (goal === undefined || readSection("task", asked) !== undefined) {
    return undefined;
  }
  const pastSteps = readSection("past_steps", asked);
  const remaining = readJsonLines(readSection("remaining", asked) ?? "").flatMap((line) => {
    const step = stepSchema.safeParse(line);
    return step.success ? [step.data] : [];
  });
  const conversation = messages
    .slice(0, at)
    .filter((message) => message.getType() === "human" || message.getType() === "ai")
    .map((message): PlaybookRequest["conversation"][number] => ({
      from: message.getType() === "human" ? "person" : "agent",
      text: message.text,
    }));
  return {
    kind: pastSteps === undefined ? "plan" : "replan",
    goal,
    conversation,
    tools: tools.map(({ name }) => name),
    pastSteps: readPastSteps(pastSteps ?? ""),
    remaining,
    why: readSection("why", asked) ?? "",
    feedback: readSection("feedback", asked),
  };
}
