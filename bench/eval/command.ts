import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isRecord, parseJson } from "../../src/base/index.js";
import { priceOf } from "../../src/usage/index.js";
import { Cassette } from "./cassette/index.js";
import { type EvalSettings, pricesOf, settingsSchema } from "./run/settings.js";
import type { Suite } from "./task.js";

/** Asks for a table of results that were kept. */
export interface TableCommand {
  readonly kind: "table";
  /** Files of results, or folders of runs. None: all that are kept. */
  readonly paths: readonly string[];
  /** What stands beside the agents' names. @default what the files say */
  readonly label?: string;
  /** The file to keep the results in. */
  readonly save?: string;
}

/** Asks for a run. */
export interface RunCommand {
  readonly kind: "run";
  readonly settings: EvalSettings;
  /** The folder for transcripts. */
  readonly out: string;
  readonly cassette?: { readonly kind: "record" | "replay" | "update"; readonly path: string };
  readonly label: string;
  /** The file to keep the results in. */
  readonly save?: string;
  readonly maxCostUsd?: number;
  readonly timeoutMs: number;
  readonly atOnce: number;
}

/** What `--agent` takes. */
const AGENTS = {
  ours: ["ours"],
  react: ["react"],
  "react-text": ["react-text"],
  both: ["ours", "react"],
  all: ["ours", "react", "react-text"],
} as const satisfies Record<string, EvalSettings["agents"]>;

/** What a recording says by itself. */
const SETTING_FLAGS = [
  "model",
  "small",
  "judge",
  "base-url",
  "max-tokens",
  "agent",
  "suite",
  "split",
  "sample",
  "options",
  "price",
  "record",
] as const;

/** The command line says something that does not work. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** Reads the command line. */
export function readCommand(args: readonly string[], suites: readonly Suite[]): RunCommand | TableCommand {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      model: { type: "string" },
      small: { type: "string" },
      judge: { type: "string" },
      "base-url": { type: "string" },
      "max-tokens": { type: "string" },
      agent: { type: "string" },
      suite: { type: "string" },
      split: { type: "string" },
      sample: { type: "string" },
      options: { type: "string" },
      price: { type: "string", multiple: true },
      budget: { type: "string" },
      timeout: { type: "string", default: "300" },
      "at-once": { type: "string", default: "1" },
      out: { type: "string" },
      record: { type: "string" },
      replay: { type: "string" },
      update: { type: "string" },
      label: { type: "string" },
      save: { type: "string" },
      table: { type: "boolean", default: false },
    },
  });
  if (values.table) {
    return { kind: "table", paths: positionals, label: values.label, save: values.save };
  }
  const { record, replay, update } = values;
  const [kind, path] = replay === undefined ? (["update", update] as const) : (["replay", replay] as const);
  const surroundings = {
    kind: "run",
    label: values.label ?? "now",
    save: values.save,
    maxCostUsd: toNumber("--budget", values.budget),
    timeoutMs: 1_000 * (toNumber("--timeout", values.timeout) ?? 300),
    atOnce: Math.ceil(toNumber("--at-once", values["at-once"]) ?? 1),
  } as const;
  if (path !== undefined) {
    const given = SETTING_FLAGS.filter((flag) => values[flag] !== undefined);
    if (given.length > 0) {
      throw new CommandError(
        `--${kind} takes its settings from the recording. Leave out: ${given.map((flag) => `--${flag}`).join(", ")}.`,
      );
    }
    const out = values.out ?? mkdtempSync(join(tmpdir(), `plan-execute-${kind}-`));
    const settings = new Cassette(path).settings();
    return { ...surroundings, settings, out, cassette: { kind, path } };
  }
  if (values.model === undefined) {
    throw new CommandError(
      'Name a model: --model provider:name, such as "openai:gpt-4.1-mini", or --replay <folder>.',
    );
  }
  const settings = settingsSchema.parse({
    model: values.model,
    small: values.small,
    judge: values.judge,
    baseUrl: values["base-url"],
    maxTokens: toNumber("--max-tokens", values["max-tokens"]),
    agents: oneOf("--agent", values.agent ?? "both", AGENTS),
    suites: toSuites(values.suite ?? "own", suites),
    split: values.split,
    sample: toNumber("--sample", values.sample),
    options: toOptions(values.options ?? "{}"),
    prices: Object.fromEntries((values.price ?? []).map(toPrice)),
  });
  assertPriced(settings, surroundings.maxCostUsd);
  return {
    ...surroundings,
    settings,
    out: values.out ?? join(".plan-execute", "eval", settings.model.replaceAll(/[^\w.-]/g, "-")),
    ...(record === undefined ? {} : { cassette: { kind: "record", path: record } }),
  };
}

function toNumber(flag: string, text: string | undefined): number | undefined {
  const value = Number(text);
  if (text !== undefined && !(value > 0)) {
    throw new CommandError(`${flag} wants a number above 0, not "${text}".`);
  }
  return text === undefined ? undefined : value;
}

function oneOf<Value>(flag: string, name: string, values: Readonly<Record<string, Value>>): Value {
  const found = Object.hasOwn(values, name) ? values[name] : undefined;
  if (found === undefined) {
    throw new CommandError(`${flag} wants one of ${Object.keys(values).join(", ")}, not "${name}".`);
  }
  return found;
}

function toSuites(text: string, suites: readonly Suite[]): readonly string[] {
  const byName = { all: suites, ...Object.fromEntries(suites.map((suite) => [suite.name, [suite]])) };
  return text.split(",").flatMap((name) => oneOf("--suite", name, byName).map((suite) => suite.name));
}

/** Without a price nobody knows what a call costs, so no budget could hold. */
function assertPriced(settings: EvalSettings, maxCostUsd: number | undefined): void {
  const { model, small, judge } = settings;
  const prices = pricesOf(settings);
  const unpriced = [model, small, judge].find(
    (spec) => spec !== undefined && priceOf(spec, prices) === undefined,
  );
  if (maxCostUsd !== undefined && unpriced !== undefined) {
    throw new CommandError(`--budget needs the price of ${unpriced}: --price "${unpriced}=in/out".`);
  }
}

function toOptions(text: string): unknown {
  const options = parseJson(text);
  if (!isRecord(options)) {
    throw new CommandError(`--options wants an object in JSON, not ${text}.`);
  }
  return options;
}

/** Reads "model=0.15/0.60": dollars for a million tokens in and out. */
function toPrice(text: string) {
  const [, model, input, output] = /^(.+)=([\d.]+)\/([\d.]+)$/.exec(text) ?? [];
  if (model === undefined) {
    throw new CommandError(`--price wants model=in/out, such as "my-model=0.15/0.6", not "${text}".`);
  }
  return [model, { inputPerMillion: Number(input), outputPerMillion: Number(output) }] as const;
}
