import type { ApprovalRule } from "langgraph-plan-execute";
import { z } from "zod";
import { changesOf, isBreaking, type Patch, patchSchema } from "./patch.js";
import { benchFor, openCopy, type SharedBench, type Workbench } from "./workbench.js";

const argumentsSchema = z.object({ copy: z.string(), ...patchSchema.shape });

/** Each patch waits for a person, who may choose another version; what it changes and what it mends is said in words. */
export function approvePatches(bench: SharedBench): ApprovalRule {
  return {
    description: (args, requester) => {
      const { copy, ...patch } = argumentsSchema.parse({ together: [], ...args });
      return `Patch the copy: ${describeChanges(patch)}. It mends ${describeAdvisories(benchFor(bench, requester), copy, patch)}.`;
    },
  };
}

function describeChanges(patch: Patch): string {
  const changes = changesOf(patch).map((change) => {
    const breaking = isBreaking(change) ? " (another major version: it may break what uses it)" : "";
    return `${change.package} ${change.from} → ${change.to}${breaking}`;
  });
  return changes.join(", together with ");
}

function describeAdvisories(bench: Workbench, copy: string, { resolves }: Patch): string {
  const { advisories } = openCopy(bench, copy).grounds;
  const named = resolves.map((id) => {
    const advisory = advisories.find((known) => known.id === id);
    return advisory === undefined ? id : `${id} (${advisory.severity}: ${advisory.title})`;
  });
  return named.join(", ");
}
