import { join } from "node:path";
import type { Requester } from "langgraph-plan-execute";
import { type Workspace, workspaceFor } from "../shared/folders.js";
import { type CopyState, readState } from "./copy-state.js";
import { type ProjectFiles, readProject } from "./project-files.js";
import { copyProject, hashFiles } from "./revisions.js";
import type { Sources } from "./sources.js";
import { openTrail, type Trail } from "./trail.js";
import type { Grounds } from "./verify.js";

const COPY_NAME = /^[\w@][\w@.-]*$/;

/** What the patching tools work with. */
export interface SharedBench {
  readonly sources: Sources;
  readonly workspace: Workspace;
  readonly now: () => Date;
}

/** The same for one requester, whose folder is known. */
export type Workbench = SharedBench & { readonly workspace: string };

/** The workbench of one requester. */
export function benchFor(bench: SharedBench, requester: Pick<Requester, "userId">): Workbench {
  return { ...bench, workspace: workspaceFor(bench.workspace, requester) };
}

/** A copy of a project in the workspace: its states in numbered folders, and the trail that says which one holds. */
export interface ProjectCopy {
  readonly name: string;
  readonly folder: string;
  readonly trail: Trail;
  readonly state: CopyState;
  readonly grounds: Grounds;
}

/** The trail of a copy, whether the copy is there or not. */
export function trailOf({ workspace, now }: Workbench, name: string): Trail {
  if (!COPY_NAME.test(name)) {
    throw new Error(`"${name}" is no name of a copy: take the one that copy_project gave.`);
  }
  return openTrail(join(workspace, name, "trail.jsonl"), now);
}

/** Opens a copy; throws where it is not there. */
export function openCopy(bench: Workbench, name: string): ProjectCopy {
  const trail = trailOf(bench, name);
  const state = readState(trail.entries());
  if (state === undefined) {
    throw new Error(`There is no copy "${name}": take the one that copy_project gave.`);
  }
  const { sources, workspace } = bench;
  const grounds = { advisories: sources.advisories(state.copied.advisoryFile), registry: sources.registry() };
  return { name, folder: join(workspace, name), trail, state, grounds };
}

/** Copies a project, once for a turn. */
export function makeCopy(
  bench: Workbench,
  project: string | undefined,
  advisoryFile: string,
  turn: string,
): ProjectCopy {
  const { sources } = bench;
  const source = sources.findProject(project);
  const name = copyName(bench, source.name, turn);
  const trail = trailOf(bench, name);
  if (readState(trail.entries()) === undefined) {
    readProject(source.folder);
    const folder = revisionFolder({ folder: join(bench.workspace, name) }, 0);
    copyProject(source.folder, folder);
    trail.record("copied", {
      kind: "copied",
      project: source.name,
      turn,
      advisoryFile,
      sources: sources.hashes(advisoryFile),
      hashes: hashFiles(folder),
    });
  }
  return openCopy(bench, name);
}

/** The beginning of the turn's id is enough, unless another turn has the same. */
function copyName(bench: Workbench, project: string, turn: string): string {
  const short = `${project}-${turn.slice(0, 8)}`;
  const state = readState(trailOf(bench, short).entries());
  return state === undefined || state.copied.turn === turn ? short : `${project}-${turn}`;
}

/** The folder of one state of a copy. */
export function revisionFolder({ folder }: Pick<ProjectCopy, "folder">, revision: number): string {
  return join(folder, "revisions", String(revision));
}

/** The package.json and lock file of one state. */
export function readRevision(copy: Pick<ProjectCopy, "folder">, revision: number): ProjectFiles {
  return readProject(revisionFolder(copy, revision));
}
