/** How many credentials leave, and for whom: all of a list or none, and what is refused costs nothing. */
import { describe, expect, it } from 'vitest';
import type { Limiters } from '../../../adapters/limiter/limiter.ts';
import {
  CREDENTIAL_LETTERS_PER_ADDRESS,
  CREDENTIALS_PER_ORGANISATION,
  credentialLimits,
} from '../../../provider/onboarding/credential-limits.ts';
import { LONGEST_LIST } from '../../../provider/onboarding/read-chairs.ts';
import { LISTS_PER_ORGANISATION, listRefusal } from '../../../provider/staff/kept-lists.ts';

/** Counted here, as the stores count. */
const counting: Limiters = (_name, { points, seconds }) => {
  const taken = new Map<string, number>();
  const add = (key: string, count: number) => taken.set(key, (taken.get(key) ?? 0) + count).get(key) ?? 0;
  return {
    async take(key, count = 1) {
      const used = add(key, count);
      if (used > points && count > 1) add(key, -count);
      return { allowed: used <= points, used, retryAfter: used <= points ? 0 : seconds / 2 };
    },
    async heldFor(key) {
      return (taken.get(key) ?? 0) < points ? 0 : seconds / 2;
    },
    async giveBack(key, count) {
      add(key, -count);
    },
    async reset(key) {
      taken.delete(key);
    },
  };
};

const everybody = Array.from({ length: LONGEST_LIST }, (_, at) => `chair-${at}@example.test`);
const [someone = '', another = ''] = everybody;
const times = (count: number) => Array.from({ length: count });
const { points: LETTERS } = CREDENTIAL_LETTERS_PER_ADDRESS;

describe('credentials', () => {
  it('leave for the largest territory at once, and again for whoever has lost hers', async () => {
    const limits = credentialLimits(counting);
    expect(await limits.refusal('T-01', 'letter', everybody)).toBeUndefined();
    expect(await limits.refusal('T-01', 'letter', [someone])).toBeUndefined();
    expect(await limits.refusal('T-01', 'sheet', everybody)).toBeUndefined();
  });

  it('leave no more than so often in a day, of either kind, and elsewhere they do', async () => {
    const limits = credentialLimits(counting);
    const { points: limit } = CREDENTIALS_PER_ORGANISATION;
    for (const _ of times(limit / LONGEST_LIST - 1)) await limits.refusal('T-01', 'sheet', everybody);
    expect(await limits.refusal('T-01', 'sheet', everybody.slice(1))).toBeUndefined();
    const refused = { kind: 'organisation', limit, hours: 12 };
    expect(await limits.refusal('T-01', 'letter', [someone, another])).toEqual(refused);
    // What is left passes yet.
    expect(await limits.refusal('T-01', 'letter', [someone])).toBeUndefined();
    expect(await limits.refusal('T-02', 'letter', [someone, another])).toBeUndefined();
  });
});

describe('letters to one address', () => {
  it('are few in an hour, whichever organisation sends them; a sheet is none', async () => {
    const limits = credentialLimits(counting);
    for (const at of times(LETTERS).keys()) {
      expect(await limits.refusal(`T-0${at}`, 'letter', [someone])).toBeUndefined();
    }
    expect(await limits.refusal('T-01', 'letter', [someone])).toEqual({
      ...{ kind: 'address', limit: LETTERS, minutes: 30, emails: new Set([someone]) },
    });
    expect(await limits.refusal('T-01', 'sheet', [someone])).toBeUndefined();
    expect(await limits.refusal('T-01', 'letter', [another])).toBeUndefined();
  });

  it('hold a whole list up, which then has used up nobody’s share and nothing of the day', async () => {
    const limits = credentialLimits(counting);
    for (const _ of times(LETTERS)) await limits.refusal('T-02', 'letter', [someone]);
    for (const _ of times(LETTERS * 2)) {
      expect(await limits.refusal('T-01', 'letter', everybody)).toMatchObject({ kind: 'address' });
    }
    expect(await limits.refusal('T-01', 'letter', everybody.slice(1))).toBeUndefined();
  });

  it('count as often as the list names it', async () => {
    const limits = credentialLimits(counting);
    const named = times(LETTERS + 1).map(() => someone);
    expect(await limits.refusal('T-01', 'letter', named)).toMatchObject({ kind: 'address' });
    expect(await limits.refusal('T-01', 'letter', named.slice(1))).toBeUndefined();
  });
});

it('an organisation keeps so many lists in an hour, and says when it takes the next', async () => {
  const lists = counting('lists', LISTS_PER_ORGANISATION);
  const { points: limit } = LISTS_PER_ORGANISATION;
  for (const _ of times(limit)) expect(await listRefusal(lists, 'P-01')).toBeUndefined();
  expect(await listRefusal(lists, 'P-01')).toEqual({
    ...{ code: 'lists_too_many', params: { limit, minutes: 30 } },
  });
  expect(await listRefusal(lists, 'P-02')).toBeUndefined();
});
