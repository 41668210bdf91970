import ts from "typescript";
import { lineOf, packageOf, type SourceFile, visit } from "./source-files.js";

const maxLines = 300;
/** An example is one file, which is read from top to bottom. */
const EXAMPLE = /^graphs\/[\w-]+\.ts$/;
const MAX_EXAMPLE_LINES = 550;
/** Every example exports its goals under this name. */
const GOALS = "examples";
/** They write what holds no text from outside, or clean it themselves. */
const rawWriters = new Set(["src/cli/main.ts", "src/cli/showing/screen.ts", "src/cli/write.ts"]);
const suppression = /@ts-(ignore|expect-error|nocheck)|biome-ignore/;
const testNames = new Set(["bench", "context", "describe", "it", "suite", "task", "test"]);
const skipNames = new Set(["only", "runIf", "skip", "skipIf", "todo"]);

/** What house style forbids in src, each with its place. */
export function findStyleBreaks({ path, syntax }: SourceFile): string[] {
  const found: string[] = [];
  const foreign = path.startsWith("src/") ? foreignNames(syntax) : new Set<string>();
  const report = (node: ts.Node, what: string) => found.push(`${path}:${lineOf(syntax, node)} ${what}`);
  visit(syntax, (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) {
      report(node, "any");
    }
    if (isDoubleCast(node)) {
      report(node, "as unknown as");
    }
    const foreignClass = foreignClassOf(node, foreign);
    if (foreignClass !== undefined) {
      report(node, `instanceof ${foreignClass}: two copies of its package may be loaded, so ask isOfClass`);
    }
    if (isMemberOf(node, "AbortSignal")) {
      report(node, "AbortSignal's own links and deadlines: base has linkSignal and startDeadline");
    }
    if (isDefaultExport(node)) {
      report(node, "default export");
    }
    if (ts.isExportDeclaration(node) && isStar(node)) {
      report(node, "export *");
    }
    const constant = lowerCaseConstant(node);
    if (constant !== undefined) {
      report(node, `constant ${constant}: write it in UPPER_CASE`);
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
  if (lines.length > (EXAMPLE.test(path) ? MAX_EXAMPLE_LINES : maxLines)) {
    found.push(`${path} has ${lines.length} lines`);
  }
  return found;
}

/** The name of data at module level that is not in UPPER_CASE; what is made by a call (a schema, say) is no constant. */
function lowerCaseConstant(node: ts.Node): string | undefined {
  if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name) || node.initializer === undefined) {
    return undefined;
  }
  const statement = node.parent.parent;
  if (!ts.isVariableStatement(statement) || !ts.isSourceFile(statement.parent)) {
    return undefined;
  }
  if ((node.parent.flags & ts.NodeFlags.Const) === 0) {
    return undefined;
  }
  const name = node.name.text;
  return /^[a-z]/.test(name) && name !== GOALS && isData(node.initializer) ? name : undefined;
}

function isData(node: ts.Expression): boolean {
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) {
    return isData(node.expression);
  }
  if (ts.isPrefixUnaryExpression(node)) {
    return isData(node.operand);
  }
  if (ts.isNewExpression(node)) {
    return ["Map", "RegExp", "Set"].includes(node.expression.getText());
  }
  return (
    ts.isLiteralExpression(node) ||
    ts.isTemplateExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isObjectLiteralExpression(node)
  );
}

/** Names that a file imports from packages; Node's own modules are loaded once. */
function foreignNames(syntax: ts.SourceFile): Set<string> {
  const clauses = syntax.statements.flatMap((statement) =>
    ts.isImportDeclaration(statement) &&
    ts.isStringLiteral(statement.moduleSpecifier) &&
    packageOf(statement.moduleSpecifier.text) !== undefined
      ? [statement.importClause]
      : [],
  );
  const names = clauses.flatMap((clause) => {
    const bindings = clause?.namedBindings;
    const named = bindings === undefined ? [] : ts.isNamedImports(bindings) ? bindings.elements : [bindings];
    return [clause?.name, ...named.map(({ name }) => name)];
  });
  return new Set(names.flatMap((name) => name?.text ?? []));
}

/** The class of a package that a value is held against: `a instanceof b.C`, `z.instanceof(C)`. */
function foreignClassOf(node: ts.Node, foreign: ReadonlySet<string>): string | undefined {
  const isTest = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword;
  const isSchema =
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === "instanceof";
  const tested = isTest ? node.right : isSchema ? node.arguments[0] : undefined;
  return tested !== undefined && foreign.has(rootOf(tested)) ? tested.getText() : undefined;
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
