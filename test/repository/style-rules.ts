import ts from "typescript";
import { lineOf, type SourceFile, visit } from "./source-files.js";

const maxLines = 300;
/** They write what holds no text from outside, or clean it themselves. */
const rawWriters = new Set(["src/cli/main.ts", "src/cli/screen.ts", "src/cli/write.ts"]);
const suppression = /@ts-(ignore|expect-error|nocheck)|biome-ignore/;
const testNames = new Set(["bench", "context", "describe", "it", "suite", "task", "test"]);
const skipNames = new Set(["only", "runIf", "skip", "skipIf", "todo"]);

/** What house style forbids in src, each with its place. */
export function findStyleBreaks({ path, syntax }: SourceFile): string[] {
  const found: string[] = [];
  const report = (node: ts.Node, what: string) => found.push(`${path}:${lineOf(syntax, node)} ${what}`);
  visit(syntax, (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) {
      report(node, "any");
    }
    if (isDoubleCast(node)) {
      report(node, "as unknown as");
    }
    if (isDefaultExport(node)) {
      report(node, "default export");
    }
    if (ts.isExportDeclaration(node) && isStar(node)) {
      report(node, "export *");
    }
    if (path.startsWith("src/cli/") && !rawWriters.has(path) && isWrite(node)) {
      report(node, "write without src/cli/write.ts");
    }
    if (!path.startsWith("src/cli/") && isMemberOf(node, "console")) {
      report(node, "console outside src/cli");
    }
  });
  const lines = syntax.text.trimEnd().split("\n");
  for (const [index, line] of lines.entries()) {
    if (suppression.test(line)) {
      found.push(`${path}:${index + 1} suppression`);
    }
  }
  if (lines.length > maxLines) {
    found.push(`${path} has ${lines.length} lines`);
  }
  return found;
}

/** Tests that do not run, or keep others from running. */
export function findSkippedTests({ path, syntax }: SourceFile): string[] {
  const found: string[] = [];
  visit(syntax, (node) => {
    if (!ts.isPropertyAccessExpression(node) || !skipNames.has(node.name.text)) {
      return;
    }
    if (testNames.has(rootOf(node))) {
      found.push(`${path}:${lineOf(syntax, node)} ${node.getText(syntax)}`);
    }
  });
  return found;
}

function isDoubleCast(node: ts.Node): boolean {
  if (!ts.isAsExpression(node)) {
    return false;
  }
  let inner = node.expression;
  while (ts.isParenthesizedExpression(inner)) {
    inner = inner.expression;
  }
  return ts.isAsExpression(inner) && inner.type.kind === ts.SyntaxKind.UnknownKeyword;
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node) || node.kind === ts.SyntaxKind.DefaultKeyword) {
    return true;
  }
  return ts.isExportSpecifier(node) && node.name.text === "default";
}

function isStar(node: ts.ExportDeclaration): boolean {
  return node.exportClause === undefined || ts.isNamespaceExport(node.exportClause);
}

function isMemberOf(node: ts.Node, name: string): boolean {
  return (
    ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === name
  );
}

function isWrite(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) && node.name.text === "write";
}

/** The name that a chain of members and calls begins with: `it` of `it.each([1]).skip`. */
function rootOf(node: ts.Expression): string {
  if (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) {
    return rootOf(node.expression);
  }
  return ts.isIdentifier(node) ? node.text : "";
}
