import { type Html, html } from "./html.js";
import type { Run } from "./run/index.js";
import { toDollars } from "./words.js";

const ROLES = ["planner", "executor", "replanner", "answer"] as const;

/** Shows what each role used, with a bar for its share of the tokens. */
export function drawUsage({ state: { usage } }: Run): Html {
  if (usage.calls === 0) {
    return html`<p class="quiet">No model was called.</p>`;
  }
  const total = usage.inputTokens + usage.outputTokens;
  const rows = ROLES.filter((role) => usage.byRole[role].calls > 0).map((role) => {
    const count = usage.byRole[role];
    const share = total === 0 ? 0 : ((count.inputTokens + count.outputTokens) / total) * 100;
    return html`<tr><th scope="row">${role}</th>${cellsOf(count)}<td class="share"><svg width="100%" height="8" role="img" aria-label="${Math.round(share)} % of the tokens"><rect class="track" width="100%" height="8" rx="2"/><rect class="running" width="${Math.round(share * 10) / 10}%" height="8" rx="2"/></svg></td></tr>
`;
  });
  return html`<div class="scroll" role="region" aria-label="Usage by role" tabindex="0"><table class="numbers">
<thead><tr><th scope="col">Role</th><th scope="col">Calls</th><th scope="col">Cost</th><th scope="col">Tokens in</th><th scope="col">cached</th><th scope="col">Tokens out</th><th scope="col">reasoning</th><th scope="col" class="share">Share of tokens</th></tr></thead>
<tbody>${rows}</tbody>
<tfoot><tr><th scope="row">all</th>${cellsOf(usage)}<td class="share"></td></tr></tfoot>
</table></div>`;
}

function cellsOf(count: Run["state"]["usage"]["byRole"]["planner"]): Html {
  const calls =
    count.failedCalls === 0 ? String(count.calls) : `${count.calls} (${count.failedCalls} failed)`;
  const numbers = [count.inputTokens, count.cachedInputTokens, count.outputTokens, count.reasoningTokens];
  return html`<td>${calls}</td><td>${toDollars(count.costUsd)}</td>${numbers.map((one) => html`<td>${one.toLocaleString("en-US")}</td>`)}`;
}
