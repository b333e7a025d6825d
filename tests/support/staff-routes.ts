/** Every route of staff with its rule, read from the very list that mounts them. */

import { type CaseNeeds, caseRoutes } from '../../provider/cases/routes.ts';
import { type ContingentNeeds, contingentRoutes } from '../../provider/education/contingent-routes.ts';
import { type StaffAreaNeeds, staffAreas } from '../../provider/staff/areas.ts';
import type { RouteName, Rule } from '../../provider/staff/rule.ts';

export type StaffRoute = {
  readonly name: RouteName;
  readonly method: 'GET' | 'POST';
  /** With `:organisation` and the like. */
  readonly path: string;
  readonly rule: Rule;
};

/** Stands for whatever an area needs: nothing is asked of it before a request comes. */
const anything: unknown = new Proxy(() => anything, { get: () => anything });

export function staffRouteTable(): readonly StaffRoute[] {
  return staffAreas(anything as StaffAreaNeeds)
    .flat()
    .map(({ name, rule }) => {
      const [method = '', path = ''] = name.split(' ');
      return { name, method: method as StaffRoute['method'], path, rule };
    });
}

/** Of the desks of cases and of «Контингент», whose seats are no offices; but for the way back from a sign-in. */
export function deskRouteTable(): readonly Pick<StaffRoute, 'name' | 'method' | 'path'>[] {
  const routers = [caseRoutes(anything as CaseNeeds), contingentRoutes(anything as ContingentNeeds)];
  return routers
    .flatMap(({ stack }) => stack)
    .map(({ methods, path }) => {
      const method = methods.includes('POST') ? ('POST' as const) : ('GET' as const);
      return { name: `${method} ${String(path)}` as RouteName, method, path: String(path) };
    })
    .filter(({ path }) => !path.endsWith('/enter'));
}

export const paramsOf = (path: string): readonly string[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);

/** Throws for a parameter nobody has given a value: a new kind of object wants one of its own to be looked for. */
export function fillPath(path: string, values: Readonly<Record<string, string>>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for :${name} of ${path}`);
    return encodeURIComponent(value);
  });
}
