// Owns: folders that are made on a disk.
// Gives: `makeFolder`.
// Does not touch: what is written into them.
export { makeFolder, PRIVATE_FOLDER } from "./make-folder.js";
