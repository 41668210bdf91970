import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, extname, resolve } from "node:path";
import { createPlanExecuteAgent, type PlanExecuteAgent } from "../agent/index.js";
import { describeError, isRecord, PlanExecuteError } from "../base/index.js";
import { OptionsError, type PlanExecuteOptions } from "../options/index.js";
import { FROM_ENVIRONMENT } from "./agent-file-name.js";
import { checkShape } from "./check-shape.js";
import { type Environment, fillVariables } from "./fill-variables.js";
import { createHiding, findSecrets, secretVariables } from "./hide-secrets.js";
import { joinOptions } from "./join-options.js";
import { loadModules } from "./load-modules.js";
import { writesFiles } from "./load-tools.js";
import { LOADERS } from "./loaders.js";
import type { Loading } from "./loading.js";
import { entriesOfEnvironment, findEntries, fromOpea, isOpea } from "./opea/index.js";
import { YamlSource } from "./yaml-source.js";

/** An agent's file that was read: its tools and models are loaded, and nothing of it was opened or started. */
export interface AgentFile {
  /** Its absolute path, or `env:`. */
  readonly path: string;
  readonly name: string;
  readonly description?: string;
  /** The URLs of the checkpointer and the store, which are not opened. */
  readonly checkpointer?: string;
  readonly store?: string;
  /** The folder that the agent may write files in. */
  readonly writesIn?: string;
  /** What has no meaning here. */
  readonly warnings: readonly string[];
  /** What the file says, but for the checkpointer and the store. */
  readonly options: PlanExecuteOptions;
  /** The file's secrets, each with what is shown in its place. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Makes the agent, with these options before those of the file. Throws if one cannot be used. */
  create(options?: PlanExecuteOptions): PlanExecuteAgent;
}

/** What a file is read with. */
export interface Reading {
  readonly environment: Environment;
  readonly loadAgent: Loading["loadAgent"];
}

/**
 * Reads an agent's file. Throws an `OptionsError` that names line and column of everything that is wrong. No error
 * shows a secret.
 */
export async function readAgentFile(named: string, { environment, loadAgent }: Reading): Promise<AgentFile> {
  const isFile = named !== FROM_ENVIRONMENT;
  const path = isFile ? resolve(named) : named;
  const source = new YamlSource(path, isFile ? await readText(path) : undefined);
  const warnings: string[] = [];
  const warn = (warning: string) => warnings.push(warning);
  const { filled, written } = isFile
    ? readData(source, environment, warn)
    : {
        filled: { values: new Map(), whole: new Set<string>() },
        written: readEnvironment(environment, source, warn),
      };
  const hidden = findSecrets(written, filled.values);
  source.setHiding(createHiding(hidden));
  const folder = isFile ? dirname(path) : process.cwd();
  const { data: loaded, modules } = await loadModules(written, folder, source);
  const data = checkShape(loaded, filled.whole, source);
  source.assertRight();
  const { name, description, root, allowHttp, checkpointer, store, $schema, ...given } = Object(data);
  const files = resolveRoot(folder, root);
  const loading: Loading = {
    source,
    folder,
    files: [path, ...modules],
    root: files,
    allowHttp: [allowHttp ?? []].flat(),
    timezone: given.timezone,
    warn,
    loadAgent,
  };
  const options = await loadOptions(given, loading);
  source.assertRight();
  const secrets = findSecrets(written, secretVariables(filled.values));
  return {
    path,
    name: name ?? basename(path, extname(path)),
    description,
    checkpointer: placeUrl(folder, checkpointer),
    store: placeUrl(folder, store),
    options,
    ...(writesFiles(given.tools) ? { writesIn: files } : {}),
    warnings: warnings.map(createHiding(hidden)),
    secrets,
    create: (more = {}) => createFrom(joinOptions(options, more), source),
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const why = existsSync(path) ? describeError(error) : "there is no such file";
    throw new OptionsError(`The agent file ${path}`, [why]);
  }
}

/** The data of a file, with its variables filled in, and in our own words. */
function readData(source: YamlSource, environment: Environment, warn: (warning: string) => void) {
  const data = source.data();
  if (!isRecord(data)) {
    source.add([], "it must be a map of options, such as: model: openai:gpt-4.1-mini");
    source.assertRight();
  }
  const isForeign = isOpea(data);
  const filled = fillVariables(data, environment, source, isForeign);
  if (!isForeign || !isOpea(filled.data)) {
    return { filled, written: filled.data };
  }
  source.setHiding(createHiding(findSecrets(filled.data, filled.values)));
  for (const { path, name } of filled.unset) {
    warn(source.toWarning(path, `the environment has no ${name}, so this is left out`));
  }
  const { data: written, origins } = fromOpea(findEntries(filled.data), source, warn);
  source.setOrigins(origins);
  return { filled, written };
}

function readEnvironment(
  environment: Environment,
  source: YamlSource,
  warn: (warning: string) => void,
): unknown {
  const entries = entriesOfEnvironment(environment);
  if (!entries.has("strategy") && !entries.has("llm_engine")) {
    source.add(
      [],
      "the environment has neither strategy nor llm_engine, which OPEA's agent is configured by",
    );
  }
  const { data, origins } = fromOpea({ entries, isService: false, toOutside: (path) => path }, source, warn);
  source.setOrigins(origins);
  return data;
}

/** A SQLite file is relative to the agent's file, as all paths in it are. */
function placeUrl(folder: string, url: string | undefined): string | undefined {
  const [, path] = /^sqlite:(?!:memory:)(.+)$/i.exec(url ?? "") ?? [];
  return path === undefined ? url : `sqlite:${resolve(folder, path)}`;
}

function resolveRoot(folder: string, root: unknown): string | undefined {
  return typeof root === "string" ? resolve(folder, root) : undefined;
}

async function loadOptions(
  given: Readonly<Record<string, unknown>>,
  loading: Loading,
): Promise<PlanExecuteOptions> {
  const loaded = Object.entries(given).map(async ([name, value]): Promise<[string, unknown]> => {
    const load = LOADERS[name];
    return [name, load === undefined || value === undefined ? value : await load(value, loading)];
  });
  return Object.fromEntries(await Promise.all(loaded));
}

/** Creates the agent. What is wrong with its options is said of the file. */
function createFrom(options: PlanExecuteOptions, source: YamlSource): PlanExecuteAgent {
  try {
    return createPlanExecuteAgent(options);
  } catch (error) {
    if (!(error instanceof PlanExecuteError)) {
      throw error;
    }
    const problems = error instanceof OptionsError ? error.problems : [error.message];
    for (const problem of problems) {
      source.addSentence(problem);
    }
    source.assertRight();
    throw error;
  }
}
