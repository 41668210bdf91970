const { createPlanExecuteAgent } = require("langgraph-plan-execute");
const { createScripted } = require("./scripted.cjs");

// What a person gives to `plan-execute --graph`.
exports.createGraph = (options) =>
  createPlanExecuteAgent({ ...options, model: createScripted(require, () => "said in pieces") });
