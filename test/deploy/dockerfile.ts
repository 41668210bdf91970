import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a Dockerfile of `langgraphjs dockerfile` says, without the image that it begins with. */
export interface DockerSteps {
  /** Where the project is put. */
  readonly target: string;
  /** Where the commands run. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly commands: readonly string[];
}

/** Reads the steps; throws for one that nobody here knows how to do by hand. */
export function readDockerfile(text: string): DockerSteps {
  let target = "";
  let folder = "/";
  const environment: Record<string, string> = {};
  const commands: string[] = [];
  for (const line of text.split("\n").map((one) => one.trim())) {
    if (line === "" || line.startsWith("#") || line.startsWith("FROM ")) continue;
    const [, word = "", rest = ""] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    const variable = /^(\w+)='(.*)'$/.exec(rest);
    if (word === "ADD" && rest.startsWith(". ")) target = rest.slice(2);
    else if (word === "WORKDIR") folder = rest;
    else if (word === "RUN") commands.push(rest);
    else if (word === "ENV" && variable !== null) environment[variable[1] ?? ""] = variable[2] ?? "";
    else throw new Error(`The Dockerfile has a line that cannot be done by hand: ${line}`);
  }
  return { target, folder, environment, commands };
}

/** Whether a file of the project goes into the image; .dockerignore holds plain names of the top level only. */
export function createImageFilter(project: string): (path: string) => boolean {
  const names = readFileSync(join(project, ".dockerignore"), "utf8").split("\n").filter(Boolean);
  const odd = names.find((name) => !/^[\w.-]+$/.test(name));
  if (odd !== undefined) throw new Error(`.dockerignore has "${odd}", which is no plain name.`);
  const left = new Set(names.map((name) => join(project, name)));
  return (path) => !left.has(path);
}
