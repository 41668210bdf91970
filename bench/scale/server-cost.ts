import { readdirSync, readFileSync } from "node:fs";

const TICKS_A_SECOND = 100;

interface Stat {
  readonly parent: number;
  /** Seconds of a core: its own, and those of its children that have ended. */
  readonly own: number;
  readonly ended: number;
}

function readStat(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const seconds = (from: number) => (Number(fields[from]) + Number(fields[from + 1])) / TICKS_A_SECOND;
    return { parent: Number(fields[1]), own: seconds(11), ended: seconds(13) };
  } catch {
    return undefined;
  }
}

/** How many seconds of a core a PostgreSQL server has used, by the id of one of its processes. Where there is a /proc. */
export function serverSeconds(pid: number): number {
  const server = readStat(pid)?.parent;
  const all = server === undefined ? [] : readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return all.reduce((sum, name) => {
    const stat = readStat(Number(name));
    if (stat === undefined) {
      return sum;
    }
    const children = stat.parent === server ? stat.own : 0;
    return sum + (Number(name) === server ? stat.own + stat.ended : children);
  }, 0);
}
