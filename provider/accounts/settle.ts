/**
 * From a proved identity to a settlement: gather → resolve → act. Whatever an act changes is one transaction with its
 * audit row; who loses a race looks again and finds what the winner has done.
 */
import { randomUUID } from 'node:crypto';
import {
  AccountGone,
  type AccountRegister,
  IdentifierTaken,
} from '../../adapters/account-store/account-store.ts';
import type {
  CandidateAccount,
  CandidateMember,
  Candidates,
  Clues,
} from '../../adapters/candidates/candidates.ts';
import type { CaseStore } from '../../adapters/case-store/case-store.ts';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type { LinkStore } from '../../adapters/link-store/link-store.ts';
import type { Events } from '../events/events.ts';
import type { Where } from '../events/recorder.ts';
import { DEFAULT_LOCALE, type Locale } from '../http/texts.ts';
import type { Post } from '../letters/post.ts';
import { acrOfUpstream, amrOfUpstream } from '../login/assurance.ts';
import { LINKING_POLICIES } from './linking-policy.ts';
import { type Known, type Mismatch, resolve, resolveProved } from './resolve.ts';
import type { Proved, Settlement, Settling } from './settlement.ts';
import { type Told, toKeep, toldBy } from './told-person.ts';

/** Every race has its winner; whoever has lost this often is not racing. */
const MOST_LOOKS = 4;
/** Of what a case keeps sealed. */
const CASE_TOLD = 'case-told';

export type SettleNeeds = {
  readonly database: Database;
  readonly links: LinkStore;
  readonly candidates: Candidates;
  readonly accounts: Pick<AccountRegister, 'createPasswordless' | 'bindMember'>;
  readonly cases: Pick<CaseStore, 'open'>;
  readonly snilsDigest: (snils: string) => Buffer;
  readonly cipher: Cipher;
  readonly post: Post;
  readonly clock: Clock;
  readonly events: Pick<Events, 'identityLinked' | 'accountOpened' | 'identityMismatched' | 'memberBound'>;
};

