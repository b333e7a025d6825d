/** ЭПОС beside the federation: its portal and subsystems as relying parties, its people and schools in «Контингент». */
import { postgresLinks } from '../../../adapters/link-store/postgres.ts';
import { postgresSchoolRegister } from '../../../adapters/school-register/postgres.ts';
import { seedSchools } from '../../../sandbox/people/schools.ts';
import { type RelyingParty, relyingParty } from '../relying-party.ts';
import type { Federation } from './federation.ts';

const SUBSYSTEMS = ['epos-school', 'epos-kontingent', 'epos-diary'] as const;
type ClientId = 'epos-portal' | (typeof SUBSYSTEMS)[number];

const SECRET = 'a secret of the region, long enough for anybody';
const HOST = 'http://127.0.0.1:8';

export type Region = {
  readonly schools: ReturnType<typeof postgresSchoolRegister>;
  readonly parties: Readonly<Record<ClientId, RelyingParty>>;
  /** Such as M-13's. */
  recordOf(person: string): Promise<{ readonly id: string }>;
};

export async function openRegion(scene: Federation, backchannel?: string): Promise<Region> {
  const { open } = scene;
  const { database } = open.house.stores;
  const schools = postgresSchoolRegister(database);
  const urls = Object.fromEntries(SUBSYSTEMS.map((id) => [id, `${HOST}/${id}`]));
  await seedSchools(database, urls as Record<(typeof SUBSYSTEMS)[number], string>);
  await linkThroughRsaa(scene, 'M-12', 'lapteva@example.test');

  const register = async (clientId: ClientId, scope: string): Promise<[ClientId, RelyingParty]> => {
    const redirectUri = `${HOST}/${clientId}/callback`;
    await open.house.clients.save(
      {
        client_id: clientId,
        client_name: clientId,
        client_secret: SECRET,
        first_party: true,
        education: true,
        minimum_acr: 'urn:opo:loa:2',
        allowed_doors: ['esia', 'rsaa'],
        sector: 'epos',
        redirect_uris: [redirectUri],
        scope,
        ...(backchannel && {
          backchannel_logout_uri: backchannel,
          backchannel_logout_session_required: true,
        }),
      },
      'test',
    );
    const asked = scope.replace(' offline_access', '');
    return [
      clientId,
      await relyingParty({ issuer: open.issuer, clientId, secret: SECRET, redirectUri, scope: asked }),
    ];
  };
  return {
    schools,
    parties: Object.fromEntries([
      await register('epos-portal', 'openid name edu_role edu_subsystems'),
      ...(await Promise.all(SUBSYSTEMS.map((id) => register(id, 'openid name edu_role offline_access')))),
    ]) as Record<ClientId, RelyingParty>,
    async recordOf(person) {
      const record = await schools.find(person.replace(/^M/, 'K'));
      if (!record) throw new Error(`${person} is not in «Контингент»`);
      return record;
    },
  };
}

async function linkThroughRsaa({ open, rsaa }: Federation, id: string, email: string): Promise<void> {
  const { database } = open.house.stores;
  const person = rsaa.people.all().find((one) => one.id === id);
  const [owner] = await database.query<{ account_id: string }>(
    `select account_id from identifier where kind = 'email' and value = $1`,
    [email],
  );
  if (!person || !owner) throw new Error(`${id} is not where she should be`);
  const key = { issuer: rsaa.issuer, subject: person.sub };
  await database.transaction((tx) =>
    postgresLinks(database).link(owner.account_id, 'rsaa', key, { confirmed: false }, tx),
  );
}
