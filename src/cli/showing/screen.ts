import type { AgentEvent } from "../../events/index.js";
import type { OutputStream } from "../surroundings.js";
import { withoutControls } from "../write.js";
import { fitLine, type Line, piece, toText } from "./line.js";
import { NO_PROGRESS, type ProgressView, runningSteps } from "./progress.js";
import { fitSteps, planTitle, toChangedLines, toNotes, toStepLine } from "./render.js";

/** Shows a run while it goes on. */
export interface Screen {
  /** A run begins or continues from here. */
  begin(view: ProgressView): void;
  /** An event happened; `view` is the turn's progress after it. */
  event(event: AgentEvent, view: ProgressView): void;
  /** Whether the answer is shown while it arrives. */
  readonly showsTokens: boolean;
  /** A piece of the answer arrived. */
  token(text: string): void;
  /** Fixes everything above: the next output starts on a new line. */
  settle(): void;
}

export const DARK_SCREEN: Screen = { showsTokens: false, begin() {}, event() {}, token() {}, settle() {} };

/** Where a screen writes. */
export interface ScreenOutputs {
  /** Gets the plan and its progress. */
  readonly progress: OutputStream;
  /** Gets the answer while it arrives. Undefined: nobody watches it arrive, and words before a plan would stay there. */
  readonly answer?: OutputStream;
}

/** Writes the answer as it arrives, a blank line below the progress. */
function createTokenWriter({ progress, answer }: ScreenOutputs) {
  let isMidLine = false;
  return {
    isMidLine: () => isMidLine,
    write(text: string, settleAbove: () => void) {
      const clean = withoutControls(text);
      if (answer === undefined || clean === "") {
        return;
      }
      if (!isMidLine) {
        settleAbove();
        progress.write("\n");
      }
      answer.write(clean);
      isMidLine = true;
    },
    settle() {
      if (isMidLine) {
        answer?.write("\n");
      }
      isMidLine = false;
    },
  };
}

/**
 * Writes line by line. For pipes and files, where nothing that is written can change any more: the plan stands there
 * once, and below it only what changes.
 */
export function createPlainScreen(outputs: ScreenOutputs): Screen {
  const { progress, answer } = outputs;
  const tokens = createTokenWriter(outputs);
  let planned: ProgressView = NO_PROGRESS;
  const writeLines = (lines: readonly Line[]) => {
    if (lines.length === 0) {
      return;
    }
    tokens.settle();
    progress.write(lines.map((line) => `${toText(line, false)}\n`).join(""));
  };
  const toPlan = (view: ProgressView, version: number) => {
    const before = planned;
    planned = view;
    return toChangedLines(before, view, planTitle(version));
  };
  return {
    showsTokens: answer !== undefined,
    begin(view) {
      writeLines(toPlan(view, 1));
    },
    event(event, view) {
      const lines = event.type === "plan.generated" ? toPlan(view, event.version) : toEndedStep(event, view);
      writeLines([...toNotes(event), ...lines]);
    },
    token: (text) => tokens.write(text, () => {}),
    settle: tokens.settle,
  };
}

function toEndedStep(event: AgentEvent, { steps }: ProgressView): Line[] {
  // Items of a for-each step have no line in the plan: their output comes with their step.
  const step = event.type === "step.ended" ? steps.find(({ id }) => id === event.stepId) : undefined;
  return step === undefined ? [] : [toStepLine(step)];
}

/** What a live screen needs besides the terminal. */
export interface LiveScreenOptions {
  readonly hasColor: boolean;
  readonly now: () => number;
  readonly repeat: (intervalMs: number, action: () => void) => () => void;
}

const REDRAW_MS = 100;
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;
/** Rows that the block of steps leaves free, for its title and for the cursor's line. */
const FREE_ROWS = 3;

/** Draws the steps as one block that changes in place. Notes stand above it, the answer below. */
export function createLiveScreen(
  outputs: ScreenOutputs,
  { hasColor, now, repeat }: LiveScreenOptions,
): Screen {
  const { progress: out, answer } = outputs;
  const tokens = createTokenWriter(outputs);
  let shown: ProgressView = NO_PROGRESS;
  let title = planTitle(1);
  let isPlanning = false;
  let height = 0;
  let stop: (() => void) | undefined;

  const block = (): Line[] => {
    if (shown.steps.length === 0) {
      return isPlanning ? [[piece("Planning …", "dim")]] : [];
    }
    // A terminal reports 0 rows if nobody has set its size.
    const maxSteps = Math.max(1, (out.rows || DEFAULT_ROWS) - FREE_ROWS);
    const width = (out.columns || DEFAULT_COLUMNS) - 1;
    const lines: Line[] = [[piece(title, "bold")], ...fitSteps(shown.steps, maxSteps, now())];
    return lines.map((line) => fitLine(line, width));
  };
  const draw = (above: readonly Line[] = []) => {
    const lines = block();
    const back = height === 0 ? "" : `\u001b[${height}A\r\u001b[J`;
    out.write(back + [...above, ...lines].map((line) => `${toText(line, hasColor)}\n`).join(""));
    height = lines.length;
  };
  const rest = () => {
    stop?.();
    stop = undefined;
  };
  const settle = () => {
    rest();
    if (isPlanning) {
      isPlanning = false;
      draw();
    }
    height = 0;
    tokens.settle();
  };

  return {
    showsTokens: answer !== undefined,
    begin(view) {
      shown = view;
      draw();
    },
    event(event, view) {
      const notes = toNotes(event);
      const isChanged = view !== shown;
      shown = view;
      if (event.type === "plan.generated") {
        title = planTitle(event.version);
      }
      if (!isChanged && notes.length === 0 && event.type !== "agent.started") {
        return;
      }
      if (tokens.isMidLine()) {
        settle();
      }
      isPlanning = event.type === "agent.started" || (isPlanning && view.steps.length === 0);
      draw(notes);
      if (runningSteps(shown).length === 0) {
        rest();
      } else {
        stop ??= repeat(REDRAW_MS, () => draw());
      }
    },
    token: (text) => tokens.write(text, settle),
    settle,
  };
}
