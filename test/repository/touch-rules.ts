import ts from "typescript";
import { lineOf, type SourceFile, visit } from "./source-files.js";

/** The one room that may touch what LangGraph, LangChain and zod do not document. */
const ROOM = "src/langgraph/";

/** Names that the libraries keep for themselves, wherever they are written. */
const HIDDEN_NAMES =
  /^(__pregel_\w+|__(return|resume|copy|input|error|scheduled|interrupt|raw_response|includeRawResponse)__?|callCounter|nullResume|checkpoint_map|langgraph_step|lg_name|counters_since_delta_snapshot|AsyncLocalStorageProviderSingleton|Stream\w*MessagesHandler)$/;
/** A statement on a table of LangGraph's savers. */
const SAVERS_TABLE =
  /\b(from|into|join|update|table)\s+(checkpoints|checkpoint_writes|checkpoint_blobs|writes)\b/i;
/** Members that begin so are private by custom. */
const PRIVATE_MEMBER = /^_[a-z]/;
/** What LangChain tells everybody to override who writes a chat model. */
const DOCUMENTED_MEMBERS = new Set(["_generate", "_llmType", "_streamResponseChunks"]);

/** What a file touches of a library's insides that stands outside of the room for that, each with its place. */
export function findHiddenTouches({ path, syntax, imports }: SourceFile): string[] {
  if (path.startsWith(ROOM)) {
    return [];
  }
  const foreign = foreignNames(syntax);
  const found = imports
    .filter(({ specifier }) => specifier === "@langchain/core/singletons")
    .map(({ specifier, line }) => `${path}:${line} ${specifier}`);
  visit(syntax, (node) => {
    const touched = touchedBy(node, foreign);
    if (touched !== undefined) {
      found.push(`${path}:${lineOf(syntax, node)} ${touched}`);
    }
  });
  return [...new Set(found)];
}

function touchedBy(node: ts.Node, foreign: ReadonlySet<string>): string | undefined {
  if ((ts.isIdentifier(node) || ts.isStringLiteralLike(node)) && HIDDEN_NAMES.test(node.text)) {
    return node.text;
  }
  if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node)) {
    return SAVERS_TABLE.exec(node.text)?.[2];
  }
  if (ts.isPropertyAccessExpression(node)) {
    const { expression, name } = node;
    if (name.text === "prototype" && ts.isIdentifier(expression) && foreign.has(expression.text)) {
      return `${expression.text}.prototype`;
    }
    const isOwn = expression.kind === ts.SyntaxKind.ThisKeyword;
    return isPrivate(name.text) && !isOwn ? name.text : undefined;
  }
  if (ts.isMethodDeclaration(node) && ts.isIdentifier(node.name)) {
    const { text } = node.name;
    return isPrivate(text) ? text : undefined;
  }
  return ts.isCallExpression(node) ? touchedByCall(node) : undefined;
}

function isPrivate(member: string): boolean {
  return PRIVATE_MEMBER.test(member) && !DOCUMENTED_MEMBERS.has(member);
}

/** `Object.setPrototypeOf`, and `Reflect.get(value, "_member")`. */
function touchedByCall({ expression, arguments: given }: ts.CallExpression): string | undefined {
  if (!ts.isPropertyAccessExpression(expression) || !ts.isIdentifier(expression.expression)) {
    return undefined;
  }
  if (expression.name.text === "setPrototypeOf") {
    return "setPrototypeOf";
  }
  const member = expression.expression.text === "Reflect" ? given[1] : undefined;
  return member !== undefined && ts.isStringLiteralLike(member) && PRIVATE_MEMBER.test(member.text)
    ? member.text
    : undefined;
}

/** What a file imports from packages. */
function foreignNames(syntax: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of syntax.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) {
      continue;
    }
    const bindings = statement.importClause?.namedBindings;
    if (statement.moduleSpecifier.text.startsWith(".") || bindings === undefined) {
      continue;
    }
    for (const name of ts.isNamedImports(bindings) ? bindings.elements : []) {
      names.add(name.name.text);
    }
  }
  return names;
}
