/**
 * What is kept of rehearsals: who is checked and with which key, the codes and tokens of one case each. All of it
 * expires; nothing of it is worth anything at the real issuer.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../adapters/clock.ts';
import type { Queryable } from '../../adapters/database/database.ts';
import type { RehearsalRecord, RehearsalStore } from '../../adapters/rehearsal-store/rehearsal-store.ts';
import { AlreadyConsumed, type Payload, type Storage } from '../../adapters/storage/storage.ts';
import { type RehearsalAlgorithm, type RehearsalKey, rehearsalKey } from './id-tokens.ts';
import type { RehearsalCase } from './rehearsal-cases.ts';
import type { Verdict } from './verdict.ts';

const DAY_MS = 24 * 3_600_000;
const CODE_SECONDS = 2 * 60;
const ID_BYTES = 16;

export type Rehearsal = RehearsalRecord<RehearsalKey, Verdict> & { readonly issuer: string };

/** An authorization request of the application, as far as the answer depends on it. */
export type AskedFor = {
  readonly case: RehearsalCase;
  readonly redirectUri: string;
  readonly challenge?: string;
  readonly nonce?: string;
};

/** What the application has done with a code. */
export type Traces = { readonly redeemed: boolean; readonly askedUserinfo: boolean };

export type RehearsalsNeeds = {
  readonly store: RehearsalStore<RehearsalKey, Verdict>;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly issuer: string;
};

export type Rehearsals = ReturnType<typeof openRehearsals>;

const random = (): string => randomBytes(ID_BYTES).toString('base64url');

export function openRehearsals({ store, storage, clock, issuer }: RehearsalsNeeds) {
  const codes = storage('RehearsalCode');
  const tokens = storage('RehearsalToken');
  const issuerOf = (id: string): string => `${issuer}/rehearsal/${id}`;
  const isTaken = (payload: Payload | undefined): boolean => payload?.consumed !== undefined;

  return {
    begin: store.begin,
    report: store.report,
    async create(
      about: {
        readonly clientId: string;
        readonly loginUri: string;
        readonly algorithm: RehearsalAlgorithm;
      },
      within: Queryable,
    ): Promise<Pick<Rehearsal, 'id' | 'issuer' | 'expiresAt'>> {
      const { algorithm, ...application } = about;
      const id = random();
      const expiresAt = new Date(clock.now().getTime() + DAY_MS);
      await store.create({ id, ...application, key: await rehearsalKey(algorithm), expiresAt }, within);
      return { id, issuer: issuerOf(id), expiresAt };
    },
    async find(id: string, within?: Queryable): Promise<Rehearsal | undefined> {
      const found = await store.find(id, within);
      return found && { ...found, issuer: issuerOf(id) };
    },

    async issueCode(rehearsalId: string, asked: AskedFor): Promise<string> {
      const code = random();
      await codes.upsert(code, { rehearsalId, asked }, CODE_SECONDS);
      return code;
    },
    /** Undefined for an unknown code, another rehearsal's, and one that has been taken. */
    async redeem(rehearsalId: string, code: string): Promise<AskedFor | undefined> {
      const found = await codes.find(code);
      if (found?.rehearsalId !== rehearsalId || !(await taken(codes.consume(code)))) return undefined;
      return found.asked as AskedFor;
    },
    async issueToken(rehearsalId: string, code: string, asked: AskedFor): Promise<string> {
      await tokens.upsert(code, { rehearsalId, asked }, CODE_SECONDS);
      return code;
    },
    /** Whose userinfo is asked for; that it was is remembered. */
    async useToken(rehearsalId: string, token: string): Promise<AskedFor | undefined> {
      const found = await tokens.find(token);
      if (found?.rehearsalId !== rehearsalId) return undefined;
      await taken(tokens.consume(token));
      return found.asked as AskedFor;
    },
    async tracesOf(code: string): Promise<Traces> {
      const [atToken, atUserinfo] = await Promise.all([codes.find(code), tokens.find(code)]);
      return { redeemed: isTaken(atToken), askedUserinfo: isTaken(atUserinfo) };
    },
  };
}

/** False when somebody else was first. */
async function taken(consuming: Promise<void>): Promise<boolean> {
  try {
    await consuming;
    return true;
  } catch (error) {
    if (error instanceof AlreadyConsumed) return false;
    throw error;
  }
}
