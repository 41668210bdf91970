/** Why a text is no answer in words: nothing in it, a raw call or plan, or a piece of a prompt. */
export type RawKind = "empty" | "call" | "plan" | "tag" | "reference";

/** Finds out whether a text is no answer for a person. `tools` are the names of the tools that were there. */
export function findRaw(text: string, tools: readonly string[]): RawKind | undefined {
  if (text.trim() === "") {
    return "empty";
  }
  const names = tools.map((name) => name.replace(/[^\w-]/g, "")).join("|");
  const call = new RegExp(`"(?:name|tool|function|action)"\\s*:\\s*"(?:${names})"|<tool_call>|<function=`);
  if (call.test(text)) {
    return "call";
  }
  if (/"steps"\s*:\s*\[/.test(text)) {
    return "plan";
  }
  // Prompts have tags of several words in snake case, or of one word that is closed again.
  if (/<[a-z]+(?:_[a-z]+)+>|<([a-z]{4,})>.*<\/\1>|<missing>|<remaining>/s.test(text)) {
    return "tag";
  }
  return /\{\{[^{}]+\}\}/.test(text) ? "reference" : undefined;
}
