import type { Architecture } from "./architecture.js";
import { createCompiler } from "./compiler.js";
import { createOurs } from "./ours.js";
import { createReact } from "./react.js";
import { createTutorial } from "./tutorial.js";

export type { Architecture } from "./architecture.js";

/** All architectures that are compared, ours first. */
export const architectures: readonly Architecture[] = [
  createOurs({ name: "ours", models: "large", actEarly: true }),
  createOurs({ name: "ours, plan whole", models: "large", actEarly: false }),
  createOurs({ name: "ours, saved plan", models: "large", actEarly: true, isSaved: true }),
  createReact("createAgent, one call", "large", false),
  createReact("createAgent, parallel", "large", true),
  createCompiler("LLMCompiler-like, waves", "large", false),
  createCompiler("LLMCompiler-like, streamed", "large", true),
  createTutorial("tutorial", "large", "large"),
  createTutorial("tutorial, small executor", "large", "small"),
  createOurs({ name: "ours", models: "small", actEarly: true }),
  createOurs({ name: "ours, plan whole", models: "small", actEarly: false }),
  createOurs({ name: "ours, saved plan", models: "small", actEarly: true, isSaved: true }),
  createReact("createAgent, one call", "small", false),
  createReact("createAgent, parallel", "small", true),
  createCompiler("LLMCompiler-like, waves", "small", false),
  createCompiler("LLMCompiler-like, streamed", "small", true),
  createTutorial("tutorial", "small", "small"),
];
