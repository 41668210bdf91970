/** The architectures that the chart shows, ours first. The table has all of them. */
export const series = [
  "ours",
  "LLMCompiler-like, streamed",
  "createAgent, parallel",
  "createAgent, one call",
  "tutorial",
] as const;

const SIZE = 5;

/** The mark of an architecture. Form and colour both tell marks apart. */
export function markOf(index: number, x: number, y: number): string {
  const [at, a, b] = [`class="s${index}"`, SIZE, SIZE * 0.9];
  switch (index) {
    case 0:
      return `<circle ${at} cx="${fixed(x)}" cy="${y}" r="${a + 1}"/>`;
    case 1:
      return `<path ${at} d="M${fixed(x)} ${y - a - 1}l${a + 1} ${a + 1}l${-a - 1} ${a + 1}l${-a - 1} ${-a - 1}z"/>`;
    case 2:
      return `<rect ${at} x="${fixed(x - b)}" y="${y - b}" width="${b * 2}" height="${b * 2}"/>`;
    case 3:
      return `<path ${at} d="M${fixed(x)} ${y - a}l${a} ${a * 1.8}h${-a * 2}z"/>`;
    default:
      return `<path ${at} d="M${fixed(x - b)} ${y - b}l${b * 2} ${b * 2}m0 ${-b * 2}l${-b * 2} ${b * 2}"/>`;
  }
}

function fixed(value: number): string {
  return value.toFixed(1);
}

const light = ["#0b62d6", "#b25a00", "#2b7a3a", "#7a3fb0", "#c0282d"];
const dark = ["#6cb0ff", "#ffb054", "#6fd388", "#cfa3ff", "#ff7b7f"];

function colours(palette: readonly string[]): string {
  return palette
    .map((colour, index) =>
      index < palette.length - 1
        ? `.s${index}{fill:${colour}}`
        : `.s${index}{fill:none;stroke:${colour};stroke-width:2.5}`,
    )
    .join("");
}

/** The chart's colours for light and for dark pages. */
export const styles = [
  "text{font:13px system-ui,-apple-system,'Segoe UI',sans-serif;fill:#1f2328}",
  ".title{font-weight:600}.tick{font-size:12px;fill:#57606a}",
  ".ground{fill:#ffffff}.grid{stroke:#d5dae0;stroke-width:1}.bound{stroke:#57606a;stroke-width:1.5;stroke-dasharray:4 3}",
  colours(light),
  "@media (prefers-color-scheme:dark){",
  "text{fill:#e6edf3}.tick{fill:#a5afba}.ground{fill:#0d1117}.grid{stroke:#30363d}.bound{stroke:#a5afba}",
  colours(dark),
  "}",
].join("");
