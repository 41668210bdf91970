import { z } from "zod";
import { requestSchema } from "../../support/approval.js";
import { configOf, type OpenThread } from "./frozen-threads.js";
import { type Call, callSchema } from "./world.js";

/** What a thread shows to whoever looks at it, in public terms only. */
const shownSchema = z.object({
  plan: z.array(z.unknown()).optional(),
  pastSteps: z.array(z.unknown()).optional(),
  response: z.string().optional(),
  status: z.string().optional(),
  outcome: z.unknown().optional(),
  usage: z.unknown().optional(),
  /** The type of each message, and its text. */
  messages: z.array(z.tuple([z.string(), z.string()])),
  request: requestSchema.optional(),
});

export type Shown = z.infer<typeof shownSchema>;

/** The facts kept beside the database for each thread: what it showed, and which calls its tools got. */
export const factsSchema = z.record(z.string(), z.object({ shown: shownSchema, calls: z.array(callSchema) }));

/** The facts about one thread. */
export interface Facts {
  readonly shown: Shown;
  readonly calls: readonly Call[];
}

const messageSchema = z.object({ type: z.string(), text: z.string() });

/** What a thread shows now. */
export async function showThread(id: string, { graph }: OpenThread): Promise<Shown> {
  const { values, tasks } = await graph.getState(configOf(id), { subgraphs: true });
  // If the agent is inside another graph and has not ended, this is the agent's own state.
  const inner: unknown = Reflect.get(Object(tasks.at(0)?.state), "values");
  const { plan, pastSteps, response, status, outcome, usage, messages } = Object(inner ?? values);
  const [request] = tasks.flatMap(({ interrupts }) => interrupts.map(({ value }) => value));
  return shownSchema.parse(
    asKept({
      plan,
      pastSteps,
      response,
      status,
      outcome,
      usage,
      messages: z
        .array(messageSchema)
        .parse(messages ?? [])
        .map(({ type, text }) => [type, text]),
      request,
    }),
  );
}

/** A value as it comes back from a JSON file. */
function asKept(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
