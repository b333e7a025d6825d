/** A named part of a request's path. */
import { GatewayError } from '../errors.ts';
import type { GatewayContext } from './context.ts';

/** Throws not_found for what no id of ours holds; some of it no database can be asked for. */
export function paramOf(ctx: GatewayContext, name: string): string {
  const value = String((ctx as unknown as { params: Record<string, string> }).params[name]);
  if (!/^[\x20-\x7e]*$/.test(value)) throw new GatewayError('not_found');
  return value;
}