export function settling(needs: SettleNeeds): Settling {
  const { database, links, candidates, accounts, cases, cipher, post, clock, events } = needs;

  const cluesOf = ({ identity }: Proved, { snils, birthdate, email }: Told): Clues => ({
    issuer: identity.issuer,
    ...(snils !== undefined && { snils: needs.snilsDigest(snils) }),
    ...(birthdate !== undefined && { birthdate }),
    ...(email && { emailKey: email.key }),
  });
  const gather = async (proved: Proved, told: Told): Promise<Known> => {
    const owner = await links.ownerOf(proved.identity);
    if (owner) return { owner, candidates: [] };
    const found = await candidates.find(cluesOf(proved, told));
    // Linked while we were asking: what was found may show that very link.
    const linked = await links.ownerOf(proved.identity);
    return linked ? { owner: linked, candidates: [] } : { candidates: found };
  };
  const signedIn = ({ upstream }: Proved, told: Told, accountId: string): Settlement => ({
    kind: 'signed-in',
    accountId,
    acr: acrOfUpstream(upstream.kind, told.confirmed),
    amr: amrOfUpstream(upstream.id),
  });

  const comeIn = async (proved: Proved, told: Told, accountId: string): Promise<Settlement> => {
    await links.refresh(proved.identity, toKeep(told));
    return signedIn(proved, told, accountId);
  };
  const linkTo = async (
    where: Where,
    proved: Proved,
    told: Told,
    { account, member }: { readonly account: CandidateAccount; readonly member?: CandidateMember },
    ground: 'register' | 'proof',
  ): Promise<Settlement> => {
    const { identity, upstream } = proved;
    await database.transaction(async (tx) => {
      if (member) await bind(where, account.id, member, tx);
      if (!(await links.link(account.id, upstream.id, identity, toKeep(told), tx))) return;
      await events.identityLinked(where, account.id, { upstream: upstream.id, ground }, tx);
      if (account.emailKey === undefined) return;
      const facts = { at: clock.now(), network: where.network, way: upstream.name[account.locale] };
      await post.send({ template: 'way-added', to: { accountId: account.id }, facts }, tx);
    });
    return signedIn(proved, told, account.id);
  };
  const bind = async (
    where: Where,
    accountId: string,
    member: CandidateMember,
    tx: Queryable,
  ): Promise<void> => {
    const ticket = await candidates.ticketOf(member.id, tx);
    await accounts.bindMember(
      accountId,
      { id: member.id, ...(ticket !== undefined && { ticket }) },
      member.name,
      tx,
    );
    await events.memberBound(where, accountId, tx);
  };
  const openAccount = async (
    where: Where,
    proved: Proved,
    told: Told,
    { locale, member }: { readonly locale: Locale; readonly member?: CandidateMember },
  ): Promise<Settlement> => {
    const { identity, upstream } = proved;
    const id = randomUUID();
    const { email: trust } = LINKING_POLICIES[upstream.kind];
    const email = trust === 'given' && told.confirmed ? told.email : undefined;
    await database.transaction(async (tx) => {
      await accounts.createPasswordless(
        { id, locale, ...(told.name && { name: told.name }), ...(email && { email }) },
        tx,
      );
      await events.accountOpened(where, id, upstream.id, tx);
      if (member) await bind(where, id, member, tx);
      await links.link(id, upstream.id, identity, toKeep(told), tx);
      await events.identityLinked(where, id, { upstream: upstream.id, ground: 'new_account' }, tx);
    });
    return signedIn(proved, told, id);
  };
  const openCase = async (
    where: Where,
    { identity, upstream, clientId }: Proved,
    told: Told,
    { kinds, accountId, memberId }: Mismatch,
  ): Promise<Settlement> =>
    database.transaction(async (tx) => {
      const { number } = await cases.open(
        {
          ...{ side: 'union', upstream: upstream.id, kinds, clientId },
          key: { issuer: identity.issuer, subject: identity.subject },
          ...(accountId !== undefined && { accountId }),
          ...(memberId !== undefined && { memberId }),
          told: cipher.seal(JSON.stringify(toKeep(told)), CASE_TOLD),
        },
        tx,
      );
      await events.identityMismatched(where, { upstream: upstream.id, number, kinds }, accountId, tx);
      return { kind: 'case', opened: { number, kinds } };
    });

  /** `locale`: she has asked for an account, which settles it where nothing else does. */
  const settleFor = async (where: Where, proved: Proved, locale?: Locale): Promise<Settlement> => {
    const told = toldBy(proved.identity);
    const resolution = resolve(told, await gather(proved, told), LINKING_POLICIES[proved.upstream.kind]);
    switch (resolution.kind) {
      case 'sign-in':
        return comeIn(proved, told, resolution.accountId);
      case 'link':
        return linkTo(where, proved, told, resolution, 'register');
      case 'register':
        return openAccount(where, proved, told, {
          locale: locale ?? DEFAULT_LOCALE,
          member: resolution.member,
        });
      case 'prove':
        return resolution.mayCreate && locale ? openAccount(where, proved, told, { locale }) : resolution;
      case 'case':
        return openCase(where, proved, told, resolution);
      case 'refuse':
        return { kind: 'refused', reason: resolution.reason };
    }
  };

  return {
    settle: (where, proved) => untilSettled(() => settleFor(where, proved)),
    create: (where, proved, locale) => untilSettled(() => settleFor(where, proved, locale)),
    link: (where, proved, accountId) =>
      untilSettled(async () => {
        const told = toldBy(proved.identity);
        const account = await candidates.ofAccount(accountId, cluesOf(proved, told));
        if (!account) throw new AccountGone();
        const known = await gather(proved, told);
        const policy = LINKING_POLICIES[proved.upstream.kind];
        const resolution = resolveProved(told, account, known, policy);
        if (resolution.kind === 'case') return openCase(where, proved, told, resolution);
        if (resolution.kind === 'refuse') return { kind: 'refused', reason: resolution.reason };
        if (known.owner) return comeIn(proved, told, accountId);
        return linkTo(where, proved, told, resolution, 'proof');
      }),
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
