import { Command } from "@langchain/langgraph";
import { z } from "zod";
import { toRefusalNotice } from "../../src/runtime/index.js";

/** What a person is asked. */
export const requestSchema = z.object({
  requestId: z.string(),
  askedAt: z.string(),
  expiresAt: z.string().optional(),
  actionRequests: z.array(
    z.object({
      name: z.string(),
      args: z.record(z.string(), z.json()),
      description: z.string(),
      actionId: z.string(),
      stepId: z.string().optional(),
      steps: z.array(z.unknown()).optional(),
    }),
  ),
  reviewConfigs: z.array(z.object({ actionName: z.string(), allowedDecisions: z.array(z.string()) })),
  action_requests: z.array(z.unknown()),
  review_configs: z.array(z.object({ action_name: z.string(), allowed_decisions: z.array(z.string()) })),
  error: z.string().optional(),
});

/** A command that goes to no node. */
export type Resume = Command<unknown, Record<string, unknown>, never>;

export type ShownRequest = z.infer<typeof requestSchema>;

/** The one request that a run waits with. Throws if the run does not wait, or waits with several. */
export function requestOf(output: object): ShownRequest {
  const interrupts = z
    .tuple([z.object({ value: requestSchema })])
    .parse(Reflect.get(output, "__interrupt__"));
  return interrupts[0].value;
}

/** A request as it was before the answer to it was refused. */
export function withoutRefusal({ error = "", ...request }: ShownRequest): ShownRequest {
  const notice = JSON.stringify(toRefusalNotice(error)).slice(1, -1);
  return requestSchema.parse(JSON.parse(JSON.stringify(request).replaceAll(notice, () => "")));
}

/** Whether a run waits for a person. */
export function isWaiting(output: object): boolean {
  return Reflect.has(output, "__interrupt__");
}

export function answer(value: unknown): Resume {
  return new Command({ resume: value });
}

/** A command with one decision for each action. */
export function decide(...decisions: readonly unknown[]): Resume {
  return answer({ decisions });
}

export const approve = { type: "approve" } as const;
export const reject = (message?: string) => ({ type: "reject", message }) as const;
export const edit = (name: string, args: Record<string, unknown>) =>
  ({ type: "edit", editedAction: { name, args } }) as const;
