import { describe, expect, it } from 'vitest';
import type { MergeSide } from '../../../adapters/account-merges/account-merges.ts';
import { previewMerge, suggestSurvivor } from '../../../provider/operators/merge-preview.ts';

const side = (id: string, more: Partial<MergeSide> = {}): MergeSide => ({
  ...{ id, status: 'confirmed', locale: 'ru', createdAt: new Date(0), furtherEmails: [], hasPassword: true },
  ...{ links: [], documents: 0, refusedMessages: false, servicesEnded: false, applications: 0 },
  consents: { union_pd: 'none', finfort_pd: 'none', union_messages: 'none' },
  ...{ isApplying: false, integrations: 0, isKnownToRegion: false, clients: [], holdsOffice: false },
  ...{ hasOpenCase: false, isBeingDeleted: false, isMerged: false },
  ...more,
});
const link = (upstream: string, subject: string) => ({
  ...{ issuer: `https://${upstream}.test`, subject, upstream },
});

describe('what moves', () => {
  it.each([
    ['nothing without an address', {}, {}, undefined],
    ['becomes the address where there is none', {}, { email: 'b@x.test' }, 'main'],
    ['is a further one beside another', { email: 'a@x.test' }, { email: 'b@x.test' }, 'further'],
  ] as const)('the address: %s', (_name, survivor, closed, expected) => {
    expect(previewMerge(side('a', survivor), side('b', closed)).moves.emailAs).toBe(expected);
  });

  it('a password only where there is none, a member only where there is none', () => {
    const closed = side('b', { memberId: 'M' });
    expect(previewMerge(side('a'), closed).moves).toMatchObject({ password: false, member: true });
    expect(previewMerge(side('a', { hasPassword: false }), closed).moves.password).toBe(true);
    expect(previewMerge(side('a', { memberId: 'N' }), closed).moves.member).toBe(false);
  });

  it('links but those of an upstream the survivor has an account at', () => {
    const { moves, endingLinks } = previewMerge(
      side('a', { links: [link('esia', '1')] }),
      side('b', { links: [link('esia', '2'), link('rsaa', '3')] }),
    );
    expect(moves.links).toEqual([{ issuer: 'https://rsaa.test', subject: '3' }]);
    expect(endingLinks).toEqual([link('esia', '2')]);
  });
});

describe('consents: the stricter wins', () => {
  const judge = (survivor: Partial<MergeSide['consents']>, closed: Partial<MergeSide>) => {
    const none = side('x').consents;
    const preview = previewMerge(
      side('a', { consents: { ...none, ...survivor } }),
      side('b', { ...closed, consents: { ...none, ...closed.consents } }),
    );
    return { after: preview.consents, held: preview.moves.held };
  };
  const given = { finfort_pd: 'given' } as const;
  const none = side('x').consents;

  it('one that the other account took back counts no more', () => {
    const judged = judge(given, { consents: { ...none, finfort_pd: 'withdrawn' } });
    expect(judged.held).toEqual(['finfort_pd']);
    expect(judged.after.finfort_pd.after).toBe('withdrawn');
  });

  it('one that only the other account gave does not come with it', () => {
    const judged = judge({}, { consents: { ...none, ...given } });
    expect(judged.held).toEqual([]);
    expect(judged.after.finfort_pd.after).toBe('none');
  });

  it('one that the other account never was asked for stays', () => {
    expect(judge(given, {}).after.finfort_pd.after).toBe('given');
  });

  it('a refused way of messages is a refusal of messages, ended services of everything', () => {
    expect(judge({ union_messages: 'given' }, { refusedMessages: true }).held).toEqual(['union_messages']);
    expect(judge({ union_pd: 'given' }, { servicesEnded: true }).held).toEqual(['union_pd']);
  });
});

describe('what makes it impossible', () => {
  it.each([
    ['same', { id: 'b' }, {}],
    ['not_open', { status: 'locked' }, {}],
    ['not_open', {}, { status: 'closed' }],
    ['two_members', { memberId: 'M' }, { memberId: 'N' }],
    ['two_applications', { isApplying: true }, { isApplying: true }],
    ['office', {}, { holdsOffice: true }],
    ['open_case', { hasOpenCase: true }, {}],
    ['deletion', {}, { isBeingDeleted: true }],
    ['two_school_records', { isKnownToRegion: true }, { isKnownToRegion: true }],
    ['merged_lately', { isMerged: true }, {}],
  ] as const)('%s', (conflict, survivor, closed) => {
    const preview = previewMerge(side('a', survivor), side('b', closed));
    expect(preview.conflicts).toEqual([conflict]);
  });

  it('nothing, where only one of them has something', () => {
    const full = { memberId: 'M', isApplying: true, isKnownToRegion: true };
    expect(previewMerge(side('a', { holdsOffice: true }), side('b', full)).conflicts).toEqual([]);
  });
});

describe('which of the two stays', () => {
  it.each([
    ['whoever holds an office', { holdsOffice: true }, { memberId: 'M' }, 'a'],
    ['the member', {}, { memberId: 'M' }, 'b'],
    ['the elder', { createdAt: new Date(2) }, { createdAt: new Date(1) }, 'b'],
  ] as const)('%s', (_name, one, other, expected) => {
    expect(suggestSurvivor(side('a', one), side('b', other)).id).toBe(expected);
  });
});
