// Runs made by hand, with times that never change: what pages are drawn from in these tests.
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import type { PlanStep, StepResult } from "../../src/plan/index.js";
import type { RunSnapshot } from "../../src/report/index.js";
import type { AgentState } from "../../src/state/index.js";
import { addUsage, emptyUsage, type Usage, usageOfCall } from "../../src/usage/index.js";

/** The moment at which every made run begins. */
export const BEGAN = Date.parse("2026-11-30T09:00:00.000Z");

/** A time, so many milliseconds after the beginning. */
export function at(ms: number): string {
  return new Date(BEGAN + ms).toISOString();
}

/** A step as it was planned. */
export function planned(
  id: string,
  description: string,
  dependsOn: string[] = [],
  more: Partial<PlanStep> = {},
): PlanStep {
  return { id, description, tool: "look_up", args: { query: description }, dependsOn, ...more };
}

/** What became of a step, which worked from one moment to another. */
export function ended(step: PlanStep, from: number, to: number, more: Partial<StepResult> = {}): StepResult {
  const { id, description, tool, args } = step;
  const output = { found: 3, source: "orders.csv" };
  return {
    id,
    description,
    tool,
    args,
    status: "done",
    output,
    attempts: 1,
    startedAt: at(from),
    endedAt: at(to),
    ...more,
  };
}

const PRICES = { large: { inputPerMillion: 2.5, outputPerMillion: 10 } };

/** The usage of one model call. */
export function used(
  role: "planner" | "executor" | "replanner" | "answer",
  inputTokens: number,
  outputTokens: number,
  stepId?: string,
): Usage {
  const tokens = {
    inputTokens,
    outputTokens,
    cachedInputTokens: Math.floor(inputTokens / 2),
    reasoningTokens: 0,
  };
  return usageOfCall({ role, model: "large", tokens, ...(stepId === undefined ? {} : { stepId }) }, PRICES);
}

const GOAL = "Compare the three suppliers by orders, refunds and delivery times in October";

/** A snapshot of a thread, with the values given and what goes with them. */
export function snapshotOf(
  values: Partial<AgentState>,
  { endedMs = 2_600, isOpen = false, threadId = "suppliers-october" } = {},
): RunSnapshot {
  const steps = values.plan ?? [];
  const response = values.response ?? "Nordwind is the cheapest, Ostsee the quickest.";
  const goal = values.turn?.goal ?? GOAL;
  return {
    values: {
      messages: [
        new HumanMessage({ content: goal, id: "m1" }),
        new AIMessage({ content: response, id: "m2" }),
      ],
      turn: { id: "turn", goal: GOAL, goalMessageId: "m1", planMessageId: null, startedAt: at(0) },
      plan: steps,
      planVersions:
        steps.length === 0
          ? []
          : [{ version: 1, reason: "the goal was planned", by: "planner", at: at(600), steps, resolves: [] }],
      pastSteps: [],
      request: null,
      suspended: [],
      decisions: [],
      steering: [],
      status: "done",
      outcome: isOpen ? null : { status: "done", reason: "The plan was done.", failed: [], left: [] },
      usage: emptyUsage(),
      ...values,
      response,
    },
    config: { configurable: { thread_id: threadId } },
    createdAt: at(endedMs),
    tasks: isOpen ? [{}] : [],
  };
}

const PLAIN = [
  planned("orders", "Look up the orders of October"),
  planned("refunds", "Look up the refunds of October"),
  planned("times", "Look up the delivery times"),
  planned("join", "Join orders and refunds", ["orders", "refunds"]),
  planned("compare", "Compare the suppliers in words", ["join", "times"], {
    tool: undefined,
    args: undefined,
  }),
];
const [ORDERS, REFUNDS, TIMES, JOIN, COMPARE] = PLAIN as [PlanStep, PlanStep, PlanStep, PlanStep, PlanStep];
const PLAIN_RESULTS = [
  ended(ORDERS, 620, 1_240),
  ended(REFUNDS, 620, 890),
  ended(TIMES, 630, 1_010),
  ended(JOIN, 1_245, 1_420),
  ended(COMPARE, 1_425, 2_110, { output: "Nordwind is the cheapest, Ostsee the quickest." }),
];
const PLAIN_USAGE = [
  used("planner", 912, 143),
  used("executor", 640, 88, "compare"),
  used("answer", 410, 62),
].reduce(addUsage);

