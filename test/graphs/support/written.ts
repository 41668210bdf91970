import { plans } from "../../../graphs/support.js";
import { planCall } from "../../support/scripted-model.js";

/** The call of a model that writes the steps of a saved plan. */
export function written(name: string, values: Readonly<Record<string, string | null>>) {
  const plan = plans.find((one) => one.name === name);
  const filled = JSON.stringify(plan?.steps).replace(/"\{\{with\.(\w+)\}\}"/g, (_, key: string) =>
    JSON.stringify(values[key] ?? null),
  );
  return planCall(JSON.parse(filled), plan?.answer);
}
