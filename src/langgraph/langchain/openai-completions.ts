import { installCommand, wrongVersion } from "../optional-package.js";

const PACKAGE = "@langchain/openai";

/**
 * Creates ChatOpenAI's completions client and makes it report refusals. LangChain drops the field that holds a refusal,
 * so a refusal would look like an empty answer.
 */
export async function createOpenAiCompletions(fields: Readonly<Record<string, unknown>>): Promise<object> {
  const wrong = wrongVersion(PACKAGE);
  if (wrong !== undefined) {
    throw new Error(`${PACKAGE} ${wrong}: ${installCommand([PACKAGE])}`);
  }
  const { ChatOpenAICompletions } = await importOpenAi();
  class CompletionsWithRefusals extends ChatOpenAICompletions {
    override async *_streamResponseChunks(
      ...given: Parameters<InstanceType<typeof ChatOpenAICompletions>["_streamResponseChunks"]>
    ) {
      for await (const chunk of super._streamResponseChunks(...given)) {
        const { additional_kwargs: said } = chunk.message;
        const refusal = refusalIn(said.__raw_response);
        // Only this class needs the raw answer. If it stayed, it would be stored and streamed as a second copy.
        Reflect.deleteProperty(said, "__raw_response");
        if (refusal !== undefined) {
          said.refusal = refusal;
        }
        yield chunk;
      }
    }
  }
  return new CompletionsWithRefusals({ ...fields, __includeRawResponse: true });
}

async function importOpenAi() {
  try {
    return await import("@langchain/openai");
  } catch (cause) {
    throw new Error(`${PACKAGE} does not load. Install it: ${installCommand([PACKAGE])}`, { cause });
  }
}

function refusalIn(raw: unknown): string | undefined {
  const choices = field(raw, "choices");
  const [choice]: readonly unknown[] = Array.isArray(choices) ? choices : [];
  const refusal = field(field(choice, "delta"), "refusal");
  return typeof refusal === "string" ? refusal : undefined;
}

function field(holder: unknown, key: string): unknown {
  return typeof holder === "object" && holder !== null ? Reflect.get(holder, key) : undefined;
}
