import { describe, expect, it } from "vitest";
import { answersTo } from "../../src/cli/answers.js";
import { createPersonAsker } from "../../src/cli/ask-person.js";
import type { PendingAction, PendingRequest } from "../../src/cli/pending-request.js";
import { readReply } from "../../src/cli/read-reply.js";
import { toResumeLines } from "../../src/cli/resume-lines.js";
import { splitCommand } from "../../src/cli/split-command.js";
import { withDecider } from "../../src/cli/with-decider.js";
import type { ToolDescription } from "../../src/tools/index.js";
import { fakeEditor, person, testSurroundings } from "./test-surroundings.js";

const charge: PendingAction = {
  name: "charge",
  args: { to: "ann", amount: 5 },
  description: "Step 1 wants to call charge.",
  kind: "action",
  allowedDecisions: ["approve", "edit", "reject"],
};
const noDependencies = () => new Map<string, string[]>();
const tools = { describe: () => undefined, checkArgs: () => [] };

function asker(...answers: string[]) {
  const { stdin, stderr } = person(...answers);
  const editor = fakeEditor((text) => text.replace("5", "6"));
  const now = () => Date.parse("2026-01-01T00:00:00Z");
  const surroundings = testSurroundings({
    stdin,
    stderr,
    userName: "ann",
    now,
    runProgram: editor.runProgram,
  });
  return {
    editor,
    ask: createPersonAsker({ surroundings, tools, dependenciesOf: noDependencies }),
    asked: () => stderr.written,
  };
}

const request = (...actionRequests: PendingAction[]): PendingRequest => ({ requestId: "r", actionRequests });

describe("what a person is asked", () => {
  it("is answered under the request's id, with the name of who decided", async () => {
    const { ask } = asker("approve");
    expect(await ask(request(charge))).toEqual({
      requestId: "r",
      decisions: [{ type: "approve" }],
      decidedBy: "ann",
    });
  });

  it("offers only what is allowed", async () => {
    const { ask, asked } = asker("e", "a", "r no");
    const allowedDecisions: PendingAction["allowedDecisions"] = ["reject"];
    const answer = await ask(request({ ...charge, allowedDecisions }));
    expect(answer?.decisions).toEqual([{ type: "reject", message: "no" }]);
    expect(asked()).toContain("reject (r), or ? for more: ");
    expect(asked()).not.toContain("  a  approve");
  });

  it("says until when it can be answered", async () => {
    const late = asker("q");
    await late.ask({ ...request(charge), expiresAt: "2026-01-02T00:00:00Z" });
    expect(late.asked()).toContain("It can be answered until 2026-01-02T00:00:00Z (24 h 0 min from now).");
  });

  it("after a refused answer has what was chosen before, for several actions and for one that was edited", async () => {
    const several = asker("a", "e", "y", "y");
    const two = request(charge, charge);
    const first = await several.ask(two);
    const again = await several.ask({ ...two, error: "not\u001b[2J now" });
    expect(again).toEqual(first);
    expect(several.asked()).toContain("The answer was not taken: not[2J now\n");
    const one = asker("e", "y", "e", "b", "q");
    await one.ask(request(charge));
    await one.ask({ ...request(charge), requestId: "r2", error: "6 is too much" });
    expect(one.editor.seen[1]?.text).toMatch(/"amount": 6\n\}\n\n\/\/ NOT TAKEN:\n\/\/ {3}6 is too much/);
  });

  it("ends without an answer where the input ends, or the run is interrupted", async () => {
    expect(await asker().ask(request(charge))).toBeUndefined();
    const abort = new AbortController();
    const { stdin, stderr } = person();
    stderr.onWrite = (text) => {
      if (text.endsWith(": ")) abort.abort();
    };
    const surroundings = testSurroundings({ stdin, stderr, signal: abort.signal });
    const ask = createPersonAsker({ surroundings, tools, dependenciesOf: noDependencies });
    expect(await ask(request(charge))).toBeUndefined();
  });
});

