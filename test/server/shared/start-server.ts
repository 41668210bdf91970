// One server for all files of this folder: it takes longer to start than most of them take.
import type { TestProject } from "vitest/node";
import { startDevServer } from "../dev-server.js";

declare module "vitest" {
  interface ProvidedContext {
    readonly devServer: { readonly url: string; readonly files: string };
  }
}

/** Vitest calls it before the files, and what it returns after them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, files, stop } = await startDevServer();
  project.provide("devServer", { url, files });
  return stop;
}
