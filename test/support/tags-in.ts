import type { BaseMessage } from "@langchain/core/messages";

const name =
  "goal|goal_for_context|inputs|task|expected|pitfalls|past_steps|facts|remaining|decisions_of_people|why|rejected_plan|feedback|tools|workers|saved_plans|seen|unfinished_turn|(?:missing|reached)(?:_\\d+)?";
const tag = new RegExp(`<[\\s/\\\\]*(?:${name})(?![\\w-])`, "gi");

/**
 * Finds our tags in messages as a generous reader would: entities count as signs, wide letters as narrow ones. The
 * number of a mark does not count.
 */
export function tagsIn(messages: readonly BaseMessage[]): string[] {
  return messages.flatMap(({ content }) => {
    const text = (typeof content === "string" ? content : JSON.stringify(content))
      .replace(/&(?:lt|#0*60|#x0*3c);?/gi, "<")
      .normalize("NFKC")
      .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, "");
    return (text.match(tag) ?? []).map((found) => found.replace(/[\s\\]|_\d+/g, "").toLowerCase());
  });
}
