/** Are there numbers for the members who will be put on record next, where the register is kept by ourselves? */
import type { TicketRanges } from '../../../adapters/ticket-ranges/ticket-ranges.ts';
import { type Finding, findings } from './finding.ts';

const FEWEST = 100;
const ADVICE = 'Ask the central office for a range and add it: «union-id tickets range add».';

export async function checkTicketRanges(ranges: Pick<TicketRanges, 'all'>): Promise<readonly Finding[]> {
  const { found, ok, warning } = findings('ticket numbers');
  const all = await ranges.all();
  const free = all.reduce((sum, range) => sum + range.free, 0);
  // Whoever types every number himself needs no ranges.
  if (all.length === 0) ok('no ranges: numbers are typed, or come with the import');
  else if (free < FEWEST) warning(`${free} are left in the ranges`, ADVICE);
  else ok(`${free} are left in the ranges`);
  return found;
}
