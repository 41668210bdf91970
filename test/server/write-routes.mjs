// Loaded into the server before its own code: writes down, in the file that ROUTES names, which routes it serves.
import { writeFileSync } from "node:fs";
import { Hono } from "hono";

const { ROUTES = "" } = process.env;
const { route } = Hono.prototype;
Hono.prototype.route = function (...given) {
  const routed = route.apply(this, given);
  writeFileSync(ROUTES, JSON.stringify(this.routes.map(({ method, path }) => ({ method, path }))));
  return routed;
};
