/** Our register as one machine sees it: what lies outside its organisation does not exist. */
import type { Reach, RegisterClients } from '../../adapters/register-clients/register-clients.ts';
import type { Registry, RegistryApplication, RegistryChange } from '../../adapters/registry/registry.ts';

/** Of a feed of all organisations a machine of one school sees next to nothing: so much is looked through at once. */
const PAGES_AT_ONCE = 20;
/** Beside those outside, there should be enough inside. */
const MOST_FOUND = 100;

/** An application to an organisation outside. */
export class OutsideReach extends Error {
  override name = 'OutsideReach';
}

export function withinReach(registry: Registry, registerClients: RegisterClients, reach: Reach): Registry {
  const seesAll = reach.path === '';
  const isInside = async (id: string): Promise<boolean> =>
    seesAll || (await registerClients.organisationsWithin(reach, [id])).has(id);

  return {
    async memberByTicket(number) {
      const member = await registry.memberByTicket(number);
      return member && (await isInside(member.organisation.id)) ? member : undefined;
    },
    async searchOrganisations(query) {
      if (seesAll) return registry.searchOrganisations(query);
      const found = await registry.searchOrganisations({ ...query, limit: MOST_FOUND });
      const inside = await registerClients.organisationsWithin(
        reach,
        found.map(({ id }) => id),
      );
      return found.filter(({ id }) => inside.has(id)).slice(0, query.limit);
    },
    async organisation(id) {
      return (await isInside(id)) ? registry.organisation(id) : undefined;
    },
    async submit(application: RegistryApplication) {
      if (!(await isInside(application.organisationId))) throw new OutsideReach(application.organisationId);
      await registry.submit(application);
    },
    async changes(cursor) {
      let at = cursor;
      for (let page = 0; ; page += 1) {
        const read = await registry.changes(at);
        const changes = seesAll ? read.changes : await inside(read.changes);
        at = read.cursor;
        // An empty page says that there is no more: only then, or when enough was looked through, is it one.
        if (changes.length > 0 || read.changes.length === 0 || page === PAGES_AT_ONCE) {
          return { changes, cursor: at };
        }
      }
    },
  };

  async function inside(changes: readonly RegistryChange[]): Promise<RegistryChange[]> {
    const organisations = changes.flatMap(({ member }) => member?.organisation.id ?? []);
    const applications = changes.flatMap((change) => (change.kind === 'application' ? change.id : []));
    const [reached, sent] = await Promise.all([
      registerClients.organisationsWithin(reach, organisations),
      registerClients.applicationsWithin(reach, applications),
    ]);
    return changes.flatMap((change): RegistryChange[] => {
      if (change.kind === 'member') return reached.has(change.member.organisation.id) ? [change] : [];
      if (!sent.has(change.id)) return [];
      const { member, ...told } = change;
      // Whom it has put on record may be on record elsewhere by now.
      return [{ ...told, ...(member && reached.has(member.organisation.id) && { member }) }];
    });
  }
}
