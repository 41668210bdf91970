import { GraphInterrupt } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { type AskingCall, ServerQuestions } from "../../src/mcp/server-questions.js";
import { createDeferred } from "../support/deferred.js";

const never = new AbortController().signal;
const params = (message: string) => ({
  message,
  requestedSchema: { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] },
});

/** A call whose person answers what is asked, if there is an answer, and a note of what was asked of it. */
function createCall(answers: readonly unknown[] = []) {
  const asked: unknown[] = [];
  const call: AskingCall = {
    signal: undefined,
    ask(question) {
      asked.push(Reflect.get(Object(question), "message"));
      if (asked.length > answers.length) {
        throw new GraphInterrupt([{ value: question }]);
      }
      return answers[asked.length - 1];
    },
  };
  return { call, asked };
}

/** A request that asks, as a server does that heeds no cancelling: the client drops its answer then. */
function askDuring(questions: ServerQuestions, message: string) {
  return (signal: AbortSignal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      void questions.answer(params(message), never).then(resolve);
    });
}

test("a question is put to the only open call, and without an answer it ends the call", async () => {
  const questions = new ServerQuestions("s");
  const { call, asked } = createCall();
  await expect(questions.during(call, askDuring(questions, "sure?"))).rejects.toBeInstanceOf(GraphInterrupt);
  expect(asked).toEqual(["sure?"]);
});

test("calls that all ask at once are made again alone, and none is asked the question of another", async () => {
  const questions = new ServerQuestions("s");
  const people = ["A", "B", "C"].map((name) => ({ name, ...createCall([{ ok: name !== "B" }]) }));
  const results = await Promise.all(
    people.map(({ call, name }) => questions.during(call, askDuring(questions, name))),
  );
  expect(people.map(({ asked }) => asked)).toEqual([["A"], ["B"], ["C"]]);
  expect(results).toEqual(people.map(({ name }) => ({ action: "accept", content: { ok: name !== "B" } })));
});

test("a question is held while another call is open that does not ask", async () => {
  const questions = new ServerQuestions("s");
  const other = createDeferred();
  const { call, asked } = createCall([{ ok: true }]);
  const quiet = createCall();
  const running = questions.during(quiet.call, () => other.promise);
  const asking = questions.during(call, askDuring(questions, "sure?"));
  await Promise.resolve();
  expect(asked).toEqual([]);
  other.resolve();
  await running;
  expect(await asking).toEqual({ action: "accept", content: { ok: true } });
  expect(quiet.asked).toEqual([]);
});

test("once a server has asked, its calls are made one after the other", async () => {
  const questions = new ServerQuestions("s");
  await questions.during(createCall([{ ok: true }]).call, askDuring(questions, "sure?"));
  const first = createDeferred();
  const begun: string[] = [];
  const calls = ["1", "2"].map((name) =>
    questions.during(createCall().call, async () => {
      begun.push(name);
      await (name === "1" ? first.promise : undefined);
    }),
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual(["1"]);
  first.resolve();
  await Promise.all(calls);
  expect(begun).toEqual(["1", "2"]);
});

test("a question that comes when no call is open is cancelled", async () => {
  expect(await new ServerQuestions("s").answer(params("sure?"), never)).toEqual({ action: "cancel" });
});
