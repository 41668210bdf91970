import { tool } from "@langchain/core/tools";
import type { z } from "zod";

/** Makes tools that note their calls and then do their work. */
export function createNoting(
  note: (call: { tool: string; args: Record<string, unknown>; key: string }) => void,
) {
  return <Shape extends z.ZodRawShape>(
    name: string,
    schema: z.ZodObject<Shape>,
    work: (args: Record<string, unknown>) => unknown,
    metadata?: Record<string, unknown>,
  ) =>
    tool(
      async (given, { configurable }) => {
        const args: Record<string, unknown> = { ...Object(given) };
        note({ tool: name, args, key: String(configurable?.idempotency_key) });
        return work(args);
      },
      { name, description: `does ${name}`, schema, metadata },
    );
}
