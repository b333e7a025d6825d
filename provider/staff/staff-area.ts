/** Tables of routes and their rules become routes. A handler runs only behind the gate, with what the rule has found. */
import Router from '@koa/router';
import type { GatewayContext, GatewayState, Middleware } from '../http/context.ts';
import { formBody } from '../http/form.ts';
import type { StaffGate } from './gate.ts';
import type { Officer, OfficerAt } from './officer.ts';
import type { OrganisationRule, RouteName, Rule, StaffRules } from './rule.ts';

type Awaitable = Promise<void> | void;
type HandlerOf<R extends Rule> = R extends OrganisationRule
  ? (ctx: GatewayContext, at: OfficerAt) => Awaitable
  : (ctx: GatewayContext, officer: Officer) => Awaitable;

type Handlers<Rules extends StaffRules> = {
  readonly [Name in keyof Rules]: HandlerOf<Rules[Name] & Rule>;
};

/** A POST whose body is no form, such as a file: the route and what reads it. */
type Bodies<Rules extends StaffRules> = { readonly [Name in keyof Rules]?: Middleware };

type Entry = {
  readonly name: RouteName;
  readonly rule: Rule;
  readonly body?: Middleware;
  readonly handle: (ctx: GatewayContext, standing: never) => Awaitable;
};

export type StaffArea = readonly Entry[];

export function staffArea<const Rules extends StaffRules>(
  rules: Rules,
  handlers: Handlers<Rules>,
  bodies: Bodies<Rules> = {},
): StaffArea {
  return (Object.keys(rules) as (keyof Rules & RouteName)[]).map((name) => {
    const body = bodies[name];
    return {
      name,
      rule: rules[name] as Rule,
      handle: handlers[name] as Entry['handle'],
      ...(body && { body }),
    };
  });
}

export function staffRoutes(gate: StaffGate, areas: readonly StaffArea[]): Router<GatewayState> {
  const router = new Router<GatewayState>({ exclusive: true });
  // Of several matches the last one counts: «…/members/new» comes after «…/members/:member».
  const entries = areas.flat().sort((a, b) => literalParts(a.name) - literalParts(b.name));
  for (const { name, rule, body, handle } of entries) {
    const [method, path] = name.split(' ') as ['GET' | 'POST', string];
    const readBody: Middleware = method === 'POST' ? (body ?? formBody()) : (_ctx, next) => next();
    const enter = async (raw: unknown) => {
      const ctx = raw as GatewayContext;
      const standing =
        rule.scope === 'organisation' ? await gate.officerAt(ctx, rule) : await gate.officer(ctx, rule);
      // Nothing is read from whoever has no business here.
      if (standing) await readBody(ctx, async () => handle(ctx, standing as never));
    };
    if (method === 'GET') router.get(path, enter);
    else router.post(path, enter);
  }
  for (const entry of ['/staff/enter', '/operator/enter']) {
    router.get(entry, (raw) => gate.admit(raw as unknown as GatewayContext));
  }
  return router;
}

function literalParts(name: RouteName): number {
  return name.split('/').filter((part) => !part.startsWith(':')).length;
}
