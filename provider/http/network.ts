/** Networks instead of addresses: enough to recognise a place, too little to follow a person. */
import { isIPv6 } from 'node:net';

/** IPv4 /24 and IPv6 /48, as `203.0.113.0/24`. */
export function networkOf(address: string): string {
  const { groups, v4 } = parse(address);
  return v4 ? `${v4.slice(0, 3).join('.')}.0/24` : `${groups.slice(0, 3).join(':')}::/48`;
}

/** What one household or school shares: the IPv4 address, or the IPv6 /64. Spellings of one address agree. */
export function sourceOf(address: string): string {
  const { groups, v4 } = parse(address);
  return v4 ? v4.join('.') : `${groups.slice(0, 4).join(':')}::/64`;
}

function parse(address: string): { groups: string[]; v4?: string[] } {
  const mapped = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1];
  if (mapped) return { groups: [], v4: mapped.split('.') };
  if (!isIPv6(address)) return { groups: ['unknown', '', '', ''] };
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right];
  return { groups: groups.map((group) => Number.parseInt(group, 16).toString(16)) };
}
