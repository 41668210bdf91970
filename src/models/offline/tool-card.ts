import { z } from "zod";
import { readSignature } from "./read-signature.js";

const parameterSchema = z.object({
  type: z.unknown().optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
});

const toolCardSchema = z.object({
  name: z.string(),
  description: z.string().catch(""),
  parameters: z
    .object({
      properties: z.record(z.string(), parameterSchema.catch({ type: "string" })).catch({}),
      required: z.array(z.string()).catch([]),
    })
    .catch({ properties: {}, required: [] }),
});

/** What a tool is, as a prompt's catalogue or a bound tool tells it. */
export type ToolCard = z.infer<typeof toolCardSchema>;

/** The tools of a catalogue, one a line: a signature or a JSON object; what is neither is passed over. */
export function readCatalogue(lines: string): ToolCard[] {
  return lines.split("\n").flatMap((line) => {
    const told: unknown[] = line.startsWith("{") ? readJsonLines(line) : [readSignature(line)];
    return told.flatMap((value) => {
      const card = toolCardSchema.safeParse(value);
      return card.success ? [card.data] : [];
    });
  });
}

/** The tool of a definition such as `bindTools` makes: `{ type: "function", function: { … } }`. */
export function toToolCard(definition: unknown): ToolCard | undefined {
  const bound = z.object({ function: toolCardSchema }).safeParse(definition);
  return bound.success ? bound.data.function : undefined;
}

/** The values of a section with one JSON value a line; what is no JSON is passed over. */
export function readJsonLines(lines: string): unknown[] {
  return lines.split("\n").flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return [value];
    } catch (error) {
      if (error instanceof SyntaxError) return [];
      throw error;
    }
  });
}
