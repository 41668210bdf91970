// Questions to CSV and JSON files. Which columns a table has is not known yet: a wrong one makes the step fail.
import type { JsonValue } from "../base/index.js";
import { isTable } from "./files.js";
import { type Args, Refusal, type Value, type Working } from "./working.js";

const TOP = "highest|largest|biggest|greatest|maximum|max|lowest|smallest|minimum|min";
const FIGURE = `sum|total|add up|average|mean|avg|median|${TOP}`;
const OPERATIONS: readonly (readonly [RegExp, string])[] = [
  [/^(?:sum|total|add)/i, "sum"],
  [/^(?:average|mean|avg)/i, "avg"],
  [/^median/i, "median"],
  [/^(?:high|larg|big|great|max)/i, "max"],
  [/^(?:low|small|min)/i, "min"],
];
/** A word that may name a column, or rows: not one that means something else. */
const NAME =
  "(?!(?:the|a|an|all|any|each|every|two|three|first|second|third|last|next|this|that|these|those|it|its|them|both|of|in|on|for|from|to|by|per|and|or|with|where|whose|which|who|is|are|than|not|sum|total|average|mean|median|numbers?|count|results?|answers?|above|below|over|under|sorted|grouped|as|into|divided|multiplied|plus|minus|times|largest|smallest|highest|lowest|even|odd|distinct|unique|year|month|week|across|column|field|have|has|does|do|file|according)\\b)[a-z_][\\w-]*";
const COLUMN = `(‹t\\d+›|${NAME}(?: ${NAME})?)(?: column| field)?`;
const WORD = `(‹t\\d+›|${NAME})`;
const FILE =
  "(?:(?:in|of|from|for|inside|does|according to)(?: the)?(?: file| table)? )?(‹p\\d+›)(?: (?:have|has|contains?)(?=$|,| and))?";
const COMPARISONS: readonly (readonly [string, string])[] = [
  ["(?:is |are )?not(?: equal to)?|!=", "!="],
  ["(?:is |are |of )?(?:at least|no less than)|>=", ">="],
  ["(?:is |are |of )?(?:at most|no more than)|<=", "<="],
  ["(?:is |are |of )?(?:(?:greater|more|larger|higher) than|over|above)|>", ">"],
  ["(?:is |are |of )?(?:(?:less|lower|smaller) than|below|under)|<", "<"],
  ["contains?|containing", "contains"],
  ["is|are|equals|equal to|==?", "="],
];
const LEAD = ",? ?(?:where|whose|with|having|that have|that has|which have|have|has)(?: the| an?)?";
const BEFORE_TAIL = "(?= (?:in|of|from|with|where|whose|by|per|for|grouped)\\b|$|,)";
const ROWS = /^(?:rows?|entries|entry|records?|lines?)$/i;

interface Query {
  path: string;
  readonly where: { column: string; op: string; value: JsonValue }[];
  group?: string | undefined;
}

/** What a form of question asks of a table. */
interface Asked {
  readonly words: string;
  /** What the rows are called, if that has to be a name for the table's own rows. */
  readonly rows?: string | undefined;
  readonly group?: string | undefined;
  readonly label?: string;
  /** Arguments beside the file, its conditions and groups. */
  readonly more?: Args;
  /** The rows with the most or the least of a column: several if they are equal. */
  readonly best?: Args;
}

type Form = readonly [pattern: string, ask: (groups: readonly (string | undefined)[]) => readonly Asked[]];

const figure = (op: string, column: string): Args => ({ op: toOperation(op), column });

