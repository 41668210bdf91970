// What the stage `newest` of .ci/run needs beside the shell; it works on the copy of the checkout that it is started in.
import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";

const MANIFESTS = ["package.json", "sqlite/package.json"];
const GROUPS = ["dependencies", "devDependencies", "optionalDependencies"];

const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const isUpstream = (name) => name === "langchain" || name.startsWith("@langchain/");

/** Has package.json ask for the newest of each package of LangChain's. */
function ask() {
  for (const file of MANIFESTS) {
    const manifest = read(file);
    for (const group of GROUPS) {
      for (const name of Object.keys(manifest[group] ?? {}).filter(isUpstream)) {
        manifest[group][name] = "latest";
      }
    }
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  }
}

/** Says what was installed, what of it is for another Node, and whether anything is new. */
function versions(log) {
  const text = readFileSync(log, "utf8");
  for (const [, name, node] of text.matchAll(/package: '([^']+)',\n[^\n]*required: \{ node: '([^']+)'/g)) {
    console.log(`  ${name} is for Node ${node}`);
  }
  const manifests = MANIFESTS.flatMap((file) => GROUPS.map((group) => read(file)[group] ?? {}));
  const names = new Set(manifests.flatMap(Object.keys).filter(isUpstream));
  const ours = process.env.NEWEST_OURS;
  const newer = [...names].sort().filter((name) => {
    const was = read(`${ours}/node_modules/${name}/package.json`).version;
    const { version } = read(`node_modules/${name}/package.json`);
    console.log(`  ${name} ${was === version ? version : `${was} -> ${version}`}`);
    return was !== version;
  });
  console.log(
    newer.length === 0 ? "nothing is newer than what all else was tested with" : `${newer.length} newer`,
  );
  return newer.length > 0;
}

/** Says how many tests passed, and of those that did not, which, and what they say breaks. */
function tests(file) {
  const { numPassedTests, numFailedTests, testResults } = read(file);
  const failed = testResults.flatMap(({ name, message, assertionResults }) => {
    const found = assertionResults.filter(({ status }) => status === "failed");
    const said = found.map(
      ({ fullName, failureMessages: [why = ""] }) => `${fullName}: ${why.split("\n")[0]}`,
    );
    // A file that cannot even be loaded has no tests.
    return message !== "" && found.length === 0 ? [`${relative("", name)}: ${message.split("\n")[0]}`] : said;
  });
  console.log(`${numPassedTests} passed, ${numFailedTests} failed`);
  if (failed.length > 0) {
    console.log(`!! newest: ${failed.length} did not hold`);
  }
  for (const one of failed.slice(0, 20)) {
    console.log(`  ${one.slice(0, 400)}`);
  }
}

const [what, file] = process.argv.slice(2);
if (what === "ask") {
  ask();
} else if (what === "versions") {
  process.exitCode = versions(file) ? 0 : 1;
} else {
  tests(file);
}
