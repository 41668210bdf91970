import type { Waiting } from "../state/index.js";
import { type Html, html } from "./html.js";
import type { Run } from "./run/index.js";
import { drawValue } from "./step-details.js";
import { toMoment } from "./words.js";

/** Shows what waits for a person, whole: what they see is what they decide about. */
export function drawWaiting({ state: { request } }: Run): Html | undefined {
  if (request === null) {
    return undefined;
  }
  const { askedAt, expiresAt, waiting } = request;
  const expiry = expiresAt === null ? "" : ` It takes an answer until ${toMoment(expiresAt)} UTC.`;
  return html`<section class="wait" aria-labelledby="wait-title"><h2 id="wait-title">Waits for a person</h2>
<p class="quiet">Since ${toMoment(askedAt)} UTC.${expiry}</p>
${waiting.map((one) => html`<div class="asked">${drawAsked(one)}</div>`)}</section>`;
}

/** Shows one thing that waits. */
export function drawAsked(asked: Waiting): Html {
  switch (asked.kind) {
    case "action":
      return html`<h3>${asked.asks === undefined ? "The call" : "A question of"} <code><bdi>${asked.tool}</bdi></code> in step <bdi>${asked.stepId}</bdi></h3>
${asked.description !== undefined && html`<p dir="auto">${asked.description}</p>`}
${asked.asks !== undefined && drawValue("What is asked", asked.asks)}${drawValue("What it is called with", asked.args)}`;
    case "plan":
      return html`<h3>The plan, version ${asked.version}</h3>${drawSteps(asked.steps)}`;
    case "guidance":
      return html`<h3>The run cannot go on by itself</h3><p dir="auto">${asked.reason}</p><h4>What failed or is left</h4>${drawSteps(asked.steps)}`;
  }
}

function drawSteps(steps: Extract<Waiting, { kind: "plan" }>["steps"]): Html {
  return html`<ol class="plain">${steps.map(({ id, description, tool, args, dependsOn, ...more }) => {
    const facts = [
      ["for each of", more.forEach],
      ["only if", more.if],
      ["must give", more.expect],
      ["beware of", more.pitfalls],
      ["after", dependsOn?.join(", ")],
    ] as const;
    return html`<li><b><bdi>${id}</bdi></b> <bdi>${description}</bdi> <span class="quiet">${tool ?? more.worker ?? "an agent"}</span>${facts.map(([name, fact]) => fact !== undefined && fact !== "" && html` <span class="quiet">· ${name} <bdi>${fact}</bdi></span>`)}${args !== undefined && drawValue("Input", args)}</li>
`;
  })}</ol>`;
}