const FORMS: readonly Form[] = [
  // "which product has the highest revenue", "which region has the highest total amount"
  [
    `(?:which|what|who|(?:find )?the)(?: is the)?(?: ${WORD})? (?:has|had|with) the (${TOP}) (?:(total|average|mean) )?${COLUMN}`,
    ([rows = "rows", top = "", total, column = ""]) => {
      if (total === undefined) {
        return [{ words: `${rows} with the ${top} ${column}`, best: figure(top, column) }];
      }
      const direction = toOperation(top) === "max" ? "desc" : "asc";
      const orderBy = [{ column: `${toOperation(total)}_${column}`, direction }];
      const words = `${rows} by ${total} ${column}, ${top} first, 5 at most`;
      return [{ words, group: rows, more: { aggregates: [figure(total, column)], orderBy, limit: 5 } }];
    },
  ],
  // "first 3 rows"
  [
    `(?:the )?first (‹n\\d+›)? ?${WORD}`,
    ([count = "1", rows]) => [{ words: `first ${count} ${rows}`, rows, more: { limit: Number(count) } }],
  ],
  // "top 3 cities by population", "the 2 largest orders by amount"
  [
    `(?:the )?(?:(top|bottom) (‹n\\d+›)|(‹n\\d+›) (${TOP})) ${WORD} by ${WORD}`,
    ([left, first, second, top = left ?? "", rows, column = ""]) => {
      const limit = first ?? second ?? "";
      const orderBy = [{ column, direction: /^(?:bottom|low|small|min)/i.test(top) ? "asc" : "desc" }];
      return [{ words: `${top} ${limit} ${rows} by ${column}`, more: { orderBy, limit: Number(limit) } }];
    },
  ],
  // "the sum of the amount column", "min, max and average of units"
  [
    `(?:the )?((?:${FIGURE})(?:(?:, and |, | and )(?:the )?(?:${FIGURE}))*)(?: values?)?(?: up)?(?: of| in)?(?: the| all| their| all the)? ${COLUMN}`,
    ([names = "", column = ""]) =>
      names.split(/, and |, | and /).map((name) => {
        const op = name.replace(/^the /i, "");
        const label = toOperation(op).replace("avg", "average");
        return { words: `${op} ${column}`, label, more: { aggregates: [figure(op, column)] } };
      }),
  ],
  // "how many rows …", "number of distinct regions …", "count orders by customer"
  [
    `(?:count(?: of)?|how many|(?:count )?(?:the )?number of|count how many)(?: the)?(?: (distinct|different|unique))?(?: all| the)* ${WORD}(?: are there| there are| are| is)?`,
    ([distinct, rows = ""]) =>
      distinct === undefined
        ? [{ words: `count of ${rows}`, rows, label: "count", more: { aggregates: [{ op: "count" }] } }]
        : [
            {
              words: `distinct ${rows}`,
              label: "count",
              more: { aggregates: [{ op: "distinct", column: rows }] },
            },
          ],
  ],
  // "list all rows where amount is over 100", "list the distinct departments"
  [
    `(?:list|show|give|find|get|display|which)(?: me)?(?: all)?(?: the)?(?: (distinct|different|unique))? ${WORD}`,
    ([distinct, rows = ""]) =>
      distinct === undefined
        ? [{ words: rows, rows }]
        : [{ words: `distinct ${rows}`, group: rows, more: {} }],
  ],
];

/** Reads the questions to tables in a clause, and puts the marks of their answers in their places. */
export function reduceTables(clause: string, working: Working): string {
  const named = working.all(clause).some(({ kind, text }) => kind === "p" && isTable(text));
  const starts = named || isTable(working.file) ? clause.matchAll(/(?<![\w-‹])[a-z]/gi) : [];
  for (const { index } of starts) {
    const question = new Question(clause, index, working);
    const values = question.read();
    if (values !== undefined) {
      const words = working.restore(clause.slice(index, question.at)).trim();
      const marks = values.map((value) =>
        working.put({ ...value, words: values.length === 1 ? words : value.words }),
      );
      return clause.slice(0, index) + marks.join(" and ") + reduceTables(clause.slice(question.at), working);
    }
  }
  return clause;
}

/** One question, read from left to right, a phrase at a time. */
class Question {
  constructor(
    private readonly text: string,
    public at: number,
    private readonly working: Working,
  ) {}

  read(): Value[] | undefined {
    const start = this.at;
    for (const [pattern, ask] of FORMS) {
      const asked = ask(this.take(pattern) ?? []);
      const query = this.at === start ? undefined : this.readTail(asked[0]?.rows);
      const isBare =
        query?.where.length === 0 &&
        asked.some(({ more, best, rows }) => !more && !best && !ROWS.test(rows ?? ""));
      if (query !== undefined && !isBare) {
        return asked.map((one) => this.ask(query, one));
      }
      this.at = start;
    }
    return undefined;
  }

