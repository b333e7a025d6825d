/**
 * Which addresses may be reached: a table of what is public, and what the operator has opened beside it. Knows no
 * sockets, and looks nothing up.
 */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { type OpenedHost, OutwardFault } from './outward.ts';

const HTTPS_PORT = 443;
/** All that has been given out of IPv6 so far; whatever lies beside it only looks like an address. */
const GLOBAL_V6 = ipaddr.IPv6.parseCIDR('2000::/3');

export type Destination = {
  /** As it is looked up: without brackets. */
  readonly host: string;
  /** By the operator or by the sandbox; its name is looked up as the system does. */
  readonly named: boolean;
  admits(address: string): boolean;
};

/** Of a URL; throws OutwardFault when it says enough to be refused. */
export type Permission = (url: URL) => Destination;

export type PermissionOptions = {
  readonly opened: readonly OpenedHost[];
  /** The sandbox alone: this machine by its own names, on any port, also without TLS. */
  readonly loopback: boolean;
};

export function permission({ opened, loopback }: PermissionOptions): Permission {
  const hosts = new Set(opened.flatMap((one) => ('host' in one ? [`${one.host}:${one.port}`] : [])));
  const networks = opened.flatMap((one) => ('network' in one ? [ipaddr.parseCIDR(one.network)] : []));
  const inNetworks = (address: Address) =>
    networks.some(
      ([base, bits]) =>
        base.kind() === address.kind() && address.match([base, bits] as [ipaddr.IPv4, number]),
    );

  return ({ protocol, username, password, hostname, port }) => {
    if (username !== '' || password !== '') throw new OutwardFault('not_allowed');
    const host = hostname.replace(/^\[|\]$/g, '');
    if (loopback && isThisMachine(host)) {
      if (!/^https?:$/.test(protocol)) throw new OutwardFault('not_allowed');
      return { host, named: true, admits: (address) => ipaddr.parse(address).range() === 'loopback' };
    }
    if (protocol !== 'https:') throw new OutwardFault('not_allowed');
    const number = port === '' ? HTTPS_PORT : Number(port);
    if (hosts.has(`${host}:${number}`)) return { host, named: true, admits: mayBePrivate };
    if (number !== HTTPS_PORT) throw new OutwardFault('not_allowed');
    return {
      host,
      named: false,
      admits: (address) => isPublic(ipaddr.parse(address)) || inNetworks(ipaddr.parse(address)),
    };
  };
}

type Address = ReturnType<typeof ipaddr.parse>;

function isThisMachine(host: string): boolean {
  return host === 'localhost' || (isIP(host) !== 0 && ipaddr.parse(host).range() === 'loopback');
}

/**
 * RFC 6890. IPv4 within IPv6 (mapped, 6to4, Teredo, NAT64) has ranges of its own and is none: nobody publishes such an
 * address, and behind it may be any other.
 */
function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || (address as ipaddr.IPv6).match(GLOBAL_V6);
}

/** Even an opened name never leads to the metadata service of a cloud (169.254.169.254), nor to a group. */
const NOBODYS = new Set(['unspecified', 'broadcast', 'multicast', 'linkLocal', 'reserved', 'ipv4Mapped']);

function mayBePrivate(address: string): boolean {
  return !NOBODYS.has(ipaddr.parse(address).range());
}
