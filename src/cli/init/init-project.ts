import { existsSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { makeFolder } from "../../files/index.js";
import { EXIT_CODES } from "../report.js";
import { type Surroundings, UsageError } from "../surroundings.js";
import { toShellWord, writeText } from "../write.js";
import { projectFiles } from "./project-files.js";

/** Writes a project with an agent of the person's own. It writes over nothing: if a file is there, none is written. */
export function initProject(
  named: string,
  { folder, version, stdout }: Pick<Surroundings, "folder" | "version" | "stdout">,
): number {
  const target = resolve(folder, named);
  const files = Object.entries(projectFiles(toPackageName(basename(target)), version));
  const there = files.map(([path]) => path).filter((path) => existsSync(join(target, path)));
  if (there.length > 0) {
    throw new UsageError(
      `There is already ${there.join(", ")} in ${target}, and init writes over nothing. Name another folder, such as: init my-agent`,
    );
  }
  for (const [path, text] of files) {
    makeFolder(dirname(join(target, path)));
    writeFileSync(join(target, path), text, { flag: "wx" });
  }
  const near = relative(folder, target);
  const where = near.startsWith("..") ? target : near;
  writeText(
    stdout,
    `Written to ${target}: ${files.map(([path]) => path).join(", ")}\n\nNext:\n${where === "" ? "" : `  cd ${toShellWord(where)}\n`}` +
      '  npm install\n  npm start -- "Calculate 17*23 and 19*29, then add the two results"\n  npm run dev        # opens LangGraph Studio\n',
  );
  return EXIT_CODES.done;
}

/** A name that npm takes. */
function toPackageName(name: string): string {
  const words = name.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, "-");
  return words.replace(/^[._-]+/, "") || "my-agent";
}
