// A turn's goal stays what it was when people steer it, and a prompt tells their words once. So the steps that are
// planned upon them quote them in their descriptions, where they are read again.
import type { PlaybookRequest } from "langgraph-plan-execute";

const QUOTED = / \(it was said: “([^”]*)”\)$/;

/** A description that keeps what was said. */
export function quoteWords(description: string, words: string | undefined): string {
  if (words === undefined) {
    return description;
  }
  const plain = words.replace(/\s+/g, " ").replaceAll("”", "'").replaceAll("{{", "{ {").trim();
  return `${description} (it was said: “${plain}”)`;
}

/** What a person said since the plan was made, or of the plan that they rejected. */
export function newWords({ why, feedback }: PlaybookRequest): string | undefined {
  const said = /^A person (?:says|rejected the plan): ([\s\S]*?)(?:; step \S+ ended [\s\S]*)?$/.exec(
    why,
  )?.[1];
  return said ?? feedback;
}

/** All that was said, oldest first: the earlier turns, the goal, and what was said since. */
export function allWords(request: PlaybookRequest): string[] {
  const earlier = request.conversation.flatMap(({ from, text }) => (from === "person" ? [text] : []));
  const quoted = request.pastSteps.flatMap(({ description }) => QUOTED.exec(description)?.[1] ?? []);
  const said = newWords(request);
  return [...earlier, request.goal, ...new Set(quoted), ...(said === undefined ? [] : [said])];
}
