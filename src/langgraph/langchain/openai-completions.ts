/**
 * Creates ChatOpenAI's completions client and makes it report refusals. LangChain drops the field that holds a refusal,
 * so a refusal would look like an empty answer.
 */
export async function createOpenAiCompletions(fields: Readonly<Record<string, unknown>>): Promise<object> {
  const { ChatOpenAICompletions } = await import("@langchain/openai");
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

function refusalIn(raw: unknown): string | undefined {
  const choices = field(raw, "choices");
  const [choice]: readonly unknown[] = Array.isArray(choices) ? choices : [];
  const refusal = field(field(choice, "delta"), "refusal");
  return typeof refusal === "string" ? refusal : undefined;
}

function field(holder: unknown, key: string): unknown {
  return typeof holder === "object" && holder !== null ? Reflect.get(holder, key) : undefined;
}
