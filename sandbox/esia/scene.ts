/** Everything one simulator holds; its routes share it. In memory: a restart forgets sessions, codes and consents. */
import { type Authority, authority } from './authority.ts';
import { type FaultBox, faultBox } from './faults.ts';
import { type Grants, grants } from './grants.ts';
import { type EsiaPeople, type EsiaPerson, esiaPeople } from './people.ts';
import type { AuthorizationRequest } from './read-request.ts';
import { type RequestLog, requestLog } from './request-log.ts';
import type { Systems } from './systems.ts';
import type { BrowserSession } from './tokens.ts';

export type SceneSettings = {
  readonly systems: Systems;
  /** Of everybody. */
  readonly password: string;
  /** Who is signed in without a page. */
  readonly autoLogin?: EsiaPerson | undefined;
  /** `iss` of the tokens. */
  readonly issuer: string;
  readonly toleranceSeconds: number;
};

export type Scene = SceneSettings & {
  readonly people: EsiaPeople;
  readonly authority: Authority;
  readonly faults: FaultBox;
  readonly grants: Grants;
  readonly log: RequestLog;
  readonly sessions: Map<string, BrowserSession>;
  /** Requests that wait for their person, by an id in the address. */
  readonly waiting: Map<
    string,
    { readonly request: AuthorizationRequest; readonly session?: BrowserSession }
  >;
  /** «mnemonic oid scope» of what was agreed to. */
  readonly consents: Set<string>;
  /** By ESIA's clock, which may be wrong on purpose. */
  now(): Date;
};

export function scene(settings: SceneSettings): Scene {
  const faults = faultBox();
  return {
    ...settings,
    people: esiaPeople(),
    authority: authority(),
    faults,
    grants: grants(),
    log: requestLog(),
    sessions: new Map(),
    waiting: new Map(),
    consents: new Set(),
    now: () => new Date(Date.now() + (faults.now().clock ?? 0) * 1_000),
  };
}
