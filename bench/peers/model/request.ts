import { z } from "zod";

const callSchema = z.object({
  id: z.string(),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

const contentSchema = z
  .union([z.string(), z.array(z.looseObject({ text: z.string() })), z.null()])
  .transform((content) =>
    typeof content === "string" ? content : (content ?? []).map(({ text }) => text).join(""),
  );

const messageSchema = z.object({
  role: z.string(),
  content: contentSchema.default(""),
  tool_calls: z.array(callSchema).default([]),
  tool_call_id: z.string().optional(),
});

const toolSchema = z.object({
  function: z.object({
    name: z.string(),
    description: z.string().default(""),
    parameters: z.record(z.string(), z.unknown()).default({}),
  }),
});

/** What the server reads of a request for a chat completion. */
export const requestSchema = z.object({
  model: z.enum(["large", "small"]),
  stream: z.boolean().default(false),
  messages: z.array(messageSchema),
  tools: z.array(toolSchema).default([]),
  parallel_tool_calls: z.boolean().default(true),
});

export type ModelRequest = z.infer<typeof requestSchema>;

/** Whether the model is given a tool of this name. */
export function hasTool({ tools }: ModelRequest, name: string): boolean {
  return tools.some((tool) => tool.function.name === name);
}

/** The last message from a person. */
export function lastHuman({ messages }: ModelRequest): string {
  return messages.findLast(({ role }) => role === "user")?.content ?? "";
}
