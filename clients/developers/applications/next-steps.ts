/** «Что дальше»: what stands between an application and everybody's use of it. Pure. */
import type { AccessRequest, Integration } from '../api/shapes.ts';
import { redirects } from './application-form.ts';

export type NextStep = {
  readonly name: 'registered' | 'keys' | 'quick_start' | 'try' | 'check' | 'production';
  /** Known of the step; undefined where only the developer knows. */
  readonly done?: boolean;
  /** Below the application's own address. */
  readonly path?: string;
};

export function nextSteps(
  { kind, stage, authentication, jwks, jwks_uri, secrets }: Integration,
  requests: readonly AccessRequest[],
): readonly NextStep[] {
  const proves = authentication === 'keys' ? Boolean(jwks ?? jwks_uri) : secrets.length > 0;
  const asked = requests.some(({ state, wanted }) => state === 'pending' && wanted === 'production');
  return [
    { name: 'registered', done: true },
    ...(authentication === 'none'
      ? []
      : [{ name: 'keys', done: proves, path: authentication === 'keys' ? 'edit' : 'secrets' } as const]),
    { name: 'quick_start', path: 'quick-start' },
    ...(redirects(kind) && stage === 'test' ? [{ name: 'try', path: 'try' } as const] : []),
    ...(redirects(kind) && kind !== 'native' ? [{ name: 'check', path: 'check' } as const] : []),
    { name: 'production', done: stage === 'production', ...(!asked && { path: 'request' }) },
  ];
}
