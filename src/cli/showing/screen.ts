import type { AgentEvent } from "../../events/index.js";
import type { OutputStream } from "../surroundings.js";
import { withoutControls } from "../write.js";
import { fitLine, type Line, piece, toText } from "./line.js";
import { NO_PROGRESS, type ProgressView, runningSteps } from "./progress.js";
import { fitSteps, planTitle, toNotes, toPlanLines, toStepLine } from "./render.js";

/** Shows a run while it goes on. */
export interface Screen {
  /** A run begins or continues from here. */
  begin(view: ProgressView): void;
  /** An event happened; `view` is the turn's progress after it. */
  event(event: AgentEvent, view: ProgressView): void;
  /** A piece of the answer arrived. */
  token(text: string): void;
  /** Fixes everything above: the next output starts on a new line. */
  settle(): void;
}

export const DARK_SCREEN: Screen = { begin() {}, event() {}, token() {}, settle() {} };

/** Writes line by line. For pipes and files, where nothing that is written can change any more. */
export function createPlainScreen(out: OutputStream, hasColor: boolean): Screen {
  let isMidLine = false;
  const settle = () => {
    if (isMidLine) {
      out.write("\n");
    }
    isMidLine = false;
  };
  const writeLines = (lines: readonly Line[]) => {
    if (lines.length === 0) {
      return;
    }
    settle();
    out.write(lines.map((line) => `${toText(line, hasColor)}\n`).join(""));
  };
  return {
    begin(view) {
      if (view.steps.length > 0) {
        writeLines(toPlanLines(view, planTitle(1)));
      }
    },
    event(event, view) {
      writeLines([...toNotes(event), ...toPlainLines(event, view)]);
    },
    token(text) {
      const clean = withoutControls(text);
      if (clean === "") {
        return;
      }
      if (!isMidLine) {
        out.write("\n");
      }
      out.write(clean);
      isMidLine = true;
    },
    settle,
  };
}

function toPlainLines(event: AgentEvent, view: ProgressView): Line[] {
  if (event.type === "plan.generated") {
    return toPlanLines(view, planTitle(event.version));
  }
  if (event.type !== "step.started" && event.type !== "step.ended") {
    return [];
  }
  const step = view.steps.find(({ id }) => id === event.stepId);
  // Items of a for-each step have no line in the plan: their output comes with their step.
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
export function createLiveScreen(out: OutputStream, { hasColor, now, repeat }: LiveScreenOptions): Screen {
  let shown: ProgressView = NO_PROGRESS;
  let title = planTitle(1);
  let isPlanning = false;
  let height = 0;
  let isMidLine = false;
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
    if (isMidLine) {
      out.write("\n");
    }
    isMidLine = false;
  };

  return {
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
      if (isMidLine) {
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
    token(text) {
      const clean = withoutControls(text);
      if (clean === "") {
        return;
      }
      if (!isMidLine) {
        settle();
        out.write("\n");
      }
      out.write(clean);
      isMidLine = true;
    },
    settle,
  };
}
