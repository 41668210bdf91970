import { describe, expect, it } from "vitest";
import { readGoal } from "../../../graphs/research/read-goal.js";

const defaults = {
  limit: 8,
  threshold: 0.7,
  format: "summary",
  providers: ["documents", "wikipedia"],
} as const;
const read = (goal: string, earlier: string[] = []) => readGoal(goal, defaults, earlier);

describe("a goal of research", () => {
  it.each<[string, string[]]>([
    ["Research the Ormo lamp", ["the Ormo lamp"]],
    ["What is known about the Ormo lamp?", ["the Ormo lamp"]],
    ["Write a full briefing on the Ormo lamp, with citations", ["the Ormo lamp"]],
    ["Give me an executive summary of the Ormo lamp.", ["the Ormo lamp"]],
    ["When was the lamp lit? And who keeps it?", ["When was the lamp lit", "And who keeps it"]],
    ["Compare the Ormo lamp and the Quist beacon", ["Ormo lamp", "Quist beacon"]],
    ["Compare A with B on height and cost", ["A height", "B height", "A cost", "B cost"]],
    ["Compare A, B and C in terms of height", ["A height", "B height", "C height"]],
    ["What are the differences between A and B in height?", ["A height", "B height"]],
    ["A vs. B: cost", ["A cost", "B cost"]],
    ["Compare the flour yields of A and B", ["A flour yields", "B flour yields"]],
    ["Ormo lamp height?", ["Ormo lamp height"]],
  ])("%j is searched as %j", (goal, queries) => {
    expect(read(goal)?.topics.map(({ query }) => query)).toEqual(queries);
  });

  it.each<[string, object]>([
    ["Research lamps, at most 5 findings", { limit: 5 }],
    ["Research lamps with no more than three results", { limit: 3 }],
    ["Research lamps. Limit: 4", { limit: 4 }],
    ["Research lamps, at most 2, as a full briefing", { limit: 2, format: "briefing" }],
    ["Research lamps with a threshold of 0.8", { threshold: 0.8 }],
    ["Research lamps with a threshold of 85%", { threshold: 0.85 }],
    ["Research lamps on Wikipedia", { providers: ["wikipedia"] }],
    ["Give me an executive summary of lamps", { format: "summary" }],
  ])("%j sets %j", (goal, settings) => {
    expect(read(goal)).toMatchObject({ settings, refused: [] });
    expect(read(goal)?.topics[0]?.query).toBe("lamps");
  });

  it("takes no year, and nothing that is counted, for a limit", () => {
    for (const goal of [
      "How many visitors came in 2030?",
      "Which lamp shines up to 50 km?",
      "Who built the three lamps?",
    ]) {
      expect(read(goal)?.settings).toEqual(defaults);
      expect(`${read(goal)?.topics[0]?.query}?`).toBe(goal);
    }
  });

  it.each([
    ["Research lamps with a threshold of 1.5", /from 0 to 1/],
    ["Research lamps, at most 0 findings", /from 1 to 25/],
    ["Research lamps, at most 26 findings", /from 1 to 25/],
    [
      "Research lamps on arXiv",
      /I can search documents, wikipedia, not arxiv.*PLAN_EXECUTE_RESEARCH_PROVIDERS/,
    ],
  ])("refuses %j", (goal, words) => {
    expect(read(goal)?.refused.join(" ")).toMatch(words);
  });

  it("takes the subject from the question before where only the form is new", () => {
    const earlier = ["Research lamps, at most 5 findings"];
    expect(read("the same as a full briefing", earlier)).toMatchObject({
      question: "Lamps",
      settings: { limit: 5, format: "briefing" },
    });
    expect(read("now with a threshold of 0.9 please", earlier)).toMatchObject({
      settings: { threshold: 0.9 },
    });
    expect(read("as a full briefing")).toBeUndefined();
  });

  it.each([
    "Calculate 17*23",
    "What is 3 + 4?",
    "Hello",
    "What can you do?",
    "What time is it?",
    "and twice that?",
    "Save a.md to b.md",
  ])("is not %j", (goal) => {
    expect(read(goal)).toBeUndefined();
  });
});