/** A run that went as it was planned. */
export function plainRun(): RunSnapshot {
  return snapshotOf({ plan: PLAIN, pastSteps: PLAIN_RESULTS, usage: PLAIN_USAGE });
}

/** A run whose plan was changed after a step failed twice, and in which a step of the first plan was left out. */
export function replannedRun(): RunSnapshot {
  const failed = ended(TIMES, 630, 1_910, {
    status: "failed",
    output: undefined,
    error: { code: "TOOL_FAILED", message: "The server of the carrier does not answer (503)." },
    attempts: 2,
    retries: [{ at: at(980), delayMs: 500, error: "The server of the carrier does not answer (503)." }],
  });
  const cached = planned("times", "Read the delivery times of last week from the archive", [], {
    tool: "read_file",
    args: { path: "archive/times.csv" },
  });
  const plan = [ORDERS, REFUNDS, JOIN, cached, COMPARE];
  return snapshotOf(
    {
      plan,
      pastSteps: [
        ...PLAIN_RESULTS.filter(({ id }) => id !== "times" && id !== "compare"),
        ended(cached, 2_530, 2_600),
        ended(COMPARE, 2_610, 3_150, { output: "Ostsee is the quickest." }),
      ],
      planVersions: [
        {
          version: 1,
          reason: "the goal was planned",
          by: "planner",
          at: at(600),
          steps: PLAIN,
          resolves: [],
        },
        {
          version: 2,
          reason: "step times failed: the server of the carrier does not answer",
          by: "replanner",
          at: at(2_500),
          steps: [cached, COMPARE],
          resolves: ["times"],
          replaced: [failed],
        },
      ],
      usage: addUsage(PLAIN_USAGE, used("replanner", 1_204, 97)),
      replans: 1,
    },
    { endedMs: 3_700, threadId: "suppliers-replanned" },
  );
}

const PAY = planned("pay", "Pay the invoice of Nordwind", ["orders"], {
  tool: "pay",
  args: { to: "Nordwind", cents: 92_90 },
});

/** A run in which a person approved the plan and edited a call. */
export function approvedRun(): RunSnapshot {
  const plan = [ORDERS, REFUNDS, PAY];
  return snapshotOf(
    {
      plan,
      pastSteps: [
        ended(ORDERS, 8_020, 8_600),
        ended(REFUNDS, 8_020, 8_300),
        ended(PAY, 8_610, 21_300, { args: { to: "Nordwind", cents: 90_00 }, output: { paid: true } }),
      ],
      decisions: [
        { actionId: "plan:1", requestId: "r1", type: "approve", by: "anna", askedAt: at(610), at: at(8_000) },
        {
          actionId: "turn:pay:1",
          requestId: "r2",
          type: "edit",
          by: "anna",
          stepId: "pay",
          shown: { tool: "pay", args: { to: "Nordwind", cents: 92_90 } },
          tool: "pay",
          args: { to: "Nordwind", cents: 90_00 },
          askedAt: at(8_620),
          at: at(21_000),
        },
      ],
      response: "The invoice of Nordwind is paid.",
      usage: used("planner", 700, 90),
    },
    { endedMs: 21_400, threadId: "invoice-nordwind" },
  );
}

/** A run that waits for a person. */
export function waitingRun(): RunSnapshot {
  return snapshotOf(
    {
      plan: [ORDERS, PAY],
      pastSteps: [ended(ORDERS, 620, 1_240)],
      response: "",
      status: "waiting",
      suspended: [{ stepId: "pay", stepHash: "h", startedAt: at(1_245), attempts: 0 }],
      request: {
        id: "request-1",
        askedAt: at(1_250),
        expiresAt: at(3_600_000),
        refusal: null,
        toNotify: false,
        waiting: [
          {
            kind: "action",
            actionId: "turn:pay:1",
            stepId: "pay",
            tool: "pay",
            args: { to: "Nordwind", cents: 92_90 },
            description: "Pays at once, and cannot be undone.",
            allowedDecisions: ["approve", "edit", "reject"],
          },
        ],
      },
      usage: used("planner", 700, 90),
    },
    { isOpen: true, threadId: "invoice-waiting" },
  );
}

