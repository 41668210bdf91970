import { AIMessage, type BaseMessage, HumanMessage } from "@langchain/core/messages";
import { afterAll, describe, expect, it } from "vitest";
import { World } from "./world.js";

const world = new World();
afterAll(() => world.remove());

/** Says one thing after the other, and gives the answers. */
async function converse(...goals: readonly string[]): Promise<string[]> {
  const conversation: BaseMessage[] = [];
  const answers: string[] = [];
  for (const goal of goals) {
    const { answer, reply } = await world.carryOut(goal, conversation);
    const said = answer ?? (typeof reply === "string" ? reply : JSON.stringify(reply));
    conversation.push(new HumanMessage(goal), new AIMessage(said));
    answers.push(said);
  }
  return answers;
}

describe("a conversation with the offline planner", () => {
  it.each([
    ["and twice that?", "1884"],
    ["now add 10 to it", "952"],
    ["half of that", "471"],
    ["and what about 20% of it?", "188.4"],
    ["square it", "887364"],
    ["multiply by 3", "2826"],
    ["what was the first result?", "17*23: 391"],
    ["what was the last result?", "942"],
    ["add both", "not clear"],
  ])("takes up the result of the last answer: %j", async (goal, expected) => {
    const [, answer = ""] = await converse("Calculate 17*23 and 19*29, then add the two results", goal);
    if (expected === "not clear") {
      expect(answer).toContain("refused");
    } else {
      expect(answer).toBe(expected);
    }
  });

  it("goes on from a date", async () => {
    expect(
      await converse("what is 2026-11-29 plus 3 weeks?", "and 10 days later?", "which weekday is that?"),
    ).toEqual(["2026-12-20", "2026-12-30", "Wednesday"]);
  });

  it("takes both results of a list, and does not guess which one “it” is", async () => {
    expect((await converse("3*4 and 5*6", "add them"))[1]).toBe("42");
    expect((await converse("3*4 and 5*6", "double it"))[1]).toContain("refused");
  });

  it("counts in the file of an earlier turn", async () => {
    expect((await converse("How many words are in notes.txt?", "And how many lines does it have?"))[1]).toBe(
      "3",
    );
  });

  it("asks the table of an earlier turn", async () => {
    expect((await converse("total amount in sales.csv", "and the average amount?"))[1]).toBe("200");
  });

  it("knows the results of all turns", async () => {
    expect(
      await converse(
        "Calculate 6*7",
        "and twice that?",
        "what was the first result?",
        "what was the third number?",
      ),
    ).toEqual(["42", "84", "42", "42"]);
    expect(await converse("what was the first result?")).toEqual(["This conversation has 0 results so far."]);
  });

  it("answers thanks, a greeting and a question for help in words, without a plan", async () => {
    expect(await converse("thanks", "Thank you very much!")).toEqual([
      "You are welcome.",
      "You are welcome.",
    ]);
    for (const said of await converse("what can you do?", "Hello!", "help")) {
      expect(said).toMatch(
        /^Without a model I understand arithmetic .*first 3 rows of sales.csv.*OPENAI_API_KEY/s,
      );
    }
  });
});