  /** Takes a phrase, with the blanks before it. Gives its groups, marks as what they stand for. */
  private take(pattern: string): readonly (string | undefined)[] | undefined {
    const sticky = new RegExp(`\\s*(?:${pattern})(?![\\w-])`, "iy");
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text);
    this.at += found?.[0].length ?? 0;
    return found?.slice(1).map((group: string | undefined) => group && this.working.textOf(group));
  }

  /** Reads what may follow a question: the file, conditions, groups, and what the rows are called. */
  private readTail(rows: string | undefined): Query | undefined {
    const query: Query = { path: "", where: [] };
    const names = [rows];
    for (let before = -1; before !== this.at; ) {
      before = this.at;
      query.path = this.take(FILE)?.[0] ?? query.path;
      query.group = this.take(`,? ?(?:for each|each|grouped by|by|per) ${WORD}`)?.[0] ?? query.group;
      names.push(this.take(`(?:of|for|across|on)(?: all)?(?: the)? ${WORD}${BEFORE_TAIL}`)?.[0]);
      this.readConditions(query);
    }
    query.path ||= this.working.file ?? "";
    const own = singular(query.path.replace(/^.*\/|\.\w+$/g, ""));
    const wrong = names.find((name) => name !== undefined && !ROWS.test(name) && singular(name) !== own);
    if (wrong !== undefined && isTable(query.path)) {
      throw new Refusal(wrong, `Say it as a condition, "rows where COLUMN is VALUE", or call them rows.`);
    }
    return isTable(query.path) ? query : undefined;
  }

  /** Reads "where region is North and amount over 100", or "for region North". */
  private readConditions(query: Query): void {
    if (this.take(LEAD) !== undefined) {
      for (let isMore = this.readCondition(query); isMore; ) {
        const before = this.at;
        isMore = this.take("and(?: the| an?)?") !== undefined && this.readCondition(query);
        this.at = isMore ? this.at : before;
      }
      return;
    }
    const before = this.at;
    const [first = "", second = ""] = this.take(`(?:for|in|of)(?: the)? (${NAME}) (${NAME})`) ?? [];
    const isFirst = /^[A-Z]/.test(first);
    // Only a capital letter tells the value from the column: "for region North", "in the Sales department".
    if (isFirst === /^[A-Z]/.test(second)) {
      this.at = before;
      return;
    }
    query.where.push({ column: isFirst ? second : first, op: "=", value: isFirst ? first : second });
  }

  private readCondition({ where }: Query): boolean {
    const before = this.at;
    const [column] = this.take(WORD) ?? [];
    const [low, high] = this.take("(?:is )?between (‹[nd]\\d+›) and (‹[nd]\\d+›)") ?? [];
    const op = COMPARISONS.find(([pattern]) => this.take(`(?:${pattern})(?= )`) !== undefined)?.[1] ?? "=";
    const isNumber = /^ ‹n/.test(this.text.slice(this.at));
    const value = low ?? this.take(`(‹[ntd]\\d+›|${NAME})`)?.[0];
    if (column === undefined || value === undefined) {
      this.at = before;
      return false;
    }
    const toCell = (text: string) =>
      /^-?[\d.]+$/.test(text) && (isNumber || low !== undefined) ? Number(text) : text;
    where.push({ column, op: low === undefined ? op : ">=", value: toCell(value) });
    where.push(...(high === undefined ? [] : [{ column, op: "<=", value: toCell(high) }]));
    return true;
  }

  /** Asks a table. One figure is a number, all else is rows. */
  private ask(query: Query, { words: asked, more = {}, best, label, group: own }: Asked): Value {
    const { path } = query;
    const group = own ?? query.group;
    const where = [...query.where];
    const shown = where.map(({ column, op, value }) => `${column} ${op} ${value}`).join(" and ");
    const words = `${asked}${query.group === undefined ? "" : ` by ${group}`} in ${path}${shown && ` where ${shown}`}`;
    if (best !== undefined) {
      const most = this.ask(query, { words: `${best.op} ${best.column}`, more: { aggregates: [best] } });
      where.push({ column: String(best.column), op: "=", value: most.text });
    }
    const args: Args = {
      path,
      ...(where.length > 0 ? { where } : {}),
      ...(group === undefined ? {} : { groupBy: [group] }),
      ...more,
    };
    this.working.file = path;
    this.working.unread.delete(path);
    const id = this.working.addStep(/\.json$/i.test(path) ? "json_query" : "csv_query", words, args);
    const isFigure = group === undefined && "aggregates" in more;
    return { kind: isFigure ? "n" : "r", text: isFigure ? `{{${id}.value}}` : `{{${id}}}`, words, label };
  }
}

function toOperation(name: string): string {
  return OPERATIONS.find(([pattern]) => pattern.test(name))?.[1] ?? "sum";
}

function singular(noun: string): string {
  return noun.toLowerCase().replace(/ies$/, "y").replace(/s$/, "");
}
