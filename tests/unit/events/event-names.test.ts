/** Whatever is written into the trail has a name that support staff can read, and nothing else has. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { STAFF_CHANGES, STAFF_VIEWS } from '../../../provider/events/told.ts';
import { catalogues } from '../../../provider/http/texts.ts';

const ROOT = new URL('../../../', import.meta.url);
const SNAKE = /'([a-z]+(?:_[a-z]+)*)'/g;
const NAMED = /\bevent(?:: | = )'([a-z_]+)'/g;
/** Where the name is the first argument. */
const CALLED = /\b(?:told|done|decided|ofMember|ofOrder|incident|roleEntry)\(\s*'([a-z_]+)'/g;

const sources = (folder: string): readonly string[] =>
  readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(`${folder}/${name}`, ROOT), 'utf8'));
const all = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, name = '']) => name);
/** The members of a union type, or the strings of a call. */
const within = (text: string, from: string, to: string): readonly string[] => {
  const start = text.indexOf(from);
  expect(start, from).toBeGreaterThan(-1);
  return all(text.slice(start, text.indexOf(to, start)), SNAKE);
};
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

/** Counted or logged, but in no trail. */
const UNTRAILED = new Set([
  ...['registration_letter', 'reset_asked', 'token_issue', 'upstream_fault', 'audit_sealed'],
  ...['signing_pair_refused', 'signing_pair_expiring', 'resource_read'],
]);

function written(): ReadonlySet<string> {
  const texts = [...sources('provider'), ...sources('adapters')];
  const nouns = [...sources('provider/cli/import'), ...sources('provider/cli/export')].flatMap((text) =>
    /import|export/.test(text) ? all(text, /\bnoun: '([a-z]+)'/g).map((noun) => [noun, text] as const) : [],
  );
  return new Set(
    [
      ...texts.flatMap((text) => all(text, NAMED)),
      ...[...sources('provider/events'), read('provider/cli/school.ts')].flatMap((text) => all(text, CALLED)),
      ...all(read('provider/events/names.ts'), SNAKE),
      ...within(read('provider/events/operators.ts'), 'export type DeskAct', ';').map(
        (act) => `staff_${act}`,
      ),
      ...within(read('provider/cli/staff.ts'), 'const event =', ';').filter((name) => name.includes('_')),
      ...all(read('provider/cli/clients.ts'), /'(client_[a-z]+)',\n/g).filter((name) => name !== 'client_id'),
      ...nouns.map(([noun, text]) => `${noun}_${text.includes('ExportPlan') ? 'export' : 'import'}`),
    ].filter((name) => !UNTRAILED.has(name)),
  );
}

it('every event that can be written has a name, and every name an event', () => {
  expect([...written()].sort()).toEqual(Object.keys(catalogues.ru.event).sort());
});

it('what an incident is told by are events', () => {
  for (const name of [...STAFF_CHANGES, ...STAFF_VIEWS]) expect(catalogues.ru.event).toHaveProperty(name);
});
