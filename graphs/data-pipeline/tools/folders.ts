import type { Workspace } from "../../shared/folders.js";

/** Where the tools of the pipeline read and write. */
export interface Folders {
  /** The folder of the sources and the rules. */
  readonly data: string;
  /** The folder of what is staged, loaded and reported. */
  readonly workspace: Workspace;
}
