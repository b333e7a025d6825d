/**
 * From a proved identity to a settlement: gather → resolve → act. Who loses a race looks again and finds what the winner
 * has done.
 */
import { AccountGone, IdentifierTaken } from '../../adapters/account-store/account-store.ts';
import type { Candidates, Clues } from '../../adapters/candidates/candidates.ts';
import type { LinkStore } from '../../adapters/link-store/link-store.ts';
import type { Where } from '../events/recorder.ts';
import { DEFAULT_LOCALE, type Locale } from '../http/texts.ts';
import { type ActNeeds, type Arrived, acts } from './acts.ts';
import { LINKING_POLICIES } from './linking-policy.ts';
import { type Known, resolve, resolveProved } from './resolve.ts';
import type { Proved, Settlement, Settling } from './settlement.ts';
import { toldBy } from './told-person.ts';

/** Every race has its winner; whoever has lost this often is not racing. */
const MOST_LOOKS = 4;

export type SettleNeeds = ActNeeds & {
  readonly links: LinkStore;
  readonly candidates: Candidates;
  readonly snilsDigest: (snils: string) => Buffer;
};

export function settling(needs: SettleNeeds): Settling {
  const { links, candidates, snilsDigest } = needs;
  const act = acts(needs);

  const arrival = (where: Where, proved: Proved): Arrived => ({
    where,
    proved,
    told: toldBy(proved.identity),
  });
  const cluesOf = ({ proved: { identity }, told: { snils, birthdate, email } }: Arrived): Clues => ({
    issuer: identity.issuer,
    ...(snils !== undefined && { snils: snilsDigest(snils) }),
    ...(birthdate !== undefined && { birthdate }),
    ...(email && { emailKey: email.key }),
  });
  const gather = async (arrived: Arrived): Promise<Known> => {
    const { identity } = arrived.proved;
    const owner = await links.ownerOf(identity);
    if (owner) return { owner, candidates: [] };
    const found = await candidates.find(cluesOf(arrived));
    // Linked while we were asking: what was found may show that very link.
    const linked = await links.ownerOf(identity);
    return linked ? { owner: linked, candidates: [] } : { candidates: found };
  };

  /** `locale`: she has asked for an account, which settles it where nothing else does. */
  const settleFor = async (arrived: Arrived, locale?: Locale): Promise<Settlement> => {
    const policy = LINKING_POLICIES[arrived.proved.upstream.kind];
    const resolution = resolve(arrived.told, await gather(arrived), policy);
    switch (resolution.kind) {
      case 'sign-in':
        return act.comeIn(arrived, resolution.accountId);
      case 'link':
        // A door she has closed herself opens by itself no more: whoever holds her account there may not be she.
        return (await links.wasUnlinked(resolution.account.id, arrived.proved.identity))
          ? { kind: 'prove', mailedCode: false, mayCreate: false }
          : act.link(arrived, resolution, 'register');
      case 'register':
        return act.openAccount(arrived, { locale: locale ?? DEFAULT_LOCALE, member: resolution.member });
      case 'prove':
        return resolution.mayCreate && locale ? act.openAccount(arrived, { locale }) : resolution;
      case 'case':
        return act.openCase(arrived, resolution);
      case 'refuse':
        return { kind: 'refused', reason: resolution.reason };
    }
  };
  const settleProved = async (arrived: Arrived, accountId: string): Promise<Settlement> => {
    const proved = await candidates.ofAccount(accountId, cluesOf(arrived));
    if (!proved) throw new AccountGone();
    const known = await gather(arrived);
    const policy = LINKING_POLICIES[arrived.proved.upstream.kind];
    const resolution = resolveProved(arrived.told, proved, known, policy);
    if (resolution.kind === 'case') return act.openCase(arrived, resolution);
    if (resolution.kind === 'refuse') return { kind: 'refused', reason: resolution.reason };
    return known.owner ? act.comeIn(arrived, accountId) : act.link(arrived, resolution, 'proof');
  };

  return {
    settle: (where, proved) => untilSettled(() => settleFor(arrival(where, proved))),
    create: (where, proved, locale) => untilSettled(() => settleFor(arrival(where, proved), locale)),
    link: (where, proved, accountId) => untilSettled(() => settleProved(arrival(where, proved), accountId)),
  };
}

/** Somebody was faster, or has just gone: the next look finds out. */
async function untilSettled(look: () => Promise<Settlement>): Promise<Settlement> {
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof IdentifierTaken || error instanceof AccountGone)) throw error;
    }
  }
  return { kind: 'refused', reason: 'account_unavailable' };
}
