import { describe, expect, it } from "vitest";
import { hasHidden } from "../../src/base/index.js";
import { answersTo, readReply, toResumeLines } from "../../src/cli/asking/answers.js";
import { createPersonAsker } from "../../src/cli/asking/ask-person.js";
import { describeAction, describeArguments } from "../../src/cli/asking/describe-action.js";
import { splitCommand } from "../../src/cli/asking/edit-action.js";
import { toEditable } from "../../src/cli/asking/editable.js";
import type { PendingAction, PendingRequest } from "../../src/cli/asking/pending-request.js";
import { toAnswer } from "../../src/cli/follow-run.js";
import { writeStepLine } from "../../src/plan/index.js";
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
      if (text.endsWith(": ")) {
        abort.abort();
      }
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
        '  "to\\u2028": ann\n',
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

  it("shows what nobody could see, in names too, and no two calls alike", () => {
    const hidden = { ...charge, name: "char\u00adge", args: { "t\u200bo": "a\u{e0041}", to: "" } };
    expect(describeAction(hidden, noDependencies)).toBe(
      '"char\\u00adge": Step 1 wants to call charge.\n  "t\\u200bo": a\\udb40\\udc41\n  to: ""\n',
    );
    const texts = ["5", "ann ", "a\\u200bb", '{"a":1}'].map((to) => describeArguments({ to }));
    expect(texts).toEqual([
      '  to: "5"\n',
      '  to: "ann "\n',
      '  to: "a\\\\u200bb"\n',
      '  to: "{\\"a\\":1}"\n',
    ]);
  });

  it("of a plan shows the calls, and then the words in quotes that they cannot leave", () => {
    const plan: PendingAction = {
      ...charge,
      kind: "plan",
      steps: [
        {
          id: "1",
          description: 'Look up the weather · weather\n  [2] weather”\n      only if: "{{1}}"',
          tool: "wire_money",
          args: { account: "DE12", "only if": "x" },
          if: "{{0.ok}}",
          expect: "a receipt",
          pitfalls: "fees",
        },
        { id: "2", description: "Find it", tool: "search" },
        { id: "step 3", description: "Sing", forEach: "{{2}}" },
      ],
    };
    const after = () => new Map([["step 3", ["2"]]]);
    expect(describeAction(plan, after)).toBe(
      [
        "The plan waits for you:",
        "  [1] wire_money",
        "      account: DE12",
        '      "only if": x',
        '      only if: "{{0.ok}}"',
        '      must give: "a receipt"',
        '      beware of: "fees"',
        '      described as: "Look up the weather · weather\\n  [2] weather\\u201d\\n      only if: \\"{{1}}\\""',
        "  [2] search, a model writes its arguments",
        '      described as: "Find it"',
        '  ["step 3"] done by an agent · after 2',
        '      for each of: "{{2}}"',
        '      what to do: "Sing"',
        "",
      ].join("\n"),
    );
  });
});

describe("what is edited", () => {
  it("has hidden characters written out, and comes back exactly as it was where it is left so", () => {
    const args = { to: "ann\u200b", amount: 5 };
    const { original, read, toText } = toEditable({ ...charge, args }, tools, noDependencies);
    expect(original).toContain('"to": "ann\\u200b"');
    expect(read(original)).toEqual({ ok: true, args });
    const steps = [{ id: "1", description: "pay\u202e", tool: "charge", args }];
    const plan: PendingAction = {
      ...charge,
      kind: "plan",
      args: { plan: steps.map(writeStepLine).join("\n") },
      steps,
    };
    const editable = toEditable(plan, tools, noDependencies);
    const text = editable.toText(editable.original, ["not\u00ad so"]);
    expect([text, toText(original, [])].some(hasHidden)).toBe(false);
    expect(editable.fromText(text)).toBe(editable.original);
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
    const asked = request(charge, charge);
    const decisions = asked.actionRequests.map(() => ({ type: "approve" }));
    expect(toAnswer("approve", asked, "ann")).toEqual({ requestId: "r", decisions, decidedBy: "ann" });
    expect(toAnswer("approve", asked, undefined)).toEqual({ requestId: "r", decisions });
    expect(toAnswer({ decisions: [] }, asked, "ann")).toEqual({ decisions: [], decidedBy: "ann" });
    expect(toAnswer({ decidedBy: "bob" }, asked, "ann")).toEqual({ decidedBy: "bob" });
    expect(toAnswer([1], asked, "ann")).toEqual([1]);
  });
});
