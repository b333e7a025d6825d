/**
 * What follows from a resolution: coming in, a link, an account, a case. Each act is one transaction with its audit row;
 * IdentifierTaken and AccountGone pass through, as they mean that somebody was faster. Decides nothing.
 */
import { randomUUID } from 'node:crypto';
import type { AccountRegister } from '../../adapters/account-store/account-store.ts';
import type { CandidateAccount, CandidateMember, Candidates } from '../../adapters/candidates/candidates.ts';
import type { CaseStore } from '../../adapters/case-store/case-store.ts';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type { LinkStore } from '../../adapters/link-store/link-store.ts';
import { sealTold } from '../cases/told.ts';
import type { Events } from '../events/events.ts';
import type { Where } from '../events/recorder.ts';
import type { Locale } from '../http/texts.ts';
import type { Post } from '../letters/post.ts';
import { acrOfUpstream, amrOfUpstream } from '../login/assurance.ts';
import { LINKING_POLICIES } from './linking-policy.ts';
import type { Mismatch } from './resolve.ts';
import type { Proved, Settlement } from './settlement.ts';
import { type Told, toKeep } from './told-person.ts';

export type ActNeeds = {
  readonly database: Database;
  readonly links: Pick<LinkStore, 'link' | 'refresh'>;
  readonly candidates: Pick<Candidates, 'ticketOf'>;
  readonly accounts: Pick<AccountRegister, 'createPasswordless' | 'bindMember'>;
  readonly cases: Pick<CaseStore, 'open' | 'latestOf' | 'move'>;
  readonly cipher: Cipher;
  readonly post: Post;
  readonly clock: Clock;
  readonly events: Pick<
    Events,
    'identityLinked' | 'accountOpened' | 'identityMismatched' | 'memberBound' | 'caseTried'
  >;
};

/** Somebody at the door: what she has proved, what is told of her, where the request came from. */
export type Arrived = { readonly where: Where; readonly proved: Proved; readonly told: Told };

export function acts({
  database,
  links,
  candidates,
  accounts,
  cases,
  cipher,
  post,
  clock,
  events,
}: ActNeeds) {
  const signedIn = ({ proved: { upstream }, told }: Arrived, accountId: string): Settlement => ({
    kind: 'signed-in',
    accountId,
    acr: acrOfUpstream(upstream.kind, told.confirmed),
    amr: amrOfUpstream(upstream.id),
  });

  const bind = async (where: Where, accountId: string, { id, name }: CandidateMember, tx: Queryable) => {
    const ticket = await candidates.ticketOf(id, tx);
    await accounts.bindMember(accountId, { id, ...(ticket !== undefined && { ticket }) }, name, tx);
    await events.memberBound(where, accountId, tx);
  };

  /** Whatever differed once is over: she is in (domain.md §1.9). */
  const endCases = async ({ where, proved }: Arrived, accountId: string): Promise<void> => {
    for (;;) {
      const over = await cases.latestOf('union', proved.identity);
      if (!over) return;
      const { number, state } = over;
      await database.transaction(async (tx) => {
        if (!(await cases.move(number, [state], 'retry_ok', tx, { accountId }))) return;
        await events.caseTried(where, accountId, { number, outcome: 'retry_ok' }, tx);
      });
    }
  };

  return {
    async comeIn(arrived: Arrived, accountId: string): Promise<Settlement> {
      await links.refresh(arrived.proved.identity, toKeep(arrived.told));
      return signedIn(arrived, accountId);
    },

    /** `member`: the account becomes hers. */
    async link(
      arrived: Arrived,
      { account, member }: { readonly account: CandidateAccount; readonly member?: CandidateMember },
      ground: 'register' | 'proof',
    ): Promise<Settlement> {
      const { where, told } = arrived;
      const { identity, upstream } = arrived.proved;
      await database.transaction(async (tx) => {
        if (member) await bind(where, account.id, member, tx);
        if (!(await links.link(account.id, upstream.id, identity, toKeep(told), tx))) return;
        await events.identityLinked(where, account.id, { upstream: upstream.id, ground }, tx);
        if (account.emailKey === undefined) return;
        const facts = { at: clock.now(), network: where.network, way: upstream.name[account.locale] };
        await post.send({ template: 'way-added', to: { accountId: account.id }, facts }, tx);
      });
      await endCases(arrived, account.id);
      return signedIn(arrived, account.id);
    },

    async openAccount(
      arrived: Arrived,
      { locale, member }: { readonly locale: Locale; readonly member?: CandidateMember },
    ): Promise<Settlement> {
      const { where, told } = arrived;
      const { identity, upstream } = arrived.proved;
      const { name } = told;
      const email = LINKING_POLICIES[upstream.kind].email === 'given' ? told.email : undefined;
      const id = randomUUID();
      await database.transaction(async (tx) => {
        await accounts.createPasswordless({ id, locale, ...(name && { name }), ...(email && { email }) }, tx);
        await events.accountOpened(where, id, upstream.id, tx);
        if (member) await bind(where, id, member, tx);
        await links.link(id, upstream.id, identity, toKeep(told), tx);
        await events.identityLinked(where, id, { upstream: upstream.id, ground: 'new_account' }, tx);
      });
      await endCases(arrived, id);
      return signedIn(arrived, id);
    },

    openCase(
      { where, proved, told }: Arrived,
      { kinds, accountId, memberId }: Mismatch,
    ): Promise<Settlement> {
      const { identity, upstream, clientId } = proved;
      return database.transaction(async (tx) => {
        const { number } = await cases.open(
          {
            ...{ side: 'union', upstream: upstream.id, kinds, clientId },
            key: { issuer: identity.issuer, subject: identity.subject },
            ...(accountId !== undefined && { accountId }),
            ...(memberId !== undefined && { memberId }),
            told: sealTold(cipher, toKeep(told)),
          },
          tx,
        );
        await events.identityMismatched(where, { upstream: upstream.id, number, kinds }, accountId, tx);
        return { kind: 'case', opened: { number, kinds } };
      });
    },
  };
}
