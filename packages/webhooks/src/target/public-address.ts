import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * Whether an address is of the public internet, so that reaching it reaches nothing that only we could reach. IPv4 is
 * public unless a registry says otherwise; IPv6 is not, unless it is global unicast. Addresses that carry an IPv4 address
 * are judged by that one.
 *
 * The registries: IANA's special-purpose addresses for IPv4 (RFC 6890 and later) and IPv6.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special4.check(address, 'ipv4');
  if (!isIPv6(address)) return false;
  // With a zone it is link-local, or nobody means anything good.
  if (address.includes('%')) return false;
  const words = wordsOf(address);
  const carried = carriedAddress(words);
  if (carried !== null) return isPublicAddress(carried);
  return globalUnicast.check(address, 'ipv6') && !special6.check(address, 'ipv6');
}

const special4 = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  special4.addSubnet(network, prefix, 'ipv4');

const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

const special6 = new BlockList();
for (const [network, prefix] of [
  // Protocol assignments, Teredo among them.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const)
  special6.addSubnet(network, prefix, 'ipv6');

/** The IPv4 address for which a mapped, NAT64 or 6to4 address stands. */
function carriedAddress(words: readonly number[]): string | null {
  const startsWith = (...prefix: readonly number[]): boolean =>
    prefix.every((word, index) => words[index] === word);
  if (startsWith(0, 0, 0, 0, 0, 0xffff)) return dotted(words[6], words[7]);
  if (startsWith(0x64, 0xff9b, 0, 0, 0, 0)) return dotted(words[6], words[7]);
  if (startsWith(0x2002)) return dotted(words[1], words[2]);
  return null;
}

const dotted = (high = 0, low = 0): string => [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');

/** The eight words of an address; the URL parser writes it in its one canonical form, without a dotted end. */
function wordsOf(address: string): number[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const first = wordsIn(head);
  const last = wordsIn(tail ?? '');
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last];
}

const wordsIn = (text: string): number[] =>
  text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16));
