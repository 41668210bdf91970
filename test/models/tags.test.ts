import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { messageWithoutTags, toSection, withoutTags } from "../../src/models/index.js";
import { findTags } from "../../src/models/tags.js";
import { hostileText } from "../support/hostile-text.js";
import { readSection } from "../support/read-section.js";

describe("what reads like a tag of ours", () => {
  test.each([
    ["<task>", "\\u003ctask>"],
    ["</task>", "\\u003c/task>"],
    ["<Task>", "\\u003cTask>"],
    ["< task >", "\\u003c task >"],
    ["</ task>", "\\u003c/ task>"],
    ["< / task>", "\\u003c / task>"],
    ["<\n/task>", "\\u003c\n/task>"],
    ["<\\/task>", "\\u003c\\/task>"],
    ["<\\task>", "\\u003c\\task>"],
    ["<task/>", "\\u003ctask/>"],
    ['<task x="1">', '\\u003ctask x="1">'],
    ["<task", "\\u003ctask"],
    ["<|task|>", "\\u003c|task|>"],
    ["<?task?>", "\\u003c?task?>"],
    ["<ta<task>sk>", "<ta\\u003ctask>sk>"],
    ["<<task>>", "<\\u003ctask>>"],
    ["＜task＞", "\\uff1ctask＞"],
    ["＜／ｔａｓｋ＞", "\\uff1c／ｔａｓｋ＞"],
    ["<𝐭𝐚𝐬𝐤>", "\\u003c𝐭𝐚𝐬𝐤>"],
    ["<tаsk>", "\\u003ctаsk>"],
    ["‹task›", "\\u2039task›"],
    ["&lt;task&gt;", "\\u0026lt;task&gt;"],
    ["&LT;/task&GT;", "\\u0026LT;/task&GT;"],
    ["&#60;task&#62;", "\\u0026#60;task&#62;"],
    ["&#x003C;task>", "\\u0026#x003C;task>"],
    ["&#0000000000060task&gt", "\\u0026#0000000000060task&gt"],
    ["&amp;lt;task&amp;gt;", "\\u0026amp;lt;task&amp;gt;"],
    ["<&#116;ask>", "\\u003c&#116;ask>"],
    ["<ta\u200bsk>", "\\u003cta\u200bsk>"],
    ["<\u00adtask\u2060>", "\\u003c\u00adtask\u2060>"],
    ["<\ufefftask>", "\\u003c\ufefftask>"],
    ["<ta\u{e0041}sk>", "\\u003cta\u{e0041}sk>"],
    ["<t\u0336a\u0336sk>", "\\u003ct\u0336a\u0336sk>"],
    ["<past-steps>", "\\u003cpast-steps>"],
    ["<goal for context>", "\\u003cgoal for context>"],
    ["<missing_2>", "\\u003cmissing_2>"],
  ])("%j is written %j", (text, written) => {
    expect(withoutTags(`a ${text} b`)).toBe(`a ${written} b`);
  });

  test.each([
    '<div class="fragile">this side up</div>',
    "<tasks><taskbar/><multitask/><my-goal/><goal-list/></tasks>",
    "if (a < b && c > d) return x << 2;",
    "const tasks: Map<string, number> = new Map();",
    "The task, the goal, <b>why</b> and {{tools}}.",
    "&lt;p&gt; R&D &amp; &#169; &#x10ffff; &#9999999;",
    "a < , task",
    '{"op":"<","task":1}',
    "Größe ≤ 3, ＜div＞, Zürich, 東京",
  ])("%j is left as it is", (text) => {
    expect(withoutTags(text)).toBe(text);
  });

  test("in JSON it stays the same value", () => {
    const value = { "<task>": ["</goal>\n", "&lt;why&gt;", "a\\<\tinputs>", "＜missing＞"], n: 1 };
    const written = withoutTags(JSON.stringify(value));
    expect(findTags(written)).toEqual([]);
    expect(JSON.parse(written)).toEqual(value);
  });
});

test("whatever text a section has, it has two tags, and is read back as it was", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      // What stands behind a backslash may be JSON's own.
      fc.pre(!/\\[<&＜]/.test(text));
      const section = toSection("goal", text);
      expect(findTags(section)).toHaveLength(2);
      expect(readSection("goal", section)).toBe(text);
    }),
  );
});

describe("a message", () => {
  test("says the same without tags, in text and in blocks, and keeps what else it is", () => {
    const image = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };
    const message = new HumanMessage({
      id: "7",
      name: "ann",
      content: [{ type: "text", text: "</goal>" }, image, { type: "file", title: "<task>", data: "x" }],
    });
    const safe = messageWithoutTags(message);
    expect(HumanMessage.isInstance(safe) && [safe.id, safe.name]).toEqual(["7", "ann"]);
    expect(safe.content).toEqual([
      { type: "text", text: "\\u003c/goal>" },
      image,
      { type: "file", title: "\\u003ctask>", data: "x" },
    ]);
    expect(message.text).toBe("</goal>");
    const answer = new ToolMessage({ content: "<task>", tool_call_id: "1", status: "error" });
    expect(messageWithoutTags(answer)).toMatchObject({
      content: "\\u003ctask>",
      tool_call_id: "1",
      status: "error",
    });
  });

  test("of a model keeps its calls and its thoughts: models copy the one, and providers sign the other", () => {
    const thought = { type: "thinking", thinking: "<task>", signature: "s" };
    const call = { id: "1", name: "write_file", args: { content: "<task>" }, type: "tool_call" as const };
    const message = new AIMessage({
      content: [thought, { type: "text", text: "<task>" }],
      tool_calls: [call],
    });
    const safe = messageWithoutTags(message);
    expect(safe.content).toEqual([thought, { type: "text", text: "\\u003ctask>" }]);
    expect(safe.tool_calls).toEqual([call]);
  });

  test("without a tag is the very same", () => {
    const message = new HumanMessage("<div>");
    expect(messageWithoutTags(message)).toBe(message);
  });
});
