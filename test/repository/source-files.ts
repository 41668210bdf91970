import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** The folder that package.json is in. */
export const repositoryRoot = fileURLToPath(new URL("../..", import.meta.url));

/** One import, re-export, import type or dynamic import whose name is written out. */
export interface SourceImport {
  readonly specifier: string;
  /** `type` leaves no trace in the JavaScript, `dynamic` is loaded when it is reached. */
  readonly kind: "value" | "type" | "dynamic";
  readonly line: number;
  /** The imported file, from the repository's root, where the specifier is relative. */
  readonly target?: string;
}

/** A source file, its path from the repository's root with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly syntax: ts.SourceFile;
  readonly imports: readonly SourceImport[];
}

/** Several tests of a process read the same files, and parsing them takes seconds. */
const parsed = new Map<string, SourceFile>();

/** Reads all TypeScript files below folders of the repository; a folder that is not there has none. */
export function readSourceFiles(...folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    listFiles(folder).map((path) => {
      const file =
        parsed.get(path) ?? parseSource(path, readFileSync(posix.join(repositoryRoot, path), "utf8"));
      parsed.set(path, file);
      return file;
    }),
  );
}

/** Parses one source text. */
export function parseSource(path: string, text: string): SourceFile {
  const syntax = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const imports: SourceImport[] = [];
  visit(syntax, (node) => {
    const found = importOf(node);
    if (found === undefined) {
      return;
    }
    const { specifier, kind } = found;
    const line = lineOf(syntax, node);
    if (!specifier.startsWith(".")) {
      imports.push({ specifier, kind, line });
    } else {
      imports.push({ specifier, kind, line, target: resolveRelative(path, specifier) });
    }
  });
  return { path, syntax, imports };
}

/** Calls back for a node and all nodes below it. */
export function visit(node: ts.Node, onNode: (node: ts.Node) => void): void {
  onNode(node);
  ts.forEachChild(node, (child) => visit(child, onNode));
}

/** The line of a node, counted from 1. */
export function lineOf(syntax: ts.SourceFile, node: ts.Node): number {
  return syntax.getLineAndCharacterOfPosition(node.getStart(syntax)).line + 1;
}

/** The package that a bare specifier belongs to; undefined for a relative one and for Node's own modules. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith(".") || isBuiltin(specifier)) {
    return undefined;
  }
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
}

function listFiles(folder: string): string[] {
  let entries: string[];
  try {
    entries = readdirSync(posix.join(repositoryRoot, folder), { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
  return entries
    .map((entry) => posix.join(folder, entry.replaceAll("\\", "/")))
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts") && !path.includes("/node_modules/"))
    .sort();
}

function resolveRelative(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, ".ts");
}

function importOf(node: ts.Node): Pick<SourceImport, "specifier" | "kind"> | undefined {
  if (ts.isImportDeclaration(node)) {
    return named(node.moduleSpecifier, node.importClause?.isTypeOnly === true ? "type" : "value");
  }
  if (ts.isExportDeclaration(node)) {
    return named(node.moduleSpecifier, node.isTypeOnly ? "type" : "value");
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return named(node.argument.literal, "type");
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return named(node.arguments[0], "dynamic");
  }
  return undefined;
}

function named(specifier: ts.Node | undefined, kind: SourceImport["kind"]) {
  return specifier !== undefined && ts.isStringLiteralLike(specifier)
    ? { specifier: specifier.text, kind }
    : undefined;
}
