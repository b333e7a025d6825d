import { describe, expect, it } from 'vitest';
import { type DoorRules, doors } from '../../../provider/interactions/doors.ts';
import { ACR } from '../../../provider/login/assurance.ts';
import type { UpstreamOffer, UpstreamState } from '../../../provider/upstreams/upstreams.ts';

const esia = (state: UpstreamState = 'up'): UpstreamOffer => ({
  ...{ id: 'esia', kind: 'esia', state },
  name: { ru: 'Госуслуги', en: 'Gosuslugi' },
});
const rsaa = (state: UpstreamState = 'up'): UpstreamOffer => ({
  ...{ id: 'rsaa', kind: 'oidc', state, registrationUrl: 'https://rsaa.test/register' },
  name: { ru: 'РСАА', en: 'RSAA' },
});
const school = (state: UpstreamState = 'up'): UpstreamOffer => ({
  ...{ id: 'school', kind: 'oauth2', state },
  name: { ru: 'Школа', en: 'School' },
});
const offered = (
  offers: readonly UpstreamOffer[],
  rules: DoorRules = {},
  failed: readonly string[] = [],
  locale: 'ru' | 'en' = 'ru',
) => {
  const { upstreams, outages, ...rest } = doors(offers, rules, new Set(failed), locale);
  return {
    ...rest,
    upstreams: upstreams.map(({ id }) => id),
    outages: outages.map(({ code, name, instead }) => [code, name, instead]),
  };
};

describe('without rules', () => {
  it('everything is offered as it is configured, and nothing is said', () => {
    expect(offered([rsaa(), esia()])).toEqual({ password: true, upstreams: ['rsaa', 'esia'], outages: [] });
    expect(offered([])).toEqual({ password: true, upstreams: [], outages: [] });
  });

  it('what is degraded comes last, and is spoken of', () => {
    expect(offered([esia('degraded'), rsaa()])).toEqual({
      password: true,
      upstreams: ['rsaa', 'esia'],
      outages: [['esia_any', 'Госуслуги', 'РСАА']],
    });
  });

  it('what is off has no button', () => {
    expect(offered([esia('off'), rsaa()])).toMatchObject({
      upstreams: ['rsaa'],
      outages: [['esia_any', 'Госуслуги', 'РСАА']],
    });
  });

  it('whoever has failed this person counts as degraded for her', () => {
    expect(offered([esia(), rsaa()], {}, ['esia'])).toMatchObject({
      upstreams: ['rsaa', 'esia'],
      outages: [['esia_any', 'Госуслуги', 'РСАА']],
    });
  });

  it('none that is away is named instead of another', () => {
    expect(offered([esia('degraded'), rsaa('degraded')]).outages).toEqual([
      ['esia_password', 'Госуслуги', ''],
      ['other_password', 'РСАА', ''],
    ]);
    expect(offered([esia(), rsaa('off')]).outages).toEqual([['other_any', 'РСАА', 'Госуслуги']]);
  });

  it('names in the language of the page, and several with «или»', () => {
    expect(offered([esia('degraded'), rsaa(), school()]).outages).toEqual([
      ['esia_any', 'Госуслуги', 'РСАА или Школа'],
    ]);
    expect(offered([esia('degraded'), rsaa(), school()], {}, [], 'en').outages).toEqual([
      ['esia_any', 'Gosuslugi', 'RSAA or School'],
    ]);
  });
});

describe('a relying party that lets in only some', () => {
  const region = { allowed: new Set(['esia', 'rsaa']) };

  it('shows those alone, and says so', () => {
    expect(offered([esia(), rsaa(), school()], region)).toEqual({
      ...{ password: false, upstreams: ['esia', 'rsaa'], outages: [], only: 'Госуслуги или РСАА' },
    });
  });

  it.each([
    [[esia('degraded'), rsaa()], [['esia_upstream', 'Госуслуги', 'РСАА']]],
    [
      [esia('off'), rsaa('degraded')],
      [
        ['esia_nothing', 'Госуслуги', ''],
        ['other_nothing', 'РСАА', ''],
      ],
    ],
  ])('offers no password while they are away', (offers, outages) => {
    expect(offered(offers, region)).toMatchObject({ password: false, outages });
  });

  it('says nothing of an upstream that does not lead in', () => {
    expect(offered([esia('off'), rsaa()], { allowed: new Set(['password', 'rsaa']) })).toEqual({
      ...{ password: true, upstreams: ['rsaa'], outages: [] },
    });
  });
});

describe('a least level', () => {
  it.each([
    [ACR.password, true, ['esia', 'rsaa']],
    [ACR.federated, true, ['esia', 'rsaa']],
    [ACR.confirmed, false, ['esia']],
  ])('%s: nothing is offered that does not reach it', (least, password, upstreams) => {
    expect(offered([esia(), rsaa()], { least })).toMatchObject({ password, upstreams });
  });

  it('is reached by no password where a code may not join it', () => {
    const rules = { least: ACR.federated, byPassword: ACR.password };
    expect(offered([esia(), rsaa()], rules)).toMatchObject({ password: false, upstreams: ['esia', 'rsaa'] });
  });

  it('is one more rule beside the doors', () => {
    expect(
      offered([esia(), rsaa()], { least: ACR.confirmed, allowed: new Set(['rsaa', 'password']) }),
    ).toEqual({
      ...{ password: false, upstreams: [], outages: [] },
    });
  });
});
