/** Each requirement of the register's road map (domain.md §1.5) has a page that exists and a test that exists. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GUIDES, guidePath } from '../../../provider/guides/guides.ts';
import { staffRouteTable } from '../../support/staff-routes.ts';

const FILE = new URL('../../../docs/operators/seven-steps.md', import.meta.url);
const text = readFileSync(FILE, 'utf8');
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('| E-'))
  .map((line) => {
    const [number = '', , where = '', test = ''] = line
      .slice(1)
      .split('|')
      .map((cell) => cell.trim());
    return {
      number,
      pages: [...where.matchAll(/`(\/[^`]+)`/g)].map(([, path = '']) => path),
      test: /\]\(([^)]+)\)/.exec(test)?.[1] ?? '',
    };
  });

const scenarios = [...text.matchAll(/^\| (SYS-\d\d) .*\]\(([^)]+)\)/gm)].map(([, system, test]) => ({
  ...{ system, test: test ?? '' },
}));

const GETS = staffRouteTable().filter(({ method }) => method === 'GET');
const isRoute = (path: string): boolean =>
  GETS.some((route) => new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`).test(path));
const isGuide = (path: string): boolean => path === '/guides' || GUIDES.some((id) => path === guidePath(id));

describe('the road map', () => {
  it('is there from E-01 to E-19', () => {
    const wanted = Array.from({ length: 19 }, (_, at) => `E-${String(at + 1).padStart(2, '0')}`);
    expect(rows.map(({ number }) => number)).toEqual(wanted);
  });

  it.each(rows)('$number is where it says', ({ pages, test }) => {
    for (const path of pages) expect(isRoute(path) || isGuide(path), path).toBe(true);
    expect(existsSync(new URL(test, FILE)), test).toBe(true);
  });

  it('names a walk through a browser for each of its systems', () => {
    const systems = new Set(scenarios.map(({ system }) => system));
    expect([...systems]).toEqual(['SYS-06', 'SYS-07', 'SYS-14', 'SYS-18', 'SYS-19']);
    for (const { system, test } of scenarios) {
      expect(test).toContain('tests/browser/');
      expect(readFileSync(new URL(test, FILE), 'utf8'), test).toContain(system);
    }
  });
});
