import { z } from "zod";
import { parseJson, startDeadline } from "../base/index.js";
import type { ModelEnvironment } from "../models/index.js";
import { FLAG_FIELDS } from "../options/index.js";
import type { CommandOptions } from "./options/index.js";
import { commandPrefix } from "./report.js";
import type { ModelServerPlace, Surroundings } from "./surroundings.js";
import { toShellWord } from "./write.js";

/** The ports that Ollama and llama.cpp listen on if nobody says otherwise. */
export const USUAL_PLACES: readonly ModelServerPlace[] = [
  { server: "Ollama", port: 11_434 },
  { server: "llama.cpp", port: 8_080 },
];

/** A server on loopback answers in a few milliseconds. One that takes longer is not worth the wait. */
const TIMEOUT_MS = 300;
/** The most of an answer that is read. */
const MAX_BYTES = 64_000;
const MAX_NAME = 200;

const modelsSchema = z.object({ data: z.array(z.object({ id: z.string().min(1).max(MAX_NAME) })) });

/**
 * Says which model servers run on this machine, and how to use them, if nobody has named a model or a server. Such a
 * server is never used unasked: it is only asked for the names of its models.
 */
export async function noticeOfServers(
  options: CommandOptions,
  { environment, modelServers = [] }: Pick<Surroundings, "environment" | "modelServers">,
): Promise<string | undefined> {
  if (options.json || options.quiet || namesModel(options) || namesServer(environment)) {
    return undefined;
  }
  const found = await Promise.all(
    modelServers.map(async (place) => ({ ...place, name: await firstModelOf(place) })),
  );
  const lines = found.flatMap(({ server, port, name }) =>
    name === undefined
      ? []
      : [
          `A model server answers on 127.0.0.1:${port}, where ${server} usually is. It is not used unless you say so: ` +
            `OPENAI_BASE_URL=http://127.0.0.1:${port}/v1 OPENAI_API_KEY=none ${commandPrefix(environment)} ` +
            `--model ${toShellWord(`openai:${name}`)} "<goal>"`,
        ],
  );
  return lines.length === 0 ? undefined : lines.join("\n");
}

function namesModel(options: CommandOptions): boolean {
  const values = new Map<string, unknown>(Object.entries(options));
  const named = FLAG_FIELDS.filter(({ names }) => names === "models").map(({ name }) => values.get(name));
  return named.flat().some((model) => model !== undefined);
}

function namesServer({ PLAN_EXECUTE_MODEL, OPENAI_API_KEY, OPENAI_BASE_URL }: ModelEnvironment): boolean {
  return Boolean(PLAN_EXECUTE_MODEL || OPENAI_API_KEY || OPENAI_BASE_URL);
}

/** The name of the first model that a server has; undefined if nothing there speaks OpenAI's protocol. */
async function firstModelOf({ port }: ModelServerPlace): Promise<string | undefined> {
  try {
    return await startDeadline(TIMEOUT_MS, "no answer in time").race(async (signal) => {
      const response = await fetch(`http://127.0.0.1:${port}/v1/models`, { signal, redirect: "error" });
      return modelsSchema.safeParse(parseJson(await headOf(response))).data?.data[0]?.id;
    });
  } catch (error) {
    if (!(error instanceof Error)) {
      throw error;
    }
    // Nobody listens there, or somebody else does.
    return undefined;
  }
}

async function headOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_BYTES) {
      break;
    }
  }
  return text;
}
