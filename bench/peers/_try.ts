import { architectures } from "./architectures/index.js";
import { boundOf } from "./bound.js";
import { startServer } from "./model/start-server.js";
import { runOne } from "./run-one.js";
import { works } from "./works/index.js";

const scale = Number(process.argv[2] ?? "0.2");
const server = await startServer(scale);
let n = 0;
for (const work of works.filter((w) => !process.argv[3] || w.name === process.argv[3]))
  for (const a of architectures) {
    try {
      const m = await runOne(a, work, server, scale, String(n++));
      const b = a.family === "plan-execute" ? boundOf(work, m.calls) : 0;
      console.log(
        work.name,
        "|",
        a.name,
        a.models,
        m.seconds.toFixed(2),
        m.calls.length,
        m.calls.reduce((s, c) => s + c.inputTokens, 0),
        m.calls.reduce((s, c) => s + c.outputTokens, 0),
        "$" + m.usdFor1000.toFixed(2),
        m.isRight ? "" : "WRONG " + m.answer,
        b ? (m.seconds / b).toFixed(3) : "",
      );
    } catch (e) {
      console.log(work.name, "|", a.name, a.models, "FAILED", e);
    }
  }
await server.close();
