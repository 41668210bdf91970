import { readFileSync } from "node:fs";
import { join, relative } from "node:path";

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
    if (line === "" || line.startsWith("#") || line.startsWith("FROM ")) {
      continue;
    }
    const [, word = "", rest = ""] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    const variable = /^(\w+)='(.*)'$/.exec(rest);
    if (word === "ADD" && rest.startsWith(". ")) {
      target = rest.slice(2);
    } else if (word === "WORKDIR") {
      folder = rest;
    } else if (word === "RUN") {
      commands.push(rest);
    } else if (word === "ENV" && variable !== null) {
      environment[variable[1] ?? ""] = variable[2] ?? "";
    } else {
      throw new Error(`The Dockerfile has a line that cannot be done by hand: ${line}`);
    }
  }
  return { target, folder, environment, commands };
}

// .dockerignore holds names: of the top level, and of any after two stars and a slash.
/** Whether a file of the project goes into the image. */
export function createImageFilter(project: string): (path: string) => boolean {
  const lines = readFileSync(join(project, ".dockerignore"), "utf8").split("\n").filter(Boolean);
  const patterns = lines.map((line) => {
    const [, anywhere, name] = /^(\*\*\/)?([\w.*-]+)$/.exec(line) ?? [];
    if (name === undefined) {
      throw new Error(`.dockerignore has "${line}", which is no plain name.`);
    }
    const text = name.replaceAll(".", "\\.").replaceAll("*", "[^/]*");
    return new RegExp(`^${anywhere === undefined ? "" : "(?:.*/)?"}${text}$`);
  });
  return (path) => !patterns.some((pattern) => pattern.test(relative(project, path)));
}
