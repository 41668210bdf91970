/** Stands for a file: the agent is what OPEA's variables in the environment say. */
export const FROM_ENVIRONMENT = "env:";

/** Whether a name is that of an agent's file. */
export function isAgentFile(named: string): boolean {
  return named === FROM_ENVIRONMENT || /^\S+\.(?:ya?ml|json)$/i.test(named);
}
