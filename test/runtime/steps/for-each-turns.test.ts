import { expect, test } from "vitest";
import { byId, echo, plannedAgent } from "../../support/agent-run.js";

test("others in the process have their turn while thousands of instant items are done", async () => {
  const steps = [
    { id: "list", tool: "echo", args: { value: Array.from({ length: 4_000 }, (_, index) => index) } },
    { id: "each", tool: "echo", args: { value: "{{item}}" }, forEach: "{{list}}" },
  ];
  const { agent, eventsOf } = plannedAgent(steps, { tools: [echo], replanner: { maxReplans: 0 } });
  let turns = 0;
  const clock = setInterval(() => {
    const [begun, ended] = [eventsOf("step.started").length, eventsOf("step.ended").length];
    if (begun > 2 && ended < 4_000) {
      turns += 1;
    }
  }, 1);
  const { pastSteps } = await agent.invoke({ input: "go" });
  clearInterval(clock);
  expect(byId(pastSteps).each).toMatchObject({ status: "done", items: 4_000 });
  expect(turns).toBeGreaterThan(3);
});
