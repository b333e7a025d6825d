/**
 * The act of signing (63-ФЗ art. 9): documents are prepared, opened, and signed by a code that went to the signer's
 * confirmed address. Knows neither pages nor what a signature is good for: that is the caller's `effect`.
 */
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { AuditCounts } from '../../adapters/audit-log/audit-log.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type {
  DocumentStore,
  NewDocument,
  Signing,
  SigningPurpose,
  StoredDocument,
} from '../../adapters/document-store/document-store.ts';
import type { OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import type { Events } from '../events/events.ts';
import { CODE_REFUSED, CODE_SENT } from '../events/names.ts';
import type { RequestOrigin } from '../http/context.ts';
import { deviceOf } from '../http/device.ts';
import type { ProblemCode } from '../http/texts.ts';
import type { Post } from '../letters/post.ts';
import { freshCode, typedCode } from '../login/fresh-secret.ts';
import { bindingOf, protocolDigest } from './protocol.ts';
import type { Templates } from './write-documents.ts';

const MINUTES = 10;
const TRIES = 5;
const HOUR = 3_600;

/** Counted by account, whatever is begun anew (domain.md §3.10, security.md class 25). */
export const SIGNING_LIMITS = { resendSeconds: 60, codesPerHour: 5, wrongGuessesPerHour: 10 } as const;
export const NO_SIGNING_LIMITS: SigningLimits = {
  resendSeconds: 0,
  codesPerHour: Number.POSITIVE_INFINITY,
  wrongGuessesPerHour: Number.POSITIVE_INFINITY,
};
export type SigningLimits = { readonly [Name in keyof typeof SIGNING_LIMITS]: number };

/** Why nothing was done; each has a text under `problem`. */
export type SigningProblem = Extract<ProblemCode, `signing_${string}`>;
type Refused = { readonly kind: 'refused'; readonly problem: SigningProblem };

export type SendOutcome =
  | { readonly kind: 'sent'; readonly address: string }
  /** The code sent just now still stands; another may be asked for after so many seconds. */
  | { readonly kind: 'standing'; readonly address: string; readonly retryAfter: number }
  | { readonly kind: 'already-signed'; readonly signing: Signing }
  | Refused;

export type SignOutcome =
  | { readonly kind: 'signed'; readonly signing: Signing }
  /** By a parallel call, or before: to the person a success. */
  | { readonly kind: 'already-signed'; readonly signing: Signing }
  | { readonly kind: 'wrong'; readonly problem: SigningProblem; readonly triesLeft: number }
  | Refused;

/** What the signature brings about, committed with it. Must work within `tx` alone, or parallel calls block each other. */
export type Effect = (tx: Queryable, signing: Signing) => Promise<void>;

export type Signings = {
  prepare(
    account: Account,
    purpose: SigningPurpose,
    documents: readonly NewDocument[],
    within?: Queryable,
  ): Promise<Signing>;
  signing(account: Account, id: string): Promise<Signing | undefined>;
  /** Remembers that the person has opened the document (C-17). Undefined when there is none of hers. */
  open(account: Account, documentId: string, origin: RequestOrigin): Promise<StoredDocument | undefined>;
  /** What would keep `sendCode` from sending, as far as the documents and the terms go. */
  obstacle(account: Account, signing: Signing): Promise<SigningProblem | undefined>;
  sendCode(account: Account, signingId: string, origin: RequestOrigin): Promise<SendOutcome>;
  /** An effect that throws undoes the signature; the code stays good. */
  sign(
    account: Account,
    signingId: string,
    code: string,
    origin: RequestOrigin,
    effect: Effect,
  ): Promise<SignOutcome>;
  acceptTerms(account: Account, version: string, origin: RequestOrigin): Promise<void>;
};

export type SigningNeeds = {
  readonly database: Database;
  readonly documents: DocumentStore;
  readonly templates: Pick<Templates, 'currentTerms'>;
  readonly secrets: OneTimeSecrets;
  readonly post: Post;
  readonly counts: AuditCounts;
  readonly events: Events;
  readonly clock: Clock;
  readonly limits: SigningLimits;
};

export function signings(needs: SigningNeeds): Signings {
  const { database, documents, templates, secrets, post, counts, events, clock, limits } = needs;

  const obstacle = async (account: Account, signing: Signing): Promise<SigningProblem | undefined> => {
    if (account.verifiedEmail === undefined) return 'signing_unconfirmed_address';
    if (signing.documents.some(({ openedAt }) => openedAt === undefined)) return 'signing_unopened';
    const accepted = await documents.acceptedTerms(account.id);
    return accepted === templates.currentTerms().version ? undefined : 'signing_terms';
  };

  const refuse = (problem: SigningProblem): Refused => ({ kind: 'refused', problem });

  return {
    prepare: (account, purpose, texts, within) => documents.prepare(account.id, purpose, texts, within),
    signing: (account, id) => documents.signing(account.id, id),

    async open(account, documentId, origin) {
      const opened = await documents.markOpened(account.id, documentId);
      if (opened) await events.documentOpened(origin, account.id, opened);
      return opened ?? documents.document(account.id, documentId);
    },

    obstacle,

    async sendCode(account, signingId, origin) {
      const found = await documents.signing(account.id, signingId);
      if (!found) return refuse('signing_gone');
      const problem = await obstacle(account, found);
      const address = account.verifiedEmail;
      const outcome = await database.transaction(async (tx): Promise<SendOutcome | 'early'> => {
        const signing = await documents.claim(account.id, signingId, tx);
        if (!signing) return refuse('signing_gone');
        if (signing.signedAt) return { kind: 'already-signed', signing };
        if (problem || address === undefined) return refuse(problem ?? 'signing_unconfirmed_address');
        const sent = (seconds: number) =>
          counts.count({ accountId: account.id, event: CODE_SENT }, seconds, tx);
        if ((await sent(limits.resendSeconds)) > 0) return 'early';
        if ((await sent(HOUR)) >= limits.codesPerHour) return refuse('signing_too_many_codes');
        if (await exhausted(account.id, tx)) return refuse('signing_too_many_guesses');
        const code = freshCode();
        await secrets.issue(
          {
            purpose: 'sign',
            subject: signing.id,
            binding: bindingOf(signing, address),
            secret: code,
            seconds: 60 * MINUTES,
            tries: TRIES,
          },
          tx,
        );
        const titles = signing.documents.map(({ title }) => title);
        await post.send(
          {
            template: 'signing-code',
            to: { accountId: account.id },
            facts: { code, documents: titles, minutes: MINUTES },
          },
          tx,
        );
        await events.signingCodeSent(origin, account.id, signing, tx);
        return { kind: 'sent', address };
      });
      return outcome === 'early' ? early(found, address) : outcome;
    },

    async sign(account, signingId, code, origin, effect) {
      const found = await documents.signing(account.id, signingId);
      if (!found) return refuse('signing_gone');
      const problem = found.signedAt ? undefined : await obstacle(account, found);
      const address = account.verifiedEmail;
      return database.transaction(async (tx): Promise<SignOutcome> => {
        const signing = await documents.claim(account.id, signingId, tx);
        if (!signing) return refuse('signing_gone');
        if (signing.signedAt) return { kind: 'already-signed', signing };
        if (problem || address === undefined) return refuse(problem ?? 'signing_unconfirmed_address');
        if (await exhausted(account.id, tx)) return refuse('signing_too_many_guesses');
        const errand = {
          purpose: 'sign',
          subject: signing.id,
          binding: bindingOf(signing, address),
        } as const;
        const judgement = await secrets.redeem({ ...errand, secret: typedCode(code) }, tx);
        // Committed, not rolled back: a wrong guess counts.
        if (judgement.kind !== 'right') {
          await events.signingRefused(origin, account.id, signing, judgement.kind, tx);
          if (judgement.kind === 'none') return refuse('signing_code_void');
          const { triesLeft } = judgement;
          if (triesLeft === 0) return refuse('signing_code_spent');
          return { kind: 'wrong', problem: 'signing_code_wrong', triesLeft };
        }
        const protocol = {
          id: signing.id,
          accountId: account.id,
          signer: signing.signer,
          address,
          signedAt: clock.now(),
          termsVersion: templates.currentTerms().version,
          network: origin.network,
          device: deviceOf(origin.userAgent),
          digest: signing.digest,
        };
        const signed = await documents.sign(protocol, tx);
        await events.documentsSigned(
          origin,
          signed,
          { termsVersion: protocol.termsVersion, protocol: protocolDigest(protocol) },
          tx,
        );
        await effect(tx, signed);
        return { kind: 'signed', signing: signed };
      });
    },

    async acceptTerms(account, version, origin) {
      await database.transaction(async (tx) => {
        await documents.acceptTerms(account.id, version, origin.network, tx);
        await events.termsAccepted(origin, account.id, version, tx);
      });
    },
  };

  /** Not within the transaction: the store would wait for a second connection. */
  async function early({ id }: Signing, address: string | undefined): Promise<SendOutcome> {
    const issued = await secrets.issuedAt('sign', id);
    if (!issued || address === undefined) return refuse('signing_resend_early');
    const passed = Math.floor((clock.now().getTime() - issued.getTime()) / 1_000);
    return { kind: 'standing', address, retryAfter: Math.max(1, limits.resendSeconds - passed) };
  }

  async function exhausted(accountId: string, tx: Queryable): Promise<boolean> {
    const wrong = await counts.count({ accountId, event: CODE_REFUSED, reason: 'wrong' }, HOUR, tx);
    return wrong >= limits.wrongGuessesPerHour;
  }
}
