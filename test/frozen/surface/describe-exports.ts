// The public exports as text: what each is, one member a line. It does not mention files or depend on the order in
// which they are read, because exports, members and the parts of unions are sorted.
import { dirname } from "node:path";
import ts from "typescript";

const FLAGS =
  ts.NodeBuilderFlags.NoTruncation |
  ts.NodeBuilderFlags.MultilineObjectLiterals |
  ts.NodeBuilderFlags.UseAliasDefinedOutsideCurrentScope |
  ts.NodeBuilderFlags.AllowUniqueESSymbolType |
  ts.NodeBuilderFlags.IgnoreErrors;

/** Longer type arguments are left out: they are LangGraph's or zod's, and nobody reads them. */
const MAX_ARGUMENTS = 1_500;

/**
 * Describes what files export, and the package's own types that these exports name. `files` gives each file its
 * title.
 */
export function describeExports(configFile: string, files: Readonly<Record<string, string>>): string {
  const { config } = ts.readConfigFile(configFile, ts.sys.readFile);
  const folder = dirname(configFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, folder);
  const program = ts.createProgram(Object.values(files), {
    ...options,
    incremental: false,
    tsBuildInfoFile: undefined,
  });
  const checker = program.getTypeChecker();
  const exported = Object.entries(files).map(([title, file]): [string, ts.Symbol[]] => {
    const source = program.getSourceFile(file);
    const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
    if (module === undefined) {
      throw new Error(`${file} exports nothing.`);
    }
    const symbols = checker.getExportsOfModule(module).map((symbol) => {
      return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    });
    return [title, symbols.sort(byName)];
  });
  return new Description(checker, folder).of(exported);
}

class Description {
  readonly #checker: ts.TypeChecker;
  readonly #folder: string;
  readonly #printer = ts.createPrinter({ removeComments: true });
  readonly #blank = ts.createSourceFile("blank.ts", "", ts.ScriptTarget.ES2023);
  /** The names of exported types, by the text of what they stand for. */
  readonly #names = new Map<string, string>();
  /** The package's types that were named so far. */
  readonly #named = new Set<ts.Symbol>();

  constructor(checker: ts.TypeChecker, folder: string) {
    this.#checker = checker;
    this.#folder = folder;
  }

  of(exported: readonly (readonly [title: string, symbols: readonly ts.Symbol[]])[]): string {
    const told = new Set(exported.flatMap(([, symbols]) => symbols));
    for (const symbol of told) {
      this.#learnName(symbol);
    }
    const texts = exported.flatMap(([title, symbols]) => [
      `// ${title}`,
      ...symbols.map((symbol) => this.#describe(symbol)),
    ]);
    const inner: [name: string, text: string][] = [];
    for (const symbol of this.#named) {
      // Describing a type may name further types. They come to the end of the set and are described too.
      if (told.has(symbol)) {
        continue;
      }
      told.add(symbol);
      inner.push([symbol.name, this.#describe(symbol)]);
    }
    const innerTexts = inner.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, text]) => text);
    return `${[...texts, "// Not exported, but named above", ...innerTexts].join("\n\n")}\n`;
  }

