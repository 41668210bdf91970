import { BlockList, isIPv4, isIPv6 } from "node:net";

const IPV4_RANGES: readonly (readonly [network: string, prefix: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];
/** IPv6 beside the addresses of the open internet, 2000::/3, and ranges in there that wrap an IPv4 address. */
const IPV6_RANGES: readonly (readonly [network: string, prefix: number])[] = [
  ["::", 3],
  ["4000::", 2],
  ["8000::", 1],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
];

function blockList(ranges: readonly (readonly [string, number])[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, family);
  return list;
}

/** Whether an IP address is not one of the open internet: private, loopback, link-local, reserved, or no address. */
export function isPrivateAddress(address: string): boolean {
  // Two lists: one of both kinds takes each IPv4 address for its form in IPv6, which is in "::/3".
  if (isIPv4(address)) return blockList(IPV4_RANGES, "ipv4").check(address, "ipv4");
  return !isIPv6(address) || blockList(IPV6_RANGES, "ipv6").check(address, "ipv6");
}
