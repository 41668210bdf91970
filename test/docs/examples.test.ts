import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { repositoryRoot } from "../repository/source-files.js";
import { readPages, typescriptBlocks } from "./pages.js";

test("every example in README and docs holds the types of the package", () => {
  const { config } = ts.readConfigFile(join(repositoryRoot, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, repositoryRoot);
  const examples = new Map(
    readPages().flatMap((page) =>
      typescriptBlocks(page).map(({ line, code }) => [
        join(repositoryRoot, "test", "docs", `${page.path.replaceAll("/", "-")}-${line}.ts`),
        `${code}\nexport {};\n`,
      ]),
    ),
  );
  expect(examples.size).toBeGreaterThan(10);
  const given: ts.CompilerOptions = {
    ...options,
    noUnusedLocals: false,
    incremental: false,
    tsBuildInfoFile: undefined,
  };
  const host = ts.createCompilerHost(given);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => examples.has(path) || fileExists(path);
  host.readFile = (path) => examples.get(path) ?? readFile(path);
  host.getSourceFile = (path, language, ...others) => {
    const code = examples.get(path);
    return code === undefined
      ? getSourceFile(path, language, ...others)
      : ts.createSourceFile(path, code, language);
  };
  const prelude = join(repositoryRoot, "test", "docs", "prelude.ts");
  const program = ts.createProgram([prelude, ...examples.keys()], given, host);
  const faults = [...examples.keys()].flatMap((path) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
  });
  expect(faults).toEqual([]);
}, 180_000);
