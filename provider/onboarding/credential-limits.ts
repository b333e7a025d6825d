/**
 * How many credentials an organisation may issue in a day, and how many letters with them one address has to bear in an
 * hour. All of a list pass or none: whoever is refused has lost nothing, not even of what was allowed.
 */
import { createHash } from 'node:crypto';
import type { IssueWay } from '../../adapters/credential-store/credential-store.ts';
import type { Limiters } from '../../adapters/limiter/limiter.ts';

/** The largest territories have about 2 000 primary organisations: all of them four times a day. */
export const CREDENTIALS_PER_ORGANISATION = { points: 8_000, seconds: 24 * 60 * 60 } as const;
export const CREDENTIAL_LETTERS_PER_ADDRESS = { points: 5, seconds: 60 * 60 } as const;
/** Addresses of a list that are counted at the same time. */
const AT_ONCE = 20;

export type CredentialRefusal =
  | { readonly kind: 'organisation'; readonly limit: number; readonly hours: number }
  /** `emails`: the keys of those that have had their letters. */
  | {
      readonly kind: 'address';
      readonly limit: number;
      readonly minutes: number;
      readonly emails: ReadonlySet<string>;
    };

export type CredentialLimits = {
  /** Undefined when all of them may be issued, which is counted then. Not to be asked within a transaction. */
  refusal(
    organisationId: string,
    way: IssueWay,
    emailKeys: readonly string[],
  ): Promise<CredentialRefusal | undefined>;
};

export function credentialLimits(limiters: Limiters): CredentialLimits {
  const organisations = limiters('credentials-organisation', CREDENTIALS_PER_ORGANISATION);
  const addresses = limiters('credentials-address', CREDENTIAL_LETTERS_PER_ADDRESS);

  /** One address after the other would be slow, all at once would leave nothing to other people. */
  const letters = async (counted: readonly (readonly [emailKey: string, count: number])[]) => {
    const taken: (readonly [key: string, count: number])[] = [];
    const refused = new Map<string, number>();
    for (let from = 0; from < counted.length; from += AT_ONCE) {
      await Promise.all(
        counted.slice(from, from + AT_ONCE).map(async ([emailKey, count]) => {
          const { allowed, retryAfter } = await addresses.take(hashed(emailKey), count);
          if (allowed) taken.push([hashed(emailKey), count]);
          else refused.set(emailKey, retryAfter);
        }),
      );
    }
    if (refused.size > 0) for (const [key, count] of taken) await addresses.giveBack(key, count);
    return refused;
  };

  return {
    async refusal(organisationId, way, emailKeys) {
      const desk = hashed(organisationId);
      const { allowed, retryAfter } = await organisations.take(desk, emailKeys.length);
      if (!allowed) {
        const { points: limit } = CREDENTIALS_PER_ORGANISATION;
        return { kind: 'organisation', limit, hours: Math.ceil(retryAfter / 3_600) };
      }
      if (way === 'sheet') return undefined;
      const counts = Map.groupBy(emailKeys, (emailKey) => emailKey);
      const refused = await letters([...counts].map(([emailKey, all]) => [emailKey, all.length]));
      if (refused.size === 0) return undefined;
      await organisations.giveBack(desk, emailKeys.length);
      const minutes = Math.ceil(Math.max(...refused.values()) / 60);
      const { points: limit } = CREDENTIAL_LETTERS_PER_ADDRESS;
      return { kind: 'address', limit, minutes, emails: new Set(refused.keys()) };
    },
  };
}

const hashed = (text: string): string => createHash('sha256').update(text).digest('base64url');
