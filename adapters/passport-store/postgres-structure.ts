/** Units in PostgreSQL. Every change takes the organisation's row first, so that they follow one another. */
import { randomUUID } from 'node:crypto';
import type { Database, Queryable } from '../database/database.ts';
import type { NewUnit, Structure, Unit, UnitKind } from './passport-store.ts';

type Row = { id: string; parent_id: string | null; kind: UnitKind; name: string; members: number };

export function postgresStructure(database: Database): Structure {
  const units = async (organisationId: string, within: Queryable): Promise<readonly Unit[]> => {
    const rows = await within.query<Row>(
      `select u.id, u.parent_id, u.kind, u.name,
              (select count(*)::int from member m where m.unit_id = u.id and m.membership <> 'ended') as members
         from organisation_unit u
        where u.organisation_id = $1 and u.closed_at is null order by u.name collate "C", u.id`,
      [organisationId],
    );
    return rows.map(({ parent_id, ...unit }) => ({
      ...unit,
      ...(parent_id !== null && { parentId: parent_id }),
    }));
  };

  return {
    units: (organisationId, within = database) => units(organisationId, within),

    async add(organisationId, unit, within) {
      const known = await lockedUnits(within, organisationId);
      if (!stands(known, unit)) return 'gone';
      if (isTaken(known, unit)) return 'taken';
      const id = randomUUID();
      await within.query(
        `insert into organisation_unit (id, organisation_id, parent_id, kind, name) values ($1, $2, $3, $4, $5)`,
        [id, organisationId, unit.parentId ?? null, unit.kind, unit.name],
      );
      await tellNames(within, organisationId);
      return { id };
    },

    async change(organisationId, id, unit, within) {
      const known = await lockedUnits(within, organisationId);
      const others = known.filter((one) => one.id !== id);
      if (others.length === known.length || !stands(known, unit)) return 'gone';
      if (isTaken(others, unit)) return 'taken';
      if (unit.parentId !== undefined && lineOf(known, unit.parentId).includes(id)) return 'circle';
      await within.query('update organisation_unit set parent_id = $2, kind = $3, name = $4 where id = $1', [
        ...[id, unit.parentId ?? null, unit.kind, unit.name],
      ]);
      await tellNames(within, organisationId);
      return 'changed';
    },

    async close(organisationId, id, within) {
      const known = await lockedUnits(within, organisationId);
      const unit = known.find((one) => one.id === id);
      if (!unit) return false;
      const above = unit.parentId ?? null;
      await within.query('update organisation_unit set closed_at = now() where id = $1', [id]);
      await within.query('update organisation_unit set parent_id = $2 where parent_id = $1', [id, above]);
      await within.query('update member set unit_id = $2, version = version + 1 where unit_id = $1', [
        id,
        above,
      ]);
      await tellNames(within, organisationId);
      return true;
    },
  };

  async function lockedUnits(within: Queryable, organisationId: string): Promise<readonly Unit[]> {
    await within.query('select from organisation where id = $1 for update', [organisationId]);
    return units(organisationId, within);
  }
}

/** What an application offers to choose from (C-25). */
async function tellNames(within: Queryable, organisationId: string): Promise<void> {
  await within.query(
    `update organisation
        set units = coalesce((select array_agg(name order by name collate "C") from organisation_unit
                               where organisation_id = $1 and closed_at is null), '{}')
      where id = $1`,
    [organisationId],
  );
}

const isTaken = (known: readonly Unit[], { name }: NewUnit): boolean =>
  known.some((one) => one.name === name);

const stands = (known: readonly Unit[], { parentId }: NewUnit): boolean =>
  parentId === undefined || known.some(({ id }) => id === parentId);

/** The unit and those above it. */
function lineOf(known: readonly Unit[], id: string): readonly string[] {
  const parentId = known.find((one) => one.id === id)?.parentId;
  return parentId === undefined ? [id] : [id, ...lineOf(known, parentId)];
}
