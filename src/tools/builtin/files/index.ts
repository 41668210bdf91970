// Owns: access to one folder that tools may read and write, the root.
// Gives: `createFileRoot` and the file tools.
// Does not touch: anything outside the root, hidden files, and links that lead out of it.
export { createFileRoot, type FileRoot, type RootFolder } from "./file-root.js";
export {
  createFileTools,
  createListFilesTool,
  createReadFileTool,
  createReplaceCheck,
  createWriteFileTool,
} from "./file-tools.js";
