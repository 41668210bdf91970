import { describe, expect, it } from "vitest";
import { parseArguments } from "../../src/cli/options/parse-arguments.js";

const optionsOf = (...words: string[]) => {
  const parsed = parseArguments(words, "1.2.3");
  if (parsed.kind !== "run") {
    throw new Error(JSON.stringify(parsed));
  }
  return parsed.options;
};
const messageOf = (...words: string[]) => {
  const parsed = parseArguments(words, "1.2.3");
  return parsed.kind === "wrong" ? parsed.message : parsed.kind;
};

describe("the words of the command line", () => {
  it("are a goal, in quotes or without", () => {
    expect(optionsOf("add 1 and 2").goal).toBe("add 1 and 2");
    expect(optionsOf("add", "1", "and", "2").goal).toBe("add 1 and 2");
    expect(optionsOf("-").goal).toBe("-");
  });

  it("set what they name, as numbers and lists", () => {
    expect(optionsOf("x", "--fallback-models", "a:b,offline", "--max-turn-steps", "9")).toMatchObject({
      fallbackModels: ["a:b", "offline"],
      maxTurnSteps: 9,
    });
    expect(
      optionsOf(
        "x",
        "--max-steps",
        "3",
        "--max-replans",
        "0",
        "--max-cost-usd",
        "0.5",
        "--allow-http",
        "a.b, c.d",
      ),
    ).toMatchObject({ maxSteps: 3, maxReplans: 0, maxCostUsd: 0.5, allowHttp: ["a.b", "c.d"] });
    expect(optionsOf("x", "--price", "a:b=1/2.5", "--price", "c=0/0").price).toEqual({
      "a:b": { inputPerMillion: 1, outputPerMillion: 2.5 },
      c: { inputPerMillion: 0, outputPerMillion: 0 },
    });
  });

  it("leave the rest to the agent's own defaults", () => {
    expect(optionsOf("x")).toEqual({
      goal: "x",
      allowHttp: [],
      with: {},
      approveTools: [],
      fallbackModels: [],
      skip: [],
      retry: [],
      follow: false,
      serve: false,
      mcp: false,
      http: false,
      giveUp: false,
      migrate: false,
      print: false,
      editPlan: false,
      yes: false,
      threads: false,
      escalate: false,
      json: false,
      quiet: false,
      events: false,
      color: true,
      forgetOptions: false,
      given: {},
    });
  });

  it("answer what waits as a bare word or as JSON", () => {
    expect(optionsOf("--thread", "t", "--resume", "approve").resume).toBe("approve");
    expect(optionsOf("--thread", "t", "--resume", '{"decisions":[]}').resume).toEqual({ decisions: [] });
  });

  it("are kept as they were typed where they hold for the thread, and no others", () => {
    const words =
      "x --thread t --json --approve-tools a,b --escalate --price m=1/2 --price n=0/0 --checkpointer postgres://me:secret@h/d";
    expect(optionsOf(...words.split(" ")).given).toEqual({
      approveTools: "a,b",
      escalate: true,
      price: ["m=1/2", "n=0/0"],
    });
  });

  it.each([
    [[], "There is no goal"],
    [[" "], "The goal is empty"],
    [["x", "--mcp"], "--mcp belongs to serve"],
    [["serve", "--http"], "--http belongs to serve --mcp"],
    [["serve", "--answers", "resume"], "--answers belongs to serve --mcp"],
    [["serve", "--mcp", "--port", "1"], "--port is for serve --mcp --http"],
    [["serve", "--mcp", "--answers", "model"], "--answers must be one of elicitation, resume"],
    [["x", "--max-step", "1"], "Did you mean --max-steps?"],
    [["x", "--max-steps"], "argument missing"],
    [["x", "--max-steps", "0"], '--max-steps must be a whole number from 1, not "0"'],
    [["x", "--max-tokens", "1e3"], '--max-tokens must be a whole number from 1, not "1e3"'],
    [["x", "--max-cost-usd", "-1"], "--max-cost-usd must be a number of dollars above 0"],
    [["x", "--granularity", "tiny"], "--granularity must be one of coarse, balanced, fine"],
    [["x", "--replan-when", "no"], "--replan-when must be one of needed, every-step"],
    [["x", "--approve-plan", "no"], "--approve-plan must be one of never, once, always"],
    [["x", "--approve-tools", ","], "--approve-tools must name at least one"],
    [["x", "--price", "a=1"], '--price must look like "openai:gpt-4.1-mini=0.4/1.6", not "a=1"'],
    [["x", "--thread", ""], "--thread must not be empty"],
    [["x", "--executor-model", "gpt"], '--executor-model is "gpt", which names no model'],
    [["x", "--fallback-models", "a:b,gpt"], '--fallback-models is "gpt", which names no model'],
    [["x", "--forget-options"], "give a goal, and --thread <id>"],
    [["--thread", "t", "--forget-options"], "give a goal, and --thread <id>"],
    [["--resume", "approve"], "name it with --thread"],
    [["x", "--thread", "t", "--resume", "approve"], "give one of them"],
    [["--thread", "t", "--resume", "perhaps"], "--resume must be approve, reject, or JSON"],
  ] as const)("%j are refused, and it is said why", (words, message) => {
    expect(messageOf(...words)).toContain(message);
  });

  it("show help and the version", () => {
    expect(parseArguments(["--version"], "1.2.3")).toEqual({ kind: "shown", text: "1.2.3\n" });
    expect(parseArguments(["--help"], "1.2.3")).toMatchObject({
      kind: "shown",
      text: expect.stringContaining("Usage: plan-execute"),
    });
  });
});
