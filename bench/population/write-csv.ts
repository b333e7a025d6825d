/** The population as the files that «organisations import» and «members import» take, row by row in bounded memory. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Told } from './fill.ts';
import { membersOf, organisationsOf, type Shape } from './population.ts';

const ROWS_PER_PIECE = 2_000;

export type Files = { readonly organisations: string; readonly members: string };

export async function writeCsv(folder: string, shape: Shape, tell: Told): Promise<Files> {
  const files = { organisations: join(folder, 'organisations.csv'), members: join(folder, 'members.csv') };
  const { regional, territorial, primary, members } = shape;
  await write(files.organisations, organisationRows(shape), (done) =>
    tell('organisations.csv', done, regional + territorial + primary),
  );
  await write(files.members, memberRows(shape), (done) => tell('members.csv', done, members));
  return files;
}

type Row = readonly (string | undefined)[];

function* organisationRows(shape: Shape): Generator<Row> {
  yield ['id', 'kind', 'parent_id', 'name', 'short_name', 'town', 'region', 'inn'];
  for (const { id, kind, parentId, name, shortName, town, region, inn } of organisationsOf(shape)) {
    yield [id, kind, parentId, name, shortName, town, region, inn];
  }
}

function* memberRows(shape: Shape): Generator<Row> {
  const names = ['family_name', 'given_name', 'middle_name', 'birthdate'];
  yield ['member_id', 'organisation_id', ...names, 'membership', 'ticket_number', 'ticket_state'];
  for (const each of membersOf(shape)) {
    const { id, organisationId, family, given, middle, birthdate, membership, ticket, ticketState } = each;
    yield [id, organisationId, family, given, middle, birthdate, membership, ticket, ticketState];
  }
}

async function write(file: string, rows: Iterable<Row>, told: (done: number) => void): Promise<void> {
  const pieces = function* (): Generator<string> {
    let piece: string[] = [];
    let done = 0;
    for (const row of rows) {
      piece.push(`${row.map(cell).join(';')}\n`);
      done += 1;
      if (piece.length < ROWS_PER_PIECE) continue;
      yield piece.join('');
      piece = [];
      told(done);
    }
    yield piece.join('');
    told(done);
  };
  await pipeline(Readable.from(pieces()), createWriteStream(file));
}

/** RFC 4180 §2.6 and §2.7. */
function cell(value = ''): string {
  return /[";\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
