/** How an operator writes down a host that clients may have inside her own network. */
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { OpenedHost } from '../adapters/outward/outward.ts';

const HTTPS_PORT = 443;
const HOST = /^(?<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(?<port>\d{1,5}))?$/i;
const EXPECTED = 'must be host, host:port or a CIDR range such as 10.1.0.0/16';

export const openedHost = z.string().transform((value, context): OpenedHost => {
  const { host, port } = HOST.exec(value)?.groups ?? {};
  if (host !== undefined && Number(port ?? HTTPS_PORT) <= 65_535) {
    return { host: host.toLowerCase().replace(/^\[|\]$/g, ''), port: Number(port ?? HTTPS_PORT) };
  }
  const [, bits] = ipaddr.isValidCIDR(value) ? ipaddr.parseCIDR(value) : [];
  // «Everything» would open the gateway's own network to every client.
  if (bits !== undefined && bits > 0) return { network: value };
  context.issues.push({ code: 'custom', message: EXPECTED, input: value });
  return z.NEVER;
});
