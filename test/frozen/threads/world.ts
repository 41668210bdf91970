import { z } from "zod";
import { createNoting } from "../noting-tools.js";

/** One tool call, as the world's journal records it. */
export const callSchema = z.object({
  tool: z.string(),
  args: z.record(z.string(), z.unknown()),
  /** The key by which a tool can recognize a repeated call. */
  key: z.string(),
});

export type Call = z.infer<typeof callSchema>;

/** What the tools of the frozen threads act on. */
export interface World {
  /** Notes a call before the tool does anything. */
  readonly note: (call: Call) => void;
  /** What happens in a call of `work` whose name is "slow": it ends like any other, or the process dies in it. */
  readonly onSlow: "ends" | "dies";
  /** Whether the post and the closing model are out of order. */
  readonly isBroken: boolean;
}

/** Lines of text that are the same every time, and too many to be kept inside a checkpoint. */
export function reportOf(lines: number): string {
  return Array.from({ length: lines }, (_, line) => `line ${line}: ${(line * 7919) % 1000}`).join("\n");
}

/** The tools. Each call of them is noted. */
export function createTools({ note, onSlow, isBroken }: World) {
  const noting = createNoting(note);
  return [
    noting("work", z.object({ name: z.string() }), ({ name }) => {
      if (name !== "slow" || onSlow === "ends") {
        return `${name} done`;
      }
      process.kill(process.pid, "SIGKILL");
      return new Promise<never>(() => {});
    }),
    noting("list", z.object({}), () => ["x", "y"]),
    noting("report", z.object({ lines: z.number() }), ({ lines }) => reportOf(Number(lines))),
    noting("charge", z.object({ who: z.string(), amount: z.number() }), ({ who, amount }) => {
      return `charged ${String(who).length > 20 ? "a long name" : who} ${amount}`;
    }),
    noting("send", z.object({ what: z.string() }), ({ what }) => {
      if (isBroken) {
        throw new TypeError("no post today");
      }
      return `sent ${what}`;
    }),
  ];
}
