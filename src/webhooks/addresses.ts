import { BlockList, isIP, isIPv4 } from 'node:net';

/** IPv4 ranges that are not on the public internet (IANA's registry of special-purpose addresses). */
const NOT_PUBLIC_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Multicast, reserved, and broadcast.
  ['224.0.0.0', 3],
];
/**
 * IPv6 ranges within 2000::/3 that are not public: Teredo and others, documentation, 6to4. Nothing outside 2000::/3 is
 * public.
 */
const NOT_PUBLIC_V6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const notPublic = new BlockList();
for (const [net, prefix] of NOT_PUBLIC_V4) notPublic.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of NOT_PUBLIC_V6) notPublic.addSubnet(net, prefix, 'ipv6');
const unicast = new BlockList();
unicast.addSubnet('2000::', 3, 'ipv6');
/** IPv6 ranges that stand for an IPv4 address in their last 32 bits: mapped, and translated (NAT64). */
const embedding = new BlockList();
embedding.addSubnet('::ffff:0:0', 96, 'ipv6');
embedding.addSubnet('64:ff9b::', 96, 'ipv6');

/** Whether an IP address is on the public internet. Any other address may lead into the operator's own network. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !notPublic.check(address, 'ipv4');
  // An address with a zone is valid only on one link, so it is not public.
  if (family !== 6 || address.includes('%')) return false;
  if (embedding.check(address, 'ipv6')) return isPublicAddress(lastIPv4(address));
  return unicast.check(address, 'ipv6') && !notPublic.check(address, 'ipv6');
}

/** Returns the last 32 bits of an IPv6 address, as IPv4. */
function lastIPv4(address: string): string {
  const dotted = address.slice(address.lastIndexOf(':') + 1);
  if (isIPv4(dotted)) return dotted;
  // URL normalises the address, so the last two groups can be read; `::` may hide either of them.
  const { hostname } = new URL(`http://[${address}]`);
  const [high, low] = groupsOf(hostname.slice(1, -1)).slice(-2) as [number, number];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function groupsOf(address: string): number[] {
  const [before = '', after] = address.split('::');
  const numbers = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => parseInt(group, 16));
  if (after === undefined) return numbers(before);
  const [head, tail] = [numbers(before), numbers(after)];
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}
