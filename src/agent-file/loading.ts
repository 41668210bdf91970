import type { YamlSource } from "./yaml-source.js";

/** What those know who load the parts of a file. */
export interface Loading {
  readonly source: YamlSource;
  /** The file's folder. Paths in the file are relative to it. */
  readonly folder: string;
  /** What says how the agent works: the file itself, and its modules. */
  readonly files: readonly string[];
  /** The folder of the file tools. */
  readonly root: string | undefined;
  readonly allowHttp: readonly string[];
  readonly timezone: string | undefined;
  readonly warn: (warning: string) => void;
  /** Loads the agent of another file. */
  readonly loadAgent: (path: string) => Promise<unknown>;
}
