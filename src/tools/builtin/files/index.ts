// Owns: a folder that tools may read and write, and nothing outside it.
// Gives: `createFileRoot` and the file tools.
// Does not touch: hidden files, links that lead out, and whatever the root does not hold.
export { createFileRoot, type FileRoot, type RootFolder } from "./file-root.js";
export {
  createFileTools,
  createListFilesTool,
  createReadFileTool,
  createWriteFileTool,
} from "./file-tools.js";
