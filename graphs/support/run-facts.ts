import { requesterOf } from "langgraph-plan-execute";
import { z } from "zod";

const decisionSchema = z.object({
  type: z.enum(["approve", "edit", "reject"]),
  by: z.string().optional(),
  isVoid: z.boolean().optional(),
  tool: z.string().optional(),
  args: z.record(z.string(), z.unknown()).optional(),
  shown: z.object({ tool: z.string(), args: z.record(z.string(), z.unknown()) }).optional(),
});

const configSchema = z.object({
  configurable: z.record(z.string(), z.unknown()).default({}),
  state: z
    .object({ startedAt: z.string().optional(), decisions: z.array(decisionSchema).default([]) })
    .default({ decisions: [] }),
});

const userSchema = z.object({
  email: z.string().optional().catch(undefined),
  permissions: z.array(z.string()).default([]).catch([]),
});

/** What a tool is told of the run that calls it. */
export interface RunFacts {
  /** The user whom the server has authenticated; undefined where nobody was. */
  readonly user: AuthenticatedUser | undefined;
  /** The same for each try of one call. */
  readonly idempotencyKey: string | undefined;
  /** When the customer's message came, as an ISO time. */
  readonly startedAt: string | undefined;
  /** What people have decided in this turn. */
  readonly decisions: readonly RunDecision[];
}

/** A user as the server knows them. */
export interface AuthenticatedUser {
  readonly id: string;
  readonly email?: string;
  readonly permissions: readonly string[];
}

/** What a person decided about one call. */
export type RunDecision = z.infer<typeof decisionSchema>;

/** Reads what a tool is told of its run. */
export function readRunFacts(config: unknown): RunFacts {
  const { configurable, state } = configSchema.parse(config);
  const { userId: id, user } = requesterOf({ configurable });
  const { idempotency_key: key } = configurable;
  return {
    user: id === undefined ? undefined : { id, ...userSchema.parse(user ?? {}) },
    idempotencyKey: typeof key === "string" ? key : undefined,
    startedAt: state.startedAt === "" ? undefined : state.startedAt,
    decisions: state.decisions,
  };
}
