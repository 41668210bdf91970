import { Command, interrupt } from "@langchain/langgraph";
import { describe, expect } from "vitest";
import { answersIn, type Question, questionsIn } from "../../src/langgraph/resume-values.js";
import { type Node, nested, thread } from "./graphs.js";
import { checkTouch } from "./touch.js";

const touch = {
  of: "@langchain/langgraph",
  breaks:
    "A fork hears the answer that was given before it, and an answer to one question of a larger graph is taken for the " +
    "answer to another: what a person refused may run.",
} as const;

/** Asks twice inside another graph; what was there before each question. */
function setUp() {
  const answers: ReturnType<typeof answersIn>[] = [];
  const questions: (readonly Question[])[] = [];
  const node: Node = async (_state, { configurable = {} }) => {
    answers.push(answersIn(configurable));
    questions.push(await questionsIn(configurable));
    const first: unknown = interrupt({ requestId: "first" });
    const second: unknown = interrupt({ requestId: "second" });
    return { input: `${first} and ${second}` };
  };
  return { graph: nested(node), answers, questions };
}

async function askedIn(graph: ReturnType<typeof nested>): Promise<string> {
  const { tasks } = await graph.getState(thread);
  return tasks[0]?.interrupts[0]?.id ?? "";
}

describe("what LangGraph keeps for a node's questions", () => {
  checkTouch(touch, "a plain answer is for whoever asks, and then stands among the stored ones", async () => {
    const { graph, answers } = setUp();
    await graph.invoke({ input: "go" }, thread);
    await graph.invoke(new Command({ resume: "one" }), thread);
    const last = await graph.invoke(new Command({ resume: "two" }), thread);
    expect(last.input).toBe("one and two");
    expect(answers.map(({ resume }) => resume)).toEqual([[], [], ["one"]]);
    expect(answers.map(({ forAnybody }) => forAnybody)).toEqual([undefined, "one", "two"]);
    expect(answers.every(({ byId }) => byId === undefined || Object.keys(byId).length === 0)).toBe(true);
  });

  checkTouch(touch, "an answer under a question's id is found by it, and stands last", async () => {
    const { graph, answers } = setUp();
    await graph.invoke({ input: "go" }, thread);
    const id = await askedIn(graph);
    await graph.invoke(new Command({ resume: { [id]: "one" } }), thread);
    const { resume, forAnybody, byId } = answers.at(-1) ?? { resume: [] };
    expect(resume.at(-1)).toBe("one");
    expect(forAnybody).toBeUndefined();
    expect(Object.keys(byId ?? {})).toEqual([id]);
  });

  checkTouch(touch, "the questions that were shown are found in the outermost checkpoint", async () => {
    const { graph, questions } = setUp();
    await graph.invoke({ input: "go" }, thread);
    const id = await askedIn(graph);
    await graph.invoke(new Command({ resume: "one" }), thread);
    expect(questions).toEqual([[], [{ id, value: { requestId: "first" } }]]);
  });
});