/** A run that a limit ended, with a price that nobody knows. */
export function limitedRun(): RunSnapshot {
  const unpriced = usageOfCall({ role: "executor", model: "unheard-of", stepId: "join" }, PRICES);
  const usage = [used("planner", 912, 143), unpriced, used("answer", 410, 62)].reduce(addUsage);
  const reason = "The run reached limits.maxModelCalls (4).";
  return snapshotOf(
    {
      plan: PLAIN,
      pastSteps: [
        ...PLAIN_RESULTS.slice(0, 3),
        ended(JOIN, 1_245, 1_420, {
          status: "failed",
          output: undefined,
          error: { code: "LIMIT_REACHED", message: reason },
        }),
      ],
      status: "incomplete",
      outcome: { status: "incomplete", reason, failed: [], left: [COMPARE] },
      response: "Orders, refunds and delivery times were read. They were not compared.",
      usage,
    },
    { endedMs: 1_500, threadId: "suppliers-limited" },
  );
}

/** A run whose steps failed. */
export function failedRun(): RunSnapshot {
  const call = { key: "k", tool: "order", args: { number: 7 }, at: at(2_000) };
  const error = { code: "TOOL_FAILED", message: "ENOENT: there is no file orders.csv" } as const;
  const skipped = {
    status: "skipped",
    output: undefined,
    startedAt: undefined,
    attempts: 0,
    error: { code: "DEPENDENCY_FAILED", message: "Step orders failed." },
  } as const;
  return snapshotOf(
    {
      plan: PLAIN,
      pastSteps: [
        ended(ORDERS, 620, 640, { status: "failed", output: undefined, error }),
        ended(REFUNDS, 620, 890),
        ended(TIMES, 630, 1_010),
        ended(JOIN, 640, 640, skipped),
        ended(COMPARE, 640, 640, skipped),
      ],
      status: "failed",
      outcome: {
        status: "failed",
        reason: "Step orders failed: there is no file orders.csv.",
        failed: [],
        left: [],
        undone: [
          { ...call, stepId: "times", status: "undone", output: "Order 7 was cancelled." },
          { ...call, stepId: "refunds", status: "not-undone", reason: "Order <6> was shipped." },
        ],
      },
      response: "The suppliers could not be compared: the orders are missing.",
      usage: used("planner", 912, 143),
    },
    { endedMs: 1_300, threadId: "suppliers-failed" },
  );
}

/** A run of many steps in layers, each of which needs two of the layer before. */
export function largeRun(count = 200): RunSnapshot {
  const width = 10;
  const plan = Array.from({ length: count }, (_, index) => {
    const above = index - width;
    const needs = above < 0 ? [] : [above, Math.floor(above / width) * width + ((above + 1) % width)];
    return planned(
      String(index + 1),
      `Look up part ${index + 1} of the archive`,
      needs.map((one) => String(one + 1)),
    );
  });
  const pastSteps = plan.map((step, index) => {
    const from = 600 + Math.floor(index / width) * 200 + (index % 3) * 10;
    return ended(step, from, from + 60 + ((index * 37) % 120));
  });
  return snapshotOf(
    { plan, pastSteps, usage: used("planner", 2_000, 4_000) },
    { endedMs: 4_900, threadId: "archive" },
  );
}

/** A run that goes on: one step is done, and the next can run. */
export function runUnderWay(): RunSnapshot {
  return snapshotOf(
    {
      plan: PLAIN,
      pastSteps: [ended(REFUNDS, 620, 890)],
      response: "",
      status: "executing",
      usage: used("planner", 912, 143),
    },
    { isOpen: true, threadId: "suppliers-under-way" },
  );
}
