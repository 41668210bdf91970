/** How grave an advisory is, the least first. */
export const SEVERITIES = ["none", "low", "moderate", "high", "critical"] as const;

/** How grave an advisory is. */
export type Severity = (typeof SEVERITIES)[number];

/** The severity of a CVSS base score, by the scale that CVSS 3 and 4 publish. */
export function severityOfScore(score: number): Severity {
  if (score >= 9) {
    return "critical";
  }
  if (score >= 7) {
    return "high";
  }
  if (score >= 4) {
    return "moderate";
  }
  return score > 0 ? "low" : "none";
}

/** How two severities stand to each other: above zero where the first is graver. */
export function compareSeverity(one: Severity, other: Severity): number {
  return SEVERITIES.indexOf(one) - SEVERITIES.indexOf(other);
}
