import { type ChartPanel, panelWidth, toPanel } from "./chart-panel.js";
import { markOf, series, styles } from "./chart-style.js";
import { rowOf, type WorkSummary } from "./summary.js";

const NAMES_WIDTH = 104;
const GAP = 34;
const LEGEND_HEIGHT = 56;
const ROW_HEIGHT = 25;
const FOOT_HEIGHT = 34;
/** Where each name of the legend begins. Names differ in length, and a chart cannot measure them. */
const LEGEND_AT = [0, 74, 290, 456, 618];
const MARGIN = 16;

/** A chart of seconds and dollars on the large model, with a row for each work and a mark for each architecture. */
export function toChart(works: readonly WorkSummary[]): string {
  const width = MARGIN * 2 + NAMES_WIDTH + panelWidth * 2 + GAP;
  const height = MARGIN * 2 + LEGEND_HEIGHT + works.length * ROW_HEIGHT + FOOT_HEIGHT;
  const top = MARGIN + LEGEND_HEIGHT;
  const left = MARGIN + NAMES_WIDTH;
  const names = works.map(
    ({ work }, index) =>
      `<text x="${left - 12}" y="${top + (index + 0.5) * ROW_HEIGHT + 4}" text-anchor="end">${work}</text>`,
  );
  const values = (read: (row: ReturnType<typeof rowOf>) => number) =>
    works.map((work) => series.map((architecture) => read(rowOf(work, architecture, "large"))));
  const panels: readonly ChartPanel[] = [
    {
      title: "seconds, as a multiple of the work’s own bound",
      values: values(({ timesBound }) => timesBound),
      unit: "×",
      line: 1,
    },
    { title: "dollars for 1,000 runs", values: values(({ usdFor1000 }) => usdFor1000), unit: "$" },
  ];
  const drawn = panels.map((panel, index) =>
    toPanel(panel, { x: left + index * (panelWidth + GAP), y: top, rowHeight: ROW_HEIGHT }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    "<title>Seconds and dollars of plan-and-execute, ReAct, LLMCompiler-like and tutorial agents</title>",
    `<style>${styles}</style>`,
    `<rect class="ground" width="${width}" height="${height}" rx="6"/>`,
    ...legend(),
    ...names,
    ...drawn,
    "</svg>\n",
  ].join("\n");
}

function legend(): string[] {
  return series.map((name, index) => {
    const x = MARGIN + 8 + (LEGEND_AT[index] ?? 0);
    return `${markOf(index, x, MARGIN + 6)}<text x="${x + 12}" y="${MARGIN + 10}">${name}</text>`;
  });
}
