import { describe, expect, it } from 'vitest';
import type { MergeSide } from '../../../adapters/account-merges/account-merges.ts';
import type { Protection } from '../../../adapters/authenticators/authenticators.ts';
import { previewMerge, suggestSurvivor } from '../../../provider/operators/merge-preview.ts';

const guard = (more: Partial<Protection> = {}): Protection => ({
  ...{ codeApps: 0, passkeys: 0, recoveryCodes: 0, alwaysAsked: false },
  ...more,
});
const side = (id: string, more: Partial<MergeSide> = {}): MergeSide => ({
  ...{ id, status: 'confirmed', locale: 'ru', createdAt: new Date(0), furtherEmails: [], hasPassword: true },
  ...{ links: [], documents: 0, refusedMessages: false, servicesEnded: false, applications: 0 },
  consents: { union_pd: 'none', finfort_pd: 'none', union_messages: 'none' },
  ...{ consentsSince: {}, told: [] },
  ...{ isApplying: false, integrations: 0, isKnownToRegion: false, clients: [], holdsOffice: false },
  ...{ hasOpenCase: false, isBeingDeleted: false, isMerged: false, protection: guard() },
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

describe('consents: the latest word wins', () => {
  const judge = (survivor: Partial<MergeSide['consents']>, closed: Partial<MergeSide>) => {
    const none = side('x').consents;
    const preview = previewMerge(
      side('a', { consents: { ...none, ...survivor } }),
      side('b', { ...closed, consents: { ...none, ...closed.consents } }),
    );
    const { held, carried } = preview.moves;
    return { after: preview.consents, held, carried };
  };
  const given = { finfort_pd: 'given' } as const;
  const none = side('x').consents;

  it('one that the other account took back counts no more', () => {
    const judged = judge(given, { consents: { ...none, finfort_pd: 'withdrawn' } });
    expect(judged.held).toEqual(['finfort_pd']);
    expect(judged.after.finfort_pd.after).toBe('withdrawn');
  });

  it('one that only the other account gave comes with it', () => {
    const judged = judge({}, { consents: { ...none, ...given } });
    expect(judged).toMatchObject({ held: [], carried: ['finfort_pd'] });
    expect(judged.after.finfort_pd.after).toBe('given');
  });

  it.each<[string, Partial<MergeSide>, Partial<MergeSide>, string]>([
    ['given here, never there', { consents: { ...none, ...given } }, {}, 'given'],
    [
      'given, and taken back there later',
      { consents: { ...none, ...given }, consentsSince: { finfort_pd: new Date(1) } },
      { consents: { ...none, finfort_pd: 'withdrawn' }, consentsSince: { finfort_pd: new Date(2) } },
      'withdrawn',
    ],
    [
      'given after it had been taken back there',
      { consents: { ...none, ...given }, consentsSince: { finfort_pd: new Date(2) } },
      { consents: { ...none, finfort_pd: 'withdrawn' }, consentsSince: { finfort_pd: new Date(1) } },
      'given',
    ],
    ['taken back, never given there', { consents: { ...none, finfort_pd: 'withdrawn' } }, {}, 'withdrawn'],
    ['never given', {}, {}, 'none'],
  ])('whichever stays, the outcome is one: %s', (_name, one, other, after) => {
    const [a, b] = [side('a', one), side('b', other)];
    for (const preview of [previewMerge(a, b), previewMerge(b, a)]) {
      expect(preview.consents.finfort_pd.after).toBe(after);
    }
  });

  it('messages refused in the account that gave them do not come along', () => {
    const messages = { ...none, union_messages: 'given' } as const;
    const judged = judge({}, { consents: messages, refusedMessages: true });
    expect(judged.carried).toEqual([]);
    expect(judge({}, { consents: messages }).carried).toEqual(['union_messages']);
  });

  it('one that the other account never was asked for stays', () => {
    expect(judge(given, {}).after.finfort_pd.after).toBe('given');
  });

  it('a refused way of messages is a refusal of messages, ended services of everything', () => {
    expect(judge({ union_messages: 'given' }, { refusedMessages: true }).held).toEqual(['union_messages']);
    expect(judge({ union_pd: 'given' }, { servicesEnded: true }).held).toEqual(['union_pd']);
  });
});

describe('two people', () => {
  const told = (family: string, given: string, birthdate?: string) => ({
    name: { family, given },
    ...(birthdate !== undefined && { birthdate }),
  });
  const differ = (one: MergeSide['told'], other: MergeSide['told']) =>
    previewMerge(side('a', { told: one }), side('b', { told: other })).differences;

  it.each<[string, MergeSide['told'], MergeSide['told'], readonly string[]]>([
    ['nothing is known of one', [told('Иванова', 'Мария', '1984-03-14')], [], []],
    ['one name, however it is written', [told('Королёва', 'Мария')], [told('КОРОЛЕВА', 'Мария')], []],
    ['another family name', [told('Иванова', 'Мария')], [told('Белова', 'Мария')], ['family']],
    [
      'all of it',
      [told('Иванова', 'Мария', '1984-03-14')],
      [told('Белова', 'Ольга', '1990-01-02')],
      ['family', 'given', 'birthdate'],
    ],
    [
      'a birth date on one side alone',
      [told('Иванова', 'Мария', '1984-03-14')],
      [told('Иванова', 'Мария')],
      [],
    ],
    [
      'called so by one of those who have told of her',
      [told('Иванова', 'Мария'), told('Белова', 'Мария')],
      [told('Белова', 'Мария')],
      [],
    ],
  ])('%s', (_name, one, other, expected) => {
    expect(differ(one, other)).toEqual(expected);
    expect(differ(other, one)).toEqual(expected);
  });
});

describe('a second factor: what is guarded stays guarded', () => {
  const always = { alwaysAsked: true, codeApps: 1 };
  const judge = (survivor: Partial<MergeSide>, closed: Partial<MergeSide>) =>
    previewMerge(
      side('a', { links: [link('esia', '1')], ...survivor }),
      side('b', { links: [link('esia', '2'), link('rsaa', '3')], ...closed }),
    );

  it.each<[string, Partial<MergeSide>, Partial<MergeSide>, boolean]>([
    ['goes over beside another that is asked for nothing', {}, {}, true],
    ['goes over where neither was asked', { protection: guard({ passkeys: 1 }) }, {}, true],
    ['goes over where both are asked', { protection: guard(always) }, { protection: guard(always) }, true],
    ['goes over with the demand', {}, { protection: guard(always) }, true],
    ['does not lead into one that is asked', { protection: guard(always) }, {}, false],
    ['does not lead into an office', { holdsOffice: true }, { protection: guard({ passkeys: 1 }) }, false],
  ])('what opens the closed one %s', (_name, survivor, closed, expected) => {
    const { waysGoOver, moves, endingLinks } = judge(survivor, {
      protection: guard({ passkeys: 1 }),
      ...closed,
    });
    expect(waysGoOver).toBe(expected);
    expect(moves.devices).toBe(expected);
    expect(moves.links).toEqual(expected ? [{ issuer: 'https://rsaa.test', subject: '3' }] : []);
    expect(endingLinks.map(({ subject }) => subject)).toEqual(expected ? ['2'] : ['2', '3']);
  });

  it('neither password nor mailbox comes to one that is guarded more, though it have none', () => {
    const closed = { email: 'b@x.test', hasPassword: true };
    const moves = (survivor: Partial<MergeSide>) => judge({ hasPassword: false, ...survivor }, closed).moves;
    expect(moves({})).toMatchObject({ password: true, emailAs: 'main' });
    for (const survivor of [{ protection: guard(always) }, { holdsOffice: true }]) {
      expect(moves(survivor)).toMatchObject({ password: false, emailAs: 'further' });
    }
  });

  it('the demand of either is that of both, and is new to whoever had none', () => {
    const guarded = { protection: guard(always) };
    const asked = [judge({}, guarded), judge(guarded, guarded), judge(guarded, {}), judge({}, {})];
    expect(asked.map(({ secondFactor }) => secondFactor.alwaysAsked)).toEqual([true, true, true, false]);
    expect(asked.map(({ moves }) => moves.asksAlways)).toEqual([true, false, false, false]);
  });

  it('codes on paper end, devices are counted where they go', () => {
    const closed = { protection: guard({ ...always, passkeys: 2, recoveryCodes: 7 }) };
    expect(judge({ protection: guard({ codeApps: 1 }) }, closed).secondFactor).toEqual({
      ...{ alwaysAsked: true, devices: 4, closedDevices: 3, closedCodes: 7 },
    });
    const office = { holdsOffice: true, protection: guard({ codeApps: 1 }) };
    expect(judge(office, closed).secondFactor.devices).toBe(1);
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
    ['factors_lost', { protection: guard({ passkeys: 1, mailCountsAt: new Date(0) }) }, {}],
    ['factors_lost', {}, { protection: guard({ mailCountsAt: new Date(0) }) }],
    ['no_second_factor', {}, { protection: guard({ alwaysAsked: true, recoveryCodes: 9 }) }],
    ['no_second_factor', { holdsOffice: true }, { protection: guard({ alwaysAsked: true, passkeys: 2 }) }],
    ['no_second_factor', { protection: guard({ alwaysAsked: true, recoveryCodes: 9 }) }, {}],
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
