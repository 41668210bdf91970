import type { ToolRegistry } from "../tools/index.js";
import type { AgentSettings } from "./settings.js";

/** Lets all tools wait that may destroy something, if the options say so. Which these are, only their registries know. */
export function holdDestructive(settings: AgentSettings, registries: readonly ToolRegistry[]): AgentSettings {
  const { approval } = settings;
  if (!approval.holdsDestructive) {
    return settings;
  }
  const names = registries.flatMap((registry) =>
    registry.names.filter((name) => registry.hintsOf(name).destructive),
  );
  return {
    ...settings,
    approval: { ...approval, tools: Object.fromEntries(names.map((name) => [name, true])) },
  };
}