  /** Learns the text of a type, so that its name can replace that text. */
  #learnName(symbol: ts.Symbol): void {
    if (!(symbol.flags & ts.SymbolFlags.TypeAlias)) {
      return;
    }
    const type = this.#checker.getDeclaredTypeOfSymbol(symbol);
    const node = this.#checker.typeToTypeNode(type, undefined, FLAGS | ts.NodeBuilderFlags.InTypeAlias);
    const isWritten = node !== undefined && (ts.isTypeLiteralNode(node) || ts.isUnionTypeNode(node));
    if (isWritten) {
      this.#names.set(this.#text(this.#sortUnions(node)), symbol.name);
    }
  }

  #describe(symbol: ts.Symbol): string {
    const { flags, name } = symbol;
    if (flags & ts.SymbolFlags.Class) {
      return this.#describeClass(symbol);
    }
    if (flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) {
      return this.#describeType(symbol);
    }
    const type = this.#checker.getTypeOfSymbol(symbol);
    const signatures = type.getCallSignatures();
    if (signatures.length === 0) {
      return `const ${name}: ${this.#print(type)}`;
    }
    return signatures.map((signature) => `function ${name}${this.#printSignature(signature)}`).join("\n");
  }

  #describeClass(symbol: ts.Symbol): string {
    const type = this.#checker.getDeclaredTypeOfSymbol(symbol);
    const bases = (type.getBaseTypes() ?? []).map((base) => this.#print(base));
    const constructed = this.#checker.getTypeOfSymbol(symbol).getConstructSignatures();
    const own = type
      .getProperties()
      .filter((member) =>
        member.declarations?.some(({ parent }) => symbol.declarations?.includes(asClass(parent))),
      )
      .filter((member) => !isHidden(member));
    const lines = [
      ...constructed.map(
        (signature) => `  constructor${this.#printSignature(signature).replace(/: \w+$/, "")};`,
      ),
      ...this.#members(own),
    ];
    const heritage = bases.length === 0 ? "" : ` extends ${bases.join(", ")}`;
    return `class ${symbol.name}${heritage} {\n${lines.join("\n")}\n}`;
  }

  #describeType(symbol: ts.Symbol): string {
    const type = this.#checker.getDeclaredTypeOfSymbol(symbol);
    const parameters = (symbol.declarations ?? []).flatMap((declaration) =>
      ts.isTypeAliasDeclaration(declaration) || ts.isInterfaceDeclaration(declaration)
        ? (declaration.typeParameters ?? []).map((parameter) => parameter.name.text)
        : [],
    );
    const head = parameters.length === 0 ? symbol.name : `${symbol.name}<${parameters.join(", ")}>`;
    const isPlain =
      (type.flags & ts.TypeFlags.Object) !== 0 &&
      !isNamedElsewhere(type, symbol) &&
      type.getCallSignatures().length === 0 &&
      type.getStringIndexType() === undefined &&
      !this.#checker.isArrayLikeType(type);
    if (!isPlain) {
      return `type ${head} = ${this.#print(type, ts.NodeBuilderFlags.InTypeAlias)}`;
    }
    return `interface ${head} {\n${this.#members(type.getProperties()).join("\n")}\n}`;
  }

  #members(symbols: readonly ts.Symbol[]): string[] {
    return [...symbols].sort(byName).map((member) => {
      const type = this.#checker.getTypeOfSymbol(member);
      const isOptional = (member.flags & ts.SymbolFlags.Optional) !== 0;
      const shown = isOptional ? this.#checker.getNonNullableType(type) : type;
      // A member that may be null as well as left out says so.
      const isNullable = isOptional && this.#print(type).split(" | ").includes("null");
      const text = indent(this.#print(shown));
      const mark = isReadonly(member) ? "readonly " : "";
      return `  ${mark}${shownName(member)}${isOptional ? "?" : ""}: ${text}${isNullable ? " | null" : ""};`;
    });
  }

  #print(type: ts.Type, more = ts.NodeBuilderFlags.None): string {
    const node = this.#checker.typeToTypeNode(type, undefined, FLAGS | more);
    return node === undefined ? "?" : this.#printNode(node, more === ts.NodeBuilderFlags.InTypeAlias);
  }

  #printSignature(signature: ts.Signature): string {
    const kind = ts.SyntaxKind.CallSignature;
    const node = this.#checker.signatureToSignatureDeclaration(signature, kind, undefined, FLAGS);
    return node === undefined ? "(?)" : this.#printNode(node).replace(/;$/, "");
  }

  #printNode(node: ts.Node, isNamed = false): string {
    const sorted = this.#sortUnions(node);
    const short = visitAll(sorted, (inner, goOn) => {
      const shortened = this.#shorten(inner, isNamed && inner === sorted);
      return shortened === inner ? goOn(inner) : shortened;
    });
    this.#noteNames(short);
    // A name that replaced a union needs no brackets.
    return this.#text(short).replace(/\((\w+)\)\[\]/g, "$1[]");
  }

  /** Sorts the parts of unions by the alphabet, because the checker's order follows the order of the files. */
  #sortUnions(node: ts.Node): ts.Node {
    return visitAll(node, (inner, goOn) => {
      const visited = goOn(inner);
      if (!ts.isUnionTypeNode(visited)) {
        return visited;
      }
      const types = [...visited.types].sort((one, other) => (this.#text(one) < this.#text(other) ? -1 : 1));
      return ts.factory.createUnionTypeNode(types);
    });
  }

  /** Replaces a node by its name, or cuts it to its beginning. */
  #shorten(node: ts.Node, isNamed: boolean): ts.Node {
    if (ts.isTypeLiteralNode(node) || ts.isUnionTypeNode(node)) {
      const name = isNamed ? undefined : this.#names.get(this.#text(node));
      return name === undefined ? node : ts.factory.createTypeReferenceNode(name);
    }
    if (!ts.isTypeReferenceNode(node) || node.typeArguments === undefined) {
      return node;
    }
    const length = node.typeArguments.reduce((sum, argument) => sum + this.#text(argument).length, 0);
    if (length <= MAX_ARGUMENTS) {
      return node;
    }
    return ts.factory.createTypeReferenceNode(node.typeName, [ts.factory.createTypeReferenceNode("…")]);
  }

  #text(node: ts.Node): string {
    return this.#printer.printNode(ts.EmitHint.Unspecified, node, this.#blank).replaceAll("    ", "  ");
  }

  /** Notes the types of the package that a node names. */
  #noteNames(node: ts.Node): void {
    const symbol: unknown = Reflect.get(node, "symbol");
    if (ts.isIdentifier(node) && isSymbol(symbol) && this.#isOwn(symbol)) {
      this.#named.add(symbol);
    }
    ts.forEachChild(node, (child) => this.#noteNames(child));
  }

  #isOwn({ flags, declarations = [] }: ts.Symbol): boolean {
    const isType = flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias);
    const files = declarations.map((one) => one.getSourceFile().fileName);
    return (
      isType !== 0 && files.some((file) => file.startsWith(this.#folder) && !file.includes("node_modules"))
    );
  }
}

