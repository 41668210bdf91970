import { BuiltinToolError } from "../tool-errors.js";

const HOST_PATTERN = /^(\*|(\*\.)?[a-z0-9.-]+(:\d+)?|\[[0-9a-f:.]+\](:\d+)?)$/;

/** The address as a URL of http or https; throws where it is none, or holds a password. */
export function readUrl(address: string, base?: URL): URL {
  if (!URL.canParse(address, base?.href)) {
    throw refusedAddress(`"${address.slice(0, 200)}" is no address. Write it as https://example.com/page.`);
  }
  const url = new URL(address, base);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw refusedAddress(`"${address.slice(0, 200)}" is neither http nor https.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw refusedAddress(`The address of ${url.host} holds a user name or a password. Leave it out.`);
  }
  return url;
}

/** Whether an entry of the allowed hosts lets this host be asked. */
export function matchesHost(pattern: string, host: string, url: URL): boolean {
  if (pattern === "*" || pattern === host || pattern === url.host || pattern === `[${host}]`) return true;
  if (pattern.startsWith("*.")) return host.endsWith(pattern.slice(1));
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return pattern === `${host}:${port}` || pattern === `[${host}]:${port}`;
}

/** Throws where the allowed hosts hold none, or something that is no host. */
export function assertHosts(allow: readonly string[]): void {
  if (allow.length === 0) {
    throw refusedAddress(
      'http_get needs the hosts that may be asked: allow: ["example.com"], or ["*"] for any.',
    );
  }
  const wrong = allow.find((host) => !HOST_PATTERN.test(host));
  if (wrong === undefined) return;
  throw refusedAddress(
    `"${wrong}" in the hosts of http_get is no host. Write example.com, example.com:8080, *.example.com or *.`,
  );
}

function refusedAddress(message: string): BuiltinToolError {
  return new BuiltinToolError("INVALID_URL", message);
}
