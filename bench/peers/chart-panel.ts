import { markOf } from "./chart-style.js";

/** One field of the chart: rows of marks on a logarithmic scale. */
export interface ChartPanel {
  readonly title: string;
  /** By row, then by architecture. */
  readonly values: readonly (readonly number[])[];
  readonly unit: "×" | "$";
  /** A value that is marked by a line. */
  readonly line?: number;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly rowHeight: number;
}

export const panelWidth = 330;

const STEPS = [1, 2, 5];

/** A panel with its title, grid, ticks and marks. Ours is drawn last, over the others. */
export function toPanel({ title, values, unit, line }: ChartPanel, { x, y, rowHeight }: Place): string {
  const all = values.flat();
  const [low, high] = [Math.min(...all) / 1.15, Math.max(...all) * 1.15];
  const at = (value: number) => x + (panelWidth * Math.log(value / low)) / Math.log(high / low);
  const bottom = y + values.length * rowHeight;
  const ticks = ticksBetween(low, high).map((value) => {
    const label = unit === "$" ? `$${value}` : `${value}×`;
    return `<line class="grid" x1="${at(value).toFixed(1)}" x2="${at(value).toFixed(1)}" y1="${y}" y2="${bottom}"/><text class="tick" x="${at(value).toFixed(1)}" y="${bottom + 18}" text-anchor="middle">${label}</text>`;
  });
  const lines = values.map((_, index) => {
    const middle = y + (index + 0.5) * rowHeight;
    return `<line class="grid" x1="${x}" x2="${x + panelWidth}" y1="${middle}" y2="${middle}"/>`;
  });
  const bound =
    line === undefined
      ? []
      : [
          `<line class="bound" x1="${at(line).toFixed(1)}" x2="${at(line).toFixed(1)}" y1="${y}" y2="${bottom}"/>`,
        ];
  const marks = values.flatMap((row, index) =>
    row.map((value, series) => markOf(series, at(value), y + (index + 0.5) * rowHeight)).reverse(),
  );
  const heading = `<text class="title" x="${x}" y="${y - 12}">${title}</text>`;
  return [heading, ...lines, ...ticks, ...bound, ...marks].join("\n");
}

/** Round numbers between two bounds. */
function ticksBetween(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10) {
    ticks.push(...STEPS.map((step) => Number((step * power).toPrecision(1))));
  }
  return ticks.filter((value) => value >= low && value <= high);
}
