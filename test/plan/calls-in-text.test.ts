import { describe, expect, test } from "vitest";
import { mayBecomeCalls, readCallsInText } from "../../src/plan/index.js";

const isTool = (name: string) => ["get_weather", "send_mail"].includes(name);
const OSLO = { name: "get_weather", args: { city: "Oslo" } };
const BARE = '{"name": "get_weather", "arguments": {"city": "Oslo"}}';
const read = (text: string) => readCallsInText(text, isTool)?.calls;

describe("calls written as text", () => {
  test.each([
    ["a bare object", BARE],
    ["an object in a fence", `\`\`\`json\n${BARE}\n\`\`\``],
    ["a fence that is not closed", `\`\`\`json\n${BARE}\n`],
    ["tags", `<tool_call>\n${BARE}\n</tool_call>`],
    ["a tag that is not closed", `<tool_call>${BARE}`],
    ["a short lead-in", `I will look up the weather:\n\n\`\`\`\n${BARE}\n\`\`\``],
    ["parameters", '{"name":"get_weather","parameters":{"city":"Oslo"}}'],
    ["args", '{"tool":"get_weather","args":{"city":"Oslo"}}'],
    ["an action with its input", '{"thought":"…","action":"get_weather","action_input":{"city":"Oslo"}}'],
    ["arguments that are text", '{"name":"get_weather","arguments":"{\\"city\\": \\"Oslo\\"}"}'],
    [
      "OpenAI's own form",
      '{"type":"function","function":{"name":"get_weather","arguments":{"city":"Oslo"}}}',
    ],
    ["doubled braces", '{{"name": "get_weather", "arguments": {{"city": "Oslo"}}}}'],
    ["outer braces doubled", '{{"name": "get_weather", "arguments": {"city": "Oslo"}}}'],
    ["a function tag with an object", '<function=get_weather>{"city": "Oslo"}</function>'],
    [
      "a function tag with parameters",
      "<tool_call>\n<function=get_weather>\n<parameter=city>\nOslo\n</parameter>\n</function>\n</tool_call>",
    ],
  ])("are read as a call: %s", (_, text) => {
    expect(read(text)).toEqual([OSLO]);
  });

  test.each([
    ["one after the other", `${BARE}\n${BARE}`],
    ["a list", `[${BARE}, ${BARE}]`],
    ["two fences", `\`\`\`json\n${BARE}\n\`\`\`\n\`\`\`json\n${BARE}\n\`\`\``],
    ["two tags", `<tool_call>${BARE}</tool_call>\n<tool_call>${BARE}</tool_call>`],
  ])("may be several: %s", (_, text) => {
    expect(read(text)).toEqual([OSLO, OSLO]);
  });

  test("keep the types of their parameters", () => {
    const text =
      '<function=send_mail><parameter=to>["ann"]</parameter><parameter=urgent>true</parameter><parameter=text>a < b</parameter></function>';
    expect(read(text)).toEqual([{ name: "send_mail", args: { to: ["ann"], urgent: true, text: "a < b" } }]);
  });

  test.each([
    ["a tool that is not offered", '{"name":"delete_all","arguments":{}}'],
    ["one of several that is not offered", `${BARE}{"name":"delete_all","arguments":{}}`],
    ["words after it", `${BARE}\nThat is how it is called.`],
    ["a long text before it", `${"It is called like this. ".repeat(20)}${BARE}`],
    ["no arguments", '{"name":"get_weather"}'],
    ["other fields", '{"name":"get_weather","arguments":{"city":"Oslo"},"temperature":12}'],
    ["a call that does not end", '{"name": "get_weather", "arguments": {"city": "Os'],
    ["data", '{"city":"Oslo","celsius":12}'],
    ["words", "It is 12 degrees in Oslo."],
    ["an empty fence", "```json\n```"],
    ["nothing", ""],
  ])("are no calls: %s", (_, text) => {
    expect(readCallsInText(text, isTool)).toBeUndefined();
  });

  test("are read in linear time, whatever a model writes", () => {
    const before = performance.now();
    for (const piece of [
      "<function=get_weather><parameter=a>",
      "```",
      "{{",
      "<tool_call>",
      "[",
      BARE.slice(1),
    ]) {
      readCallsInText(piece.repeat(20_000), isTool);
    }
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

describe("a text that is being written", () => {
  test.each([
    "",
    "`",
    "```js",
    "```json\n",
    "{",
    '{\n  "',
    "[",
    "[{",
    "<",
    "<tool",
    "<tool_call>",
    "<function=x",
    "{{",
  ])("may become calls: %j", (text) => {
    expect(mayBecomeCalls(text)).toBe(true);
  });

  test.each(["It", "[here](", "<b>", "```js\nlet", "{x}", "[1]", "**"])("is an answer: %j", (text) => {
    expect(mayBecomeCalls(text)).toBe(false);
  });
});
