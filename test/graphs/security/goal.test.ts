import { describe, expect, it } from "vitest";
import { readGoal } from "../../../graphs/security/goal.js";

const projects = ["web-shop", "shop", "api.v2"];
const read = (goal: string) => readGoal(goal, projects);

describe("a goal about dependencies", () => {
  it.each([
    ["Audit the dependencies of web-shop and patch what is vulnerable", true],
    ["Fix all vulnerabilities in web-shop", true],
    ["Upgrade the vulnerable packages of web-shop", true],
    ["Which advisories are about web-shop?", false],
    ["Check the packages of web-shop, but do not patch anything", false],
    ["List the npm dependencies of web-shop without changing them", false],
    ["Show the vulnerabilities of web-shop and never upgrade", false],
  ])("%s: whether it asks for patches is %s", (goal, patches) => {
    expect(read(goal)).toMatchObject({ project: "web-shop", patches });
  });

  it.each([
    "Calculate 17*23",
    "Write a poem about the sea",
    "What is the weather in Oslo?",
    "Fix the typo in the readme",
  ])("is not what this is: %s", (goal) => {
    expect(read(goal)).toBeUndefined();
  });

  it.each([
    ["fix vulnerabilities of high severity and above", "high"],
    ["fix vulnerabilities that are moderate or higher", "moderate"],
    ["patch the packages with at least medium severity", "moderate"],
    ["patch only critical vulnerabilities", "critical"],
    ["patch the vulnerabilities, severity high", "high"],
    ["patch the vulnerabilities", undefined],
  ] as const)("%s: the least severity is %s", (goal, minSeverity) => {
    expect(read(goal)?.minSeverity).toBe(minSeverity);
  });

  it.each([
    ["patch the packages, leave out lodash", ["lodash"]],
    ["patch the packages except for `@scope/a`, b-c and d.e", ["@scope/a", "b-c", "d.e"]],
    ["patch the packages, but not qs", ["qs"]],
    ["patch the packages", []],
  ])("%s: %j is left out", (goal, leaveOut) => {
    expect(read(goal)?.leaveOut).toEqual(leaveOut);
  });

  it("names a project as a whole, a file of advisories, a package", () => {
    expect(read("patch the packages of shop")?.project).toBe("shop");
    expect(read("patch the packages of api.v2")?.project).toBe("api.v2");
    expect(read("patch the packages of the project other-one")?.project).toBe("other-one");
    expect(read("patch the packages")?.project).toBeUndefined();
    expect(
      read("match package-lock.json of shop with cves-2026.json, list the vulnerabilities")?.advisories,
    ).toBe("cves-2026.json");
    expect(read("Why is qs among the dependencies of shop?")?.package).toBe("qs");
  });
});
