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
  configurable: z
    .object({
      idempotency_key: z.string().optional(),
      langgraph_auth_user_id: z.string().optional().catch(undefined),
      langgraph_auth_user: z
        .object({ identity: z.string().optional(), email: z.string().optional() })
        .optional()
        .catch(undefined),
    })
    .default({}),
  state: z
    .object({ startedAt: z.string().optional(), decisions: z.array(decisionSchema).default([]) })
    .default({ decisions: [] }),
});

/** What a tool is told of the run that calls it. */
export interface RunFacts {
  /** The user whom the server has authenticated, by all the names that it gives them; none where nobody was. */
  readonly identity: readonly string[];
  /** The same for each try of one call. */
  readonly idempotencyKey: string | undefined;
  /** When the customer's message came, as an ISO time. */
  readonly startedAt: string | undefined;
  /** What people have decided in this turn. */
  readonly decisions: readonly RunDecision[];
}

/** What a person decided about one call. */
export type RunDecision = z.infer<typeof decisionSchema>;

/** Reads what a tool is told of its run. */
export function readRunFacts(config: unknown): RunFacts {
  const { configurable, state } = configSchema.parse(config);
  const { langgraph_auth_user_id: id, langgraph_auth_user: user } = configurable;
  return {
    identity: [id, user?.identity, user?.email].flatMap((name) =>
      name === undefined || name === "" ? [] : [name],
    ),
    idempotencyKey: configurable.idempotency_key,
    startedAt: state.startedAt === "" ? undefined : state.startedAt,
    decisions: state.decisions,
  };
}
