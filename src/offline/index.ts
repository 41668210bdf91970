// Owns: the planner without a model: it reads goals in plain phrasings, word by word, for the built-in tools and saved plans.
// Gives: `createOffline`, the four roles as functions.
// Does not touch: models, prompts' texts, the state. What it does not understand it refuses.
export { createOffline, type Offline } from "./create-offline.js";