describe("what is shown of an action", () => {
  const shown = async (action: PendingAction) => {
    const { ask, asked } = asker("q");
    await ask(request(action));
    return asked();
  };

  it("shows what a terminal would hide or turn around, and no argument's text looks like another argument", async () => {
    const hostile = {
      ...charge,
      description: "pay\n  amount: 1",
      args: { note: "a\u001b[2K\u202eb\u200b\u{e0041}\ud800\n  amount: 1", "to\u2028": "ann" },
    };
    expect(await shown(hostile)).toContain(
      "\ncharge: pay\n|   amount: 1\n  note:\n    a\\u001b[2K\\u202eb\\u200b\\udb40\\udc41\\ud800\n      amount: 1\n" +
        "  to\\u2028: ann\n",
    );
  });

  it("has quotes where a text would read as another value, or nobody saw where it ends", async () => {
    const args = {
      a: "5",
      b: 5,
      c: "true",
      d: "",
      e: " x",
      f: '"x"',
      g: `x${" ".repeat(70)}to: bob`,
      h: "5 x",
    };
    expect(await shown({ ...charge, args })).toContain(
      `  a: "5"\n  b: 5\n  c: "true"\n  d: ""\n  e: " x"\n  f: "\\"x\\""\n  g: "x${" ".repeat(70)}to: bob"\n  h: 5 x\n`,
    );
  });

  it("stands in the editor as it is shown, and stays what it was where nobody changes it", async () => {
    const editor = fakeEditor(
      (text) => text.replace('"amount": 5', '"amount": 6'),
      (text) => text.replace("2. two", "2. deux"),
    );
    const noise = "\u009b2J\u200b\u202e";
    const tool: ToolDescription = {
      name: "charge",
      description: `Pays${noise}`,
      readOnly: false,
      parameters: {},
    };
    const { stdin, stderr } = person("e", "e", "y");
    const ask = createPersonAsker({
      surroundings: testSurroundings({ stdin, stderr, runProgram: editor.runProgram }),
      tools: { describe: () => tool, checkArgs: () => [] },
      dependenciesOf: noDependencies,
    });
    const plan: PendingAction = {
      ...charge,
      name: "plan",
      kind: "plan",
      args: { plan: `1. one${noise}\n2. two` },
      steps: [{ id: "1", description: `one${noise}` }],
    };
    const answer = await ask(request({ ...charge, args: { to: `ann${noise}`, amount: 5 } }, plan));
    expect(editor.seen.map(({ text }) => text).join("")).toMatch(/^[\n\x20-\x7e·]*$/);
    expect(editor.seen[0]?.text).toContain('"to": "ann\\u009b2J\\u200b\\u202e"');
    expect(editor.seen[1]?.text).toMatch(/^1\. one\\u009b2J/);
    expect(answer?.decisions).toMatchObject([
      { editedAction: { args: { to: `ann${noise}`, amount: 6 } } },
      { editedAction: { args: { plan: `1. one${noise}\n2. deux` } } },
    ]);
  });
});

describe("words", () => {
  it.each([
    ["a", "approve"],
    ["YES", "approve"],
    ["approve all of it", "help"],
    ["r", "reject"],
    ["no not that  file", "reject not that  file"],
    ["looks good", "help"],
    ["", "help"],
    ["q", "leave"],
  ])("of a reply: %j", (line, reply) => {
    const { kind, words, answer } = { words: "", answer: undefined, ...readReply(line, answersTo(charge)) };
    expect(`${answer?.label ?? kind} ${words}`.trim()).toBe(reply);
  });

  it.each([
    ["code --wait", ["code", "--wait"]],
    [`"/opt/my editor/ed" -x 'a b'`, ["/opt/my editor/ed", "-x", "a b"]],
    ["vi; rm -rf $HOME `x`", ["vi;", "rm", "-rf", "$HOME", "`x`"]],
    [`ed --name="a 'b'"`, ["ed", "--name=a 'b'"]],
    ["  ", []],
  ])("of an editor's command line: %j", (command, words) => {
    expect(splitCommand(command)).toEqual(words);
  });

  it("that answer from a shell hold no control characters, and keep to what is allowed", () => {
    const hostile: PendingAction = {
      ...charge,
      args: { note: "\u009b2J\u202e'" },
      allowedDecisions: ["approve", "edit"],
    };
    const rejectOnly: PendingAction = { ...charge, allowedDecisions: ["reject"] };
    const lines = toResumeLines(request(hostile, rejectOnly));
    expect(lines.map(([what]) => what)).toEqual([
      "Approve all",
      "Edit all, with your changes",
      "Reject all, with your words",
    ]);
    expect(lines.map(([, words]) => words.match(/"type":"\w+"/g)?.join())).toEqual([
      '"type":"approve","type":"reject"',
      '"type":"edit","type":"reject"',
      '"type":"approve","type":"reject"',
    ]);
    expect(lines[1]?.[1]).toContain(`"note":"\\u009b2J\\u202e'\\''"`);
  });

  it("of --resume get the name of who decided, unless they have one", () => {
    expect(withDecider("approve", "ann")).toEqual({ decisions: [{ type: "approve" }], decidedBy: "ann" });
    expect(withDecider({ decisions: [] }, "ann")).toEqual({ decisions: [], decidedBy: "ann" });
    expect(withDecider({ decidedBy: "bob" }, "ann")).toEqual({ decidedBy: "bob" });
    expect(withDecider([1], "ann")).toEqual([1]);
    expect(withDecider("approve", undefined)).toBe("approve");
  });
});
