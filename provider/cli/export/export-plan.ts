/** What one kind of export is made of: the columns of its import, and the rows of the register, a page at a time. */

export type ExportPlan = {
  /** For the progress bar, the audit trail and the summary. */
  readonly noun: string;
  readonly columns: readonly string[];
  /** How many rows there will be; `$1`: the path below which, empty for all. */
  readonly count: string;
  /** Whoever comes after `$2`, in order: `id`, and the `cells` of the columns. */
  readonly page: string;
};

/** After the last one read: a member with all of her tickets is read at once. */
const AFTER = 'm.id > $2';

/**
 * A row for each ticket of a member, as the import takes them. Without SNILS: who imports the file again keeps what is
 * known of it.
 */
export const membersExport: ExportPlan = {
  noun: 'members',
  columns: [
    ...[
      'member_id',
      'organisation_id',
      'family_name',
      'given_name',
      'middle_name',
      'birthdate',
      'membership',
    ],
    ...['ticket_number', 'ticket_state'],
  ],
  count: `select count(*)::int as count from member m join organisation o on o.id = m.organisation_id
            left join ticket t on t.member_id = m.id where o.path ^@ $1`,
  page: `select page.id, array[page.id, page.organisation_id, page.family_name, page.given_name, page.middle_name,
                               to_char(page.birthdate, 'DD.MM.YYYY'), page.membership, t.number, t.state] as cells
           from (select m.* from member m join organisation o on o.id = m.organisation_id
                  where o.path ^@ $1 and ${AFTER} order by m.id limit 2000) page
           left join ticket t on t.member_id = page.id
          order by page.id, t.number`,
};

export const organisationsExport: ExportPlan = {
  noun: 'organisations',
  columns: [
    ...['id', 'kind', 'parent_id', 'name', 'short_name', 'region', 'town', 'inn', 'email', 'phone', 'units'],
  ],
  count: 'select count(*)::int as count from organisation o where o.path ^@ $1',
  page: `select o.id, array[o.id, o.kind, o.parent_id, o.name, o.short_name, o.region, o.town, o.inn, o.email,
                            o.phone, array_to_string(o.units, '|')] as cells
           from organisation o where o.path ^@ $1 and o.id > $2 order by o.id limit 2000`,
};
