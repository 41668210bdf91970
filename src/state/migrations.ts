// Threads of older versions are migrated when they are read. This file says how their values change.
// `langgraph/migrating-saver.ts` applies the change before LangGraph builds a state from the values.
//
// Version 1 had a flat channel for each field of the turn, the request, the verdict and the words, and "" for "none".
import { z } from "zod";
import type { Channels, CheckpointMigration } from "../langgraph/index.js";
import { STATE_VERSION } from "./graph-state.js";
import type { Turn, Verdict, Words } from "./turn.js";
import type { OpenRequest, Waiting } from "./waiting.js";

const text = z.string().catch("");
const flag = z.boolean().catch(false);

/** The channels of version 1 that changed. Its early builds did not have all of them. */
const versionOneSchema = z.object({
  turnId: text,
  goal: text,
  goalMessageId: text,
  planMessageId: text,
  startedAt: text,
  requestId: text,
  askedAt: text,
  expiresAt: text,
  refusal: text,
  toNotify: flag,
  waiting: z.array(z.custom<Waiting>()).catch([]),
  feedback: text,
  remark: text,
  moreToRun: flag,
  replanAsked: flag,
  limitReached: text,
  answerStep: text,
});

type VersionOne = z.infer<typeof versionOneSchema>;

/** How to make one of today's channels, and from which old channels. */
interface Made {
  readonly of: readonly string[];
  from(values: VersionOne, writtenAt: string): unknown;
}

const MADE: Readonly<Record<string, Made>> = {
  turn: { of: ["turnId", "goal", "goalMessageId", "planMessageId", "startedAt"], from: toTurn },
  request: {
    of: ["requestId", "askedAt", "expiresAt", "refusal", "toNotify", "waiting"],
    from: toRequest,
  },
  words: { of: ["feedback", "remark"], from: toWords },
  verdict: { of: ["moreToRun", "replanAsked", "limitReached"], from: toVerdict },
  answerStep: { of: ["answerStep"], from: ({ answerStep }) => orNull(answerStep) },
  schemaVersion: { of: ["schemaVersion"], from: () => STATE_VERSION },
};

const MADE_CHANNELS = Object.keys(MADE);
const GONE_CHANNELS = Object.values(MADE)
  .flatMap(({ of }) => of)
  .filter((channel) => !Object.hasOwn(MADE, channel));

/** The migration that brings threads of older versions into today's shape. */
export const STATE_MIGRATION: CheckpointMigration = {
  made: MADE_CHANNELS,
  gone: GONE_CHANNELS,
  // A newer state stays as it is, because the nodes refuse it.
  isOutdated: ({ schemaVersion }) => typeof schemaVersion === "number" && schemaVersion < STATE_VERSION,
  migrateState(values, writtenAt) {
    const kept = Object.entries(values).filter(([channel]) => !GONE_CHANNELS.includes(channel));
    return { ...Object.fromEntries(kept), ...make(MADE_CHANNELS, values, writtenAt) };
  },
  // A channel that is made from several old ones is written whole. The parts that the task did not write come from the
  // state before.
  migrateWrites(written, before, writtenAt) {
    const made = MADE_CHANNELS.filter((channel) =>
      MADE[channel]?.of.some((old) => Object.hasOwn(written, old)),
    );
    return make(made, { ...before, ...written }, writtenAt);
  },
};

function make(channels: readonly string[], values: Channels, writtenAt: string): Channels {
  const old = versionOneSchema.parse(values);
  return Object.fromEntries(channels.map((channel) => [channel, MADE[channel]?.from(old, writtenAt)]));
}

function orNull(value: string): string | null {
  return value === "" ? null : value;
}

function toTurn(values: VersionOne, writtenAt: string): Turn | null {
  const { turnId: id, goal, goalMessageId, planMessageId, startedAt } = values;
  if (id === "") {
    return null;
  }
  return {
    id,
    goal,
    goalMessageId: orNull(goalMessageId),
    planMessageId: orNull(planMessageId),
    startedAt: orNull(startedAt) ?? writtenAt,
  };
}

/**
 * Uses the checkpoint's time if the request has none, because the first builds did not keep when a request was made.
 */
function toRequest(values: VersionOne, writtenAt: string): OpenRequest | null {
  const { requestId: id, askedAt, expiresAt, refusal, toNotify, waiting } = values;
  if (waiting.length === 0) {
    return null;
  }
  return {
    id,
    askedAt: orNull(askedAt) ?? writtenAt,
    expiresAt: orNull(expiresAt),
    refusal: orNull(refusal),
    toNotify,
    waiting,
  };
}

function toWords({ feedback, remark }: VersionOne): Words | null {
  if (feedback !== "") {
    return { kind: "feedback", text: feedback };
  }
  return remark === "" ? null : { kind: "remark", text: remark };
}

function toVerdict({ moreToRun, replanAsked, limitReached }: VersionOne): Verdict | null {
  if (limitReached !== "") {
    return { kind: "limit", reason: limitReached };
  }
  if (replanAsked) {
    return { kind: "replan" };
  }
  return moreToRun ? { kind: "run-on" } : null;
}
