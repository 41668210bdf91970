import { toDuration } from "../base/index.js";
import { type GraphLayout, layoutGraph, NODE_HEIGHT, NODE_WIDTH, type Point } from "./graph-layout.js";
import { type Html, html } from "./html.js";
import { durationOf, type Run, type RunStep, WORK_AND_ASKING } from "./run/index.js";
import { STEP_BADGES, toLine } from "./words.js";

const MAX_NAME = 60;

/** Draws the plan: a box for each step that leads to its details, and an arrow for each step that another needs. */
export function drawGraph({ steps }: Run, anchor: (index: number) => string, name = ""): Html {
  const layout = layoutGraph(steps);
  const { width, height } = layout;
  const critical = new Set(steps.flatMap(({ id, isCritical }) => (isCritical ? [id] : [])));
  const isOnPath = ({ from, to }: GraphLayout["edges"][number]) =>
    [from, to].every((index) => critical.has(steps[index]?.id ?? ""));
  // The critical path is drawn last, over what crosses it.
  const ordered = layout.edges.toSorted((one, other) => Number(isOnPath(one)) - Number(isOnPath(other)));
  const edges = ordered.map((edge) => {
    const isCritical = isOnPath(edge);
    const line = toPath(edge.points, layout.isDownwards);
    return html`<path class="edge${isCritical ? " critical" : ""}" d="${line}" marker-end="url(#${isCritical ? "critical" : "arrow"}${name})"/>`;
  });
  return html`<div class="scroll" role="region" aria-label="The plan as a graph${name && ` (${name})`}" tabindex="0"><svg class="graph" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="list" aria-label="Steps and what they come after">
<defs>${toArrow(`arrow${name}`, "edge-tip")}${toArrow(`critical${name}`, "edge-tip critical")}</defs>
<g aria-hidden="true">${edges}</g>
${steps.map((step, index) => drawNode(step, placeOf(layout, index), anchor(index)))}
</svg></div>`;
}

function drawNode(step: RunStep, { x, y }: Point, target: string): Html {
  const { id, planned, state, isCritical, spans } = step;
  const { sign, word, tone } = STEP_BADGES[state];
  const ms = durationOf(spans, WORK_AND_ASKING);
  const facts = [
    ...(state === "done" ? [] : [word]),
    ...(spans.length === 0 ? [] : [toDuration(ms)]),
    toLine(planned.tool ?? "agent", MAX_NAME),
  ];
  return html`<g role="listitem"><foreignObject x="${x}" y="${y}" width="${NODE_WIDTH}" height="${NODE_HEIGHT}"><a class="node ${tone}${isCritical ? " critical" : ""}" href="#${target}" title="${planned.description}"><span class="name"><span class="sign" aria-hidden="true">${sign}</span><span class="sr">${word}: </span> <bdi>${toLine(planned.description, MAX_NAME)}</bdi></span><span class="fact"><b><bdi>${toLine(id, MAX_NAME)}</bdi></b> · <bdi>${facts.join(" · ")}</bdi>${isCritical && html`<span class="sr">, on the critical path</span>`}</span></a></foreignObject></g>
`;
}

function placeOf({ nodes }: GraphLayout, index: number): Point {
  return nodes[index] ?? { x: 0, y: 0 };
}

function toArrow(id: string, name: string): Html {
  return html`<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="${name}" d="M0 0L8 4L0 8z"/></marker>`;
}

/** A smooth line that leaves and enters each point in the direction in which the plan is read. */
function toPath(points: readonly Point[], isDownwards: boolean): string {
  const [first = { x: 0, y: 0 }] = points;
  const curves = points.slice(1).map((to, index) => {
    const from = points[index] ?? first;
    const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
    const [out, back] = isDownwards
      ? [
          { x: from.x, y },
          { x: to.x, y },
        ]
      : [
          { x, y: from.y },
          { x, y: to.y },
        ];
    return `C${toPair(out)} ${toPair(back)} ${toPair(to)}`;
  });
  return `M${toPair(first)}${curves.join("")}`;
}

function toPair({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
