import { escapeReferences, findReferences, type PlanStep } from "../plan/index.js";

/** The arguments of a step. */
export type Args = NonNullable<PlanStep["args"]>;

/** Something that the goal names, or that a step will give. */
export interface Value {
  /** number, share (15%, 3/4), text, date, file path, or rows: any list or record. The letter is part of the mark. */
  readonly kind: "n" | "s" | "t" | "d" | "p" | "r";
  /** An expression for the calculator, a reference, or what was written. */
  readonly text: string;
  /** The goal's own words for it. */
  readonly words: string;
  /** What kind of figure it is: "sum", "product", "count". "The sum" means only such a value. */
  readonly label?: string | undefined;
}

/** What a clause came to. */
interface Result {
  readonly value: Value;
  /** The clause, counted from 0; -1 for the last answer of the conversation. */
  readonly clause: number;
  isUsed: boolean;
}

/** Why a goal is not planned: the part that was not understood, and perhaps what is wrong with it. */
export class Refusal extends Error {
  constructor(
    readonly part: string,
    readonly reason?: string,
  ) {
    super(part);
  }
}

/** A goal while it is read: its values, which stand in its text as marks such as ‹n3›, its results and its steps. */
export class Working {
  readonly steps: PlanStep[] = [];
  readonly results: Result[] = [];
  /** What was written where. */
  readonly notes: string[] = [];
  /** Files that the goal says to read, and that nothing was asked about yet. */
  readonly unread = new Set<string>();
  /** Lists of marks, and the words that point to them, such as "the two results". */
  readonly lists = new Map<string, string>();
  clause = 0;
  readonly #values: Value[] = [];

  constructor(
    private readonly tools: ReadonlySet<string>,
    earlier: readonly Value[],
    /** The file that was named last. */
    public file?: string,
  ) {
    this.results.push(...earlier.map((value) => ({ value, clause: -1, isUsed: false })));
  }

  /** Keeps a value, and gives the mark that stands for it. */
  put(value: Value): string {
    return `‹${value.kind}${this.#values.push(value) - 1}›`;
  }

  get(mark: string | undefined): Value {
    const value = this.#values[Number(mark?.slice(2, -1))];
    if (value === undefined) {
      throw new TypeError(`${mark} is no mark.`);
    }
    return value;
  }

  /** The values of all marks in a text. */
  all(text: string): Value[] {
    return (text.match(/‹\w+›/g) ?? []).map((mark) => this.get(mark));
  }

  /** What a mark, or a word, stands for. */
  textOf(written: string): string {
    return written.startsWith("‹") ? this.get(written).text : written;
  }

  /** Puts the goal's own words in place of the marks. */
  restore(text: string): string {
    const pointed = [...this.lists].reduce((before, [list, words]) => before.replaceAll(list, words), text);
    return pointed.replace(/‹\w+›/g, (mark) => this.get(mark).words);
  }

  /** Adds a step, unless there is the same one, and gives its id. */
  addStep(tool: string, description: string, args: Args, forEach?: string): string {
    if (!this.tools.has(tool)) {
      throw new Refusal(description, `It needs the tool "${tool}", which is not there.`);
    }
    const written = this.steps.filter((step) => step.tool === "write_file" && step.args?.path === args.path);
    const same = this.steps.find(
      (step) => step.tool === tool && JSON.stringify(step.args) === JSON.stringify(args),
    );
    if (same !== undefined && forEach === undefined && written.length === 0) {
      return same.id;
    }
    const id = String(this.steps.length + 1);
    // Files that have nothing to do with each other are written side by side.
    const isFree = tool === "write_file" && written.length === 0 && findReferences(args).length === 0;
    const after = tool === "write_file" ? [] : written.map((step) => step.id);
    const order = isFree || after.length > 0 ? { dependsOn: after } : {};
    this.steps.push({
      id,
      description: escapeReferences(description),
      tool,
      args,
      ...order,
      ...(forEach ? { forEach } : {}),
    });
    return id;
  }

  /** Keeps what a clause came to. What is still an expression becomes a step of the calculator. */
  settle(values: readonly Value[]): void {
    for (const value of values) {
      const isPlain = value.kind !== "n" || /^(?:\{\{[^{}]*\}\}|-?[\d.]+)$/.test(value.text);
      this.results.push({
        value: isPlain ? value : this.calculate(value),
        clause: this.clause,
        isUsed: false,
      });
    }
  }

  calculate(value: Value): Value {
    return { ...value, text: `{{${this.addStep("calculator", value.words, { expression: value.text })}}}` };
  }

  /** The results that no other was made of: those of this goal, or of the last answer if the goal has none yet. */
  get pending(): Result[] {
    const own = this.results.filter(({ clause }) => clause >= 0);
    return (own.length > 0 ? own : this.results).filter(({ isUsed }) => !isUsed);
  }

  /** What the last clause came to. "It" means this, if it is one result. */
  get last(): Result[] {
    return this.results.filter(({ clause }) => clause === this.results.at(-1)?.clause);
  }

  /** Takes a result as a part of another one, under the words that point to it. Gives the mark of its value. */
  use(result: Result | undefined, words: string): string {
    if (result === undefined) {
      throw new Refusal(this.restore(words), "It is not clear which result that is.");
    }
    result.isUsed = true;
    return this.put({ ...result.value, words: words === "" ? result.value.words : words });
  }
}
