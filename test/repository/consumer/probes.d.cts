export function createProbes(load: (name: string) => unknown): Record<string, () => unknown>;
