// The options that stand in sections of their own, other than the roles' (`roles.ts`). To add an option, add an entry here,
// there or in `schema.ts`.
import { z } from "zod";
import { type OptionsOf, option } from "./option.js";
import {
  APPROVAL_TOOLS,
  DURATION,
  EMBEDDINGS,
  ON_WAITING,
  PLAN_APPROVAL,
  PLAN_APPROVALS,
  POSITIVE,
  WRITTEN_DURATION,
  WRITTEN_NAMES,
} from "./values.js";

export const APPROVAL = {
  /**
   * Whether plans wait for a person. `true`: once, and again for what is new in them; `"always"`; or a function that
   * decides. See docs/approval.md. @default false
   */
  plan: option(PLAN_APPROVAL, {
    default: false,
    name: "approvePlan",
    written: z.enum(PLAN_APPROVALS),
    read: (level) => (level === "always" ? level : level === "once"),
    show(plan) {
      if (typeof plan === "function") {
        return undefined;
      }
      return plan === "always" ? plan : plan ? "once" : "never";
    },
    effect: "tightens",
    tightening: {
      join: (one, other) => PLAN_APPROVALS.findLast((level) => level === one || level === other) ?? one,
      refuse: (level, built) =>
        level === "never" && built !== false
          ? "this agent's plans wait for a person; leave it out, or say once or always"
          : undefined,
    },
    context: "Whether plans wait for a person.",
    flag: { argument: "<when>", help: "whether plans wait for you: never, once or always" },
  }),
  /**
   * The tools whose calls wait for a person, by the tool's name; or `"destructive"`: all that do not say that they only
   * read or add. See docs/approval.md. @default none
   */
  tools: option(APPROVAL_TOOLS, {
    default: {},
    name: "approveTools",
    written: WRITTEN_NAMES,
    read: (names) => Object.fromEntries(names.map((name) => [name, true])),
    names: "tools",
    effect: "tightens",
    tightening: { join: (one, other) => [...new Set([...one, ...other])] },
    context: "Further tools whose calls wait for a person.",
    flag: { argument: "<tools>", help: "tools whose calls wait for you, with commas between them" },
  }),
  /**
   * How long a person may take to answer a request: milliseconds, or `"30m"`, `"24h"`, `"7d"`. After that the request
   * takes no answer, and the agent asks again. @default never
   */
  expiresAfter: option(DURATION, {
    name: "approvalExpiresAfter",
    written: WRITTEN_DURATION,
    context: 'After how long a request takes no answer any more: "30m", "24h", "7d".',
    flag: {
      argument: "<time>",
      help: "how long you may take to answer: 30m, 24h, 7d (default: for ever)",
    },
  }),
  /** Whether an answer must name the request that it answers: `{ requestId, decisions }`. @default false */
  requireRequestId: option(z.boolean(), {
    default: false,
    name: "requireRequestId",
    effect: "tightens",
    tightening: {
      join: (one, other) => one || other,
      refuse: (isRequired, built) =>
        built && !isRequired ? "this agent's answers must name their request; leave it out" : undefined,
    },
    context: "Whether an answer must name the request that it is to.",
  }),
  /** Whether to ask a person for guidance before a run ends because it is out of replans or stalls. @default false */
  escalate: option(z.boolean(), {
    default: false,
    name: "escalate",
    context: "Whether a person is asked for guidance before a run ends that is out of replans or stalls.",
    flag: { help: "ask you what to do where the run cannot go on by itself" },
  }),
  /** Who to notify, once for each request: a webhook's address (POST, JSON), or a function. @default nobody is told */
  onWaiting: option(ON_WAITING),
};

/** What waits for a person, and how requests are asked and answered. */
export interface ApprovalOptions extends OptionsOf<typeof APPROVAL> {}

export const EXPERIMENTAL = {
  /**
   * Stores only what each superstep adds to the conversation (LangGraph's DeltaChannel, a beta), so the checkpoints of
   * a long thread take less space. Use a thread either always or never with this option. @default false
   */
  deltaMessages: option(z.boolean(), { default: false }),
};

/** Options that any version may change or remove. */
export interface ExperimentalOptions extends OptionsOf<typeof EXPERIMENTAL> {}

/** The limits of a turn. Their type must be that of `Limits` in `usage`, and a test compares the two. */
export const LIMITS = {
  maxModelCalls: option(POSITIVE, {
    name: "maxModelCalls",
    context: "The most model calls of a turn.",
    flag: { group: "limits", argument: "<n>", help: "model calls" },
  }),
  maxTokens: option(POSITIVE, {
    name: "maxTokens",
    context: "The most tokens of a turn.",
    flag: { group: "limits", argument: "<n>", help: "tokens, in and out" },
  }),
  maxCostUsd: option(z.number().positive(), {
    name: "maxCostUsd",
    context: "The most US dollars of a turn.",
    flag: { group: "limits", argument: "<dollars>", help: "dollars; each model needs a --price" },
  }),
  maxSteps: option(POSITIVE, {
    name: "maxTurnSteps",
    context: "The most steps that a turn may begin, items of for-each steps included.",
    flag: { group: "limits", argument: "<n>", help: "steps, each item of a for-each step counted" },
  }),
  maxDurationMs: option(POSITIVE, {
    name: "maxDurationMs",
    context: "The longest time of a turn, in milliseconds.",
    flag: { group: "limits", argument: "<n>", help: "milliseconds" },
  }),
};

export const TOOL_SEARCH = {
  /** From how many tools on models are told of a chosen part of them. At least 1. @default 30 */
  from: option(POSITIVE, { default: 30 }),
  /** How many tools the chosen part describes. Up to a hundred more are named in it. At least 1. @default 30 */
  limit: option(POSITIVE, { default: 30 }),
  /**
   * Embeddings, by which tools are also found by their meaning. If they fail, words alone find tools (event
   * `policy.failed`). Their calls do not count against limits. @default words alone
   */
  embeddings: option(EMBEDDINGS),
};

/** How tools are chosen for prompts where there are many. */
export interface ToolSearchOptions extends OptionsOf<typeof TOOL_SEARCH> {}
