/**
 * Adding and removing what an account is protected by. Each change is one transaction with its event and its letter;
 * nothing is removed that she could not come in without.
 */
import type { AccountDoors } from '../../adapters/account-doors/account-doors.ts';
import type { Account } from '../../adapters/account-store/account-store.ts';
import type {
  CodeApps,
  NewPasskey,
  Passkeys,
  Protections,
  RecoveryCodes,
} from '../../adapters/authenticators/authenticators.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import { isOpenWithoutPasskey } from '../cabinet/ways.ts';
import type { Events } from '../events/events.ts';
import type { DeviceKind, FactorKind } from '../events/protection.ts';
import type { RequestOrigin } from '../http/request-origin.ts';
import { type ProblemCode, translator } from '../http/texts.ts';
import type { Post } from '../letters/post.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import { outlivesLoss } from './outlives-loss.ts';
import { freshRecoveryCodes } from './recovery-codes.ts';

const AT_MOST = 10;
const LONGEST_NAME = 60;

export type ChangeFactorNeeds = {
  readonly database: Database;
  readonly codeApps: CodeApps;
  readonly passkeys: Passkeys;
  readonly recoveryCodes: RecoveryCodes;
  readonly protections: Protections;
  readonly doors: Pick<AccountDoors, 'lock'>;
  readonly upstreams: Pick<Upstreams, 'offers'>;
  readonly post: Post;
  readonly clock: Clock;
  readonly events: Events;
};

/** As she typed it, without what nobody sees. */
export function readName(typed: string): { readonly name: string } | { readonly fault: ProblemCode } {
  const name = typed.normalize('NFC').replace(/\s+/g, ' ').trim();
  if (name === '') return { fault: 'factor_name_missing' };
  return [...name].length > LONGEST_NAME ? { fault: 'factor_name_long' } : { name };
}

export function addCodeApp(
  needs: ChangeFactorNeeds,
  account: Account,
  origin: RequestOrigin,
  app: { readonly name: string; readonly secret: string; readonly step: number },
): Promise<ProblemCode | undefined> {
  return add(needs, account, origin, { kind: 'code_app', name: app.name }, async (tx) => {
    await needs.codeApps.add({ accountId: account.id, ...app }, tx);
    return undefined;
  });
}

export function addPasskey(
  needs: ChangeFactorNeeds,
  account: Account,
  origin: RequestOrigin,
  passkey: NewPasskey,
): Promise<ProblemCode | undefined> {
  return add(needs, account, origin, { kind: 'passkey', name: passkey.name }, async (tx) =>
    (await needs.passkeys.add(passkey, tx)) ? undefined : 'passkey_taken',
  );
}

function add(
  needs: ChangeFactorNeeds,
  account: Account,
  origin: RequestOrigin,
  { kind, name }: { readonly kind: DeviceKind; readonly name: string },
  write: (tx: Queryable) => Promise<ProblemCode | undefined>,
): Promise<ProblemCode | undefined> {
  const { database, doors, protections, events } = needs;
  return database.transaction(async (tx) => {
    await doors.lock(account.id, tx);
    const held = await protections.of(account.id, tx);
    if ((kind === 'passkey' ? held.passkeys : held.codeApps) >= AT_MOST) return 'too_many_factors';
    const problem = await write(tx);
    if (problem) return problem;
    await protections.stopMailCounting(account.id, tx);
    await events.factorAdded(origin, account.id, kind, tx);
    await tell(needs, 'factor-added', account, origin, { kind, name }, tx);
    return undefined;
  });
}

/** The codes, to be shown once; the former ones are void. */
export function makeRecoveryCodes(
  needs: ChangeFactorNeeds,
  account: Account,
  origin: RequestOrigin,
): Promise<readonly string[]> {
  const codes = freshRecoveryCodes();
  return needs.database.transaction(async (tx) => {
    // Made twice at once, the second ones would not see the first, and both would be good.
    await needs.doors.lock(account.id, tx);
    await needs.recoveryCodes.replace(account.id, codes, tx);
    await needs.protections.stopMailCounting(account.id, tx);
    await needs.events.factorAdded(origin, account.id, 'recovery_codes', tx);
    await tell(needs, 'factor-added', account, origin, { kind: 'recovery_codes', name: '' }, tx);
    return codes;
  });
}

/** Undefined when it is gone; asked for twice, it is gone, too. */
export function removeFactor(
  needs: ChangeFactorNeeds,
  account: Account,
  origin: RequestOrigin,
  { kind, id, name }: { readonly kind: DeviceKind; readonly id: string; readonly name: string },
): Promise<ProblemCode | undefined> {
  const { database, doors, protections, upstreams, events } = needs;
  const store = kind === 'passkey' ? needs.passkeys : needs.codeApps;
  return database.transaction(async (tx) => {
    const open = await doors.lock(account.id, tx);
    const { alwaysAsked, codeApps, passkeys } = await protections.of(account.id, tx);
    if (alwaysAsked && codeApps + passkeys === 1) return 'factor_last';
    const isLastKey = kind === 'passkey' && passkeys === 1;
    if (isLastKey && !isOpenWithoutPasskey(open, upstreams.offers())) return 'factor_last_way';
    if (!(await store.remove(account.id, id, tx))) return undefined;
    await events.factorRemoved(origin, account.id, kind, tx);
    await tell(needs, 'factor-removed', account, origin, { kind, name }, tx);
    return undefined;
  });
}

/** Undefined when it is so; `always_needs_more` while the loss of one thing would shut her out. */
export function askAlways(
  { database, doors, protections, post, clock, events }: ChangeFactorNeeds,
  account: Account,
  origin: RequestOrigin,
  wanted: boolean,
): Promise<ProblemCode | undefined> {
  return database.transaction(async (tx) => {
    await doors.lock(account.id, tx);
    if (wanted && !outlivesLoss(await protections.of(account.id, tx))) return 'always_needs_more';
    if (!(await protections.askAlways(account.id, wanted, tx))) return undefined;
    await events.secondProofDemanded(origin, account.id, wanted, tx);
    if (account.verifiedEmail !== undefined) {
      const template = wanted ? 'second-proof-on' : 'second-proof-off';
      const facts = { at: clock.now(), network: origin.network };
      await post.send({ template, to: { accountId: account.id }, facts }, tx);
    }
    return undefined;
  });
}

async function tell(
  { post, clock }: ChangeFactorNeeds,
  template: 'factor-added' | 'factor-removed',
  { id, verifiedEmail, locale }: Account,
  { network }: RequestOrigin,
  { kind, name }: { readonly kind: FactorKind; readonly name: string },
  tx: Queryable,
): Promise<void> {
  if (verifiedEmail === undefined) return;
  const key = kind === 'recovery_codes' ? 'recovery' : `kind.${kind}`;
  const what = translator(locale)(`cabinet.protection.${key}`, { name });
  await post.send({ template, to: { accountId: id }, facts: { at: clock.now(), network, what } }, tx);
}
