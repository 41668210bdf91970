import type { SearchProvider } from "langgraph-plan-execute";
import { z } from "zod";
import type { AnswerSettings } from "./read-goal.js";
import { DEFAULT_LIMIT, MAX_LIMIT } from "./search-tools.js";

const SERVICES = [
  "wikipedia",
  "tavily",
  "duckduckgo",
  "searxng",
  "arxiv",
] as const satisfies readonly SearchProvider[];
const providerSchema = z.enum(["documents", ...SERVICES]);
const providersSchema = z.array(providerSchema).min(1).readonly();
const settingsSchema = z.object({
  providers: providersSchema.optional(),
  limit: z.int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  threshold: z.number().min(0).max(1).default(0.7),
  format: z.enum(["summary", "briefing"]).default("summary"),
});

/** How answers are, and which services of the network are asked. */
export interface ResearchSettings extends AnswerSettings {
  readonly services: readonly SearchProvider[];
}

/** The settings of the options and the environment; throws, naming the option, where one cannot be used. */
export function resolveSettings(
  given: z.input<typeof settingsSchema>,
  env: Readonly<Record<string, string | undefined>>,
): ResearchSettings {
  const read = settingsSchema.safeParse(given);
  if (!read.success) {
    throw new Error(`The options of the research graph cannot be used: ${z.prettifyError(read.error)}`);
  }
  const { providers = fromEnvironment(env.PLAN_EXECUTE_RESEARCH_PROVIDERS), ...settings } = read.data;
  return { ...settings, providers, services: SERVICES.filter((service) => providers.includes(service)) };
}

/** The graph must be there for the server whatever the environment says: what is no provider is left out. */
function fromEnvironment(names = ""): z.infer<typeof providersSchema> {
  const known = names
    .split(",")
    .map((name) => providerSchema.safeParse(name.trim()))
    .flatMap(({ data }) => data ?? []);
  return known.length === 0 ? ["documents"] : known;
}
