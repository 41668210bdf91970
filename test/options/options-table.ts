// The table of options in docs/options.md. Names, defaults, a context's fields and flags come from the schema; what each option is
// for is its documentation comment, as whoever writes `createPlanExecuteAgent({` is shown it.
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { flagOf } from "../../src/cli/options/option-values.js";
import type { Option, Section, Shape } from "../../src/options/option.js";
import { COMMON } from "../../src/options/roles.js";
import { OPTIONS } from "../../src/options/schema.js";

const ROLES = ["planner", "executor", "replanner", "answer"];

/** An option as the table tells it. */
export interface Row {
  /** `planner.maxSteps`; `*` stands for each role. */
  readonly name: string;
  /** What its documentation comment says of its default. */
  readonly default: string;
  /** What the schema has as its default. */
  readonly value: unknown;
  readonly context: string;
  readonly flag: string;
  readonly meaning: string;
}

let rows: readonly Row[] | undefined;
/** The rows of the table, in the order of the schema. They are read once, because that takes seconds. */
export function readRows(): readonly Row[] {
  if (rows === undefined) {
    const { type, checker } = readType();
    rows = rowsIn(OPTIONS, type, checker);
  }
  return rows;
}

/** The table as docs/options.md has it. */
export function toTable(rows: readonly Row[]): string {
  const lines = rows.map((row) => [`\`${row.name}\``, row.default, row.context, row.flag, row.meaning]);
  const table = [["option", "default", "in a context", "flag", "meaning"], Array(5).fill("---"), ...lines];
  return table.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function readType() {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const file = `${root}src/options/schema.ts`;
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  const program = ts.createProgram([file], { ...options, incremental: false, tsBuildInfoFile: undefined });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  const symbol = module && checker.tryGetMemberInModuleExports("PlanExecuteOptions", module);
  if (symbol === undefined) {
    throw new Error(`${file} exports no PlanExecuteOptions.`);
  }
  return { type: checker.getDeclaredTypeOfSymbol(symbol), checker };
}

function rowsIn(entries: Shape, type: ts.Type, checker: ts.TypeChecker, path: readonly string[] = []): Row[] {
  return Object.entries(entries).flatMap(([name, entry]): Row[] => {
    const member = type.getProperty(name);
    if (member === undefined) {
      throw new Error(`The type has no ${[...path, name].join(".")}.`);
    }
    if ("entries" in entry) {
      const inner = checker.getNonNullableType(checker.getTypeOfSymbol(member));
      return rowsIn(entry.entries, inner, checker, [...path, name]);
    }
    const isOfRoles = path.length === 1 && ROLES.includes(path[0] ?? "") && name in COMMON;
    // What is the same for each role is told once, and else only what one role has more than that.
    if (isOfRoles && path[0] !== "answer" && !hasMore(name, entry)) {
      return [];
    }
    const isOfAll = isOfRoles && path[0] === "answer";
    return [toRow(isOfAll ? ["*", name] : [...path, name], entry, member, checker)];
  });
}

function hasMore(name: string, { field }: Option): boolean {
  const shared = new Map<string, Option | Section>(Object.entries(COMMON)).get(name);
  return field !== undefined && shared !== undefined && !("entries" in shared) && shared.field === undefined;
}

function toRow(path: readonly string[], entry: Option, member: ts.Symbol, checker: ts.TypeChecker): Row {
  const { field } = entry;
  const isOfAll = path[0] === "*";
  const named = (toName: (name: string) => string) =>
    (isOfAll ? ROLES.map((role) => field?.name.replace("answer", role) ?? "") : [field?.name ?? ""])
      .map((name) => `\`${toName(name)}\``)
      .join(", ");
  const [tag] = member.getJsDocTags(checker).filter(({ name }) => name === "default");
  return {
    name: path.join("."),
    default: oneLine(ts.displayPartsToString(tag?.text)),
    value: entry.default,
    context: field?.inContext ? named((name) => name) : "",
    flag: field?.onCommandLine ? named(flagOf) : "",
    meaning: oneLine(ts.displayPartsToString(member.getDocumentationComment(checker))),
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|").replace(/\.$/, "").trim();
}
