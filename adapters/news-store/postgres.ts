/** News in PostgreSQL. The list is written by key order, so that a run that was cut off simply begins again. */
import type { Database, Queryable } from '../database/database.ts';
import type { Channel } from '../document-store/document-store.ts';
import type { Delivery, NewsIssue, NewsStore } from './news-store.ts';

// $1 channel, $2 sender as consents name it, $3 organisation or null: its members and those of the ones below it.
const AUDIENCE = `from message_channel c
       join account a on a.id = c.account_id and a.status = 'confirmed'
      where c.channel = $1 and c.closed_at is null and $2 = any (c.senders)
        and ($3::text is null or a.member_id in (
          with recursive branch as (
            select id from organisation where id = $3
            union select o.id from organisation o join branch on o.parent_id = branch.id
          ) select m.id from member m join branch on m.organisation_id = branch.id))`;

const DELIVERIES = `select d.issue_id, d.account_id, i.channel, i.sender, i.organisation_id, i.subject, i.body, a.phone,
       exists (select from message_channel c
                where c.account_id = d.account_id and c.channel = i.channel and c.closed_at is null) as agreed
  from news_delivery d
  join news_issue i on i.id = d.issue_id
  join account a on a.id = d.account_id and a.status = 'confirmed'`;

type Row = {
  issue_id: string;
  account_id: string;
  channel: Channel;
  sender: 'union' | 'organisation';
  organisation_id: string | null;
  subject: string;
  body: string;
  phone: string | null;
  agreed: boolean;
};

const organisationOf = ({ from }: NewsIssue): string | null =>
  from.sender === 'organisation' ? from.organisationId : null;
const audienceOf = (issue: NewsIssue) => [
  issue.channel,
  issue.from.sender === 'union' ? 'union' : 'organisations',
  organisationOf(issue),
];

export function postgresNews(database: Database): NewsStore {
  return {
    async organisationExists(id) {
      return (await database.query('select from organisation where id = $1', [id])).length === 1;
    },
    async audience(issue) {
      const [row] = await database.query<{ agreed: number; listed: number }>(
        `select count(*)::int as agreed,
                count(*) filter (where exists (select from news_delivery d
                                                where d.issue_id = $4 and d.account_id = c.account_id))::int as listed
           ${AUDIENCE}`,
        [...audienceOf(issue), issue.id],
      );
      return row ?? { agreed: 0, listed: 0 };
    },
    async announce(issue) {
      await database.query(
        `insert into news_issue (id, channel, sender, organisation_id, subject, body)
         values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing`,
        [issue.id, issue.channel, issue.from.sender, organisationOf(issue), issue.subject, issue.body],
      );
    },
    async list(issue, after, limit) {
      const [row] = await database.query<{ last: string | null; seen: number; added: number }>(
        `with next as (
           select c.account_id ${AUDIENCE} and c.account_id > $5 order by c.account_id limit $6
         ), added as (
           insert into news_delivery (issue_id, account_id) select $4, account_id from next
           on conflict (issue_id, account_id) do nothing returning account_id
         )
         select max(account_id) as last, count(*)::int as seen, (select count(*)::int from added) as added from next`,
        [...audienceOf(issue), issue.id, after ?? '', limit],
      );
      return row && row.last !== null ? { ...row, last: row.last } : undefined;
    },
    work: (limit, deliver) =>
      database.transaction(async (tx) => {
        const rows = await tx.query<Row>(
          `${DELIVERIES} where d.state = 'waiting' order by d.at, d.account_id limit $1 for update of d skip locked`,
          [limit],
        );
        for (const row of rows) {
          const outcome = await deliver(toDelivery(row), tx);
          await settle(tx, row, outcome.state, outcome.state === 'skipped' ? outcome.reason : null);
        }
        return rows.length;
      }),
    async delivery(issueId, accountId) {
      const [row] = await database.query<Row>(`${DELIVERIES} where d.issue_id = $1 and d.account_id = $2`, [
        issueId,
        accountId,
      ]);
      return row && toDelivery(row);
    },
  };
}

async function settle(tx: Queryable, { issue_id, account_id }: Row, state: string, reason: string | null) {
  await tx.query(
    'update news_delivery set state = $3, reason = $4, at = now() where issue_id = $1 and account_id = $2',
    [issue_id, account_id, state, reason],
  );
}

function toDelivery(row: Row): Delivery {
  const { issue_id: id, channel, subject, body, sender, organisation_id } = row;
  return {
    issue: {
      id,
      channel,
      subject,
      body,
      from:
        sender === 'organisation' ? { sender, organisationId: organisation_id ?? '' } : { sender: 'union' },
    },
    accountId: row.account_id,
    agreed: row.agreed,
    ...(row.phone !== null && { phone: row.phone }),
  };
}