/** Replaces a node, and lets the callback choose where to continue inside it. */
function visitAll(
  node: ts.Node,
  change: (node: ts.Node, goOn: (node: ts.Node) => ts.Node) => ts.Node,
): ts.Node {
  const visitIn = (context: ts.TransformationContext) => {
    const visit = (inner: ts.Node): ts.Node =>
      change(inner, (parent) => ts.visitEachChild(parent, visit, context));
    return visit;
  };
  return ts.transform(node, [visitIn]).transformed[0] ?? node;
}

function isSymbol(value: unknown): value is ts.Symbol {
  return typeof value === "object" && value !== null && "escapedName" in value;
}

function asClass(node: ts.Node): ts.Declaration {
  return ts.isClassDeclaration(node)
    ? node
    : ts.factory.createClassDeclaration(undefined, undefined, undefined, undefined, []);
}

/** The name of a member. TypeScript numbers one that is named by a symbol, and the number differs from run to run. */
function shownName({ name }: ts.Symbol): string {
  return name.replace(/^__@(\w+)@\d+$/, "[Symbol.$1]");
}

/** What TypeScript notes on a member that a mapped type makes read-only; it has no public name for it. */
const READONLY_CHECK_FLAG = 8;

function isReadonly(member: ts.Symbol): boolean {
  const { checkFlags } = Object(Reflect.get(member, "links"));
  const isMadeReadonly = typeof checkFlags === "number" && (checkFlags & READONLY_CHECK_FLAG) !== 0;
  return (
    isMadeReadonly ||
    (member.declarations ?? []).some(
      (one) => (ts.getCombinedModifierFlags(one) & ts.ModifierFlags.Readonly) !== 0,
    )
  );
}

/** Whether a member is private, by a word or by a hash. */
function isHidden(member: ts.Symbol): boolean {
  return (
    member.name.startsWith("__#") ||
    (member.declarations ?? []).some(
      (one) =>
        (ts.getCombinedModifierFlags(one) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0,
    )
  );
}

/** Whether a type is only another name for an existing one, such as a library's class. */
function isNamedElsewhere(type: ts.Type, symbol: ts.Symbol): boolean {
  const own = type.symbol;
  return (
    own !== symbol &&
    own !== undefined &&
    (own.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) !== 0
  );
}

function byName(one: ts.Symbol, other: ts.Symbol): number {
  return one.name < other.name ? -1 : 1;
}

function indent(text: string): string {
  return text.replaceAll("\n", "\n  ");
}
