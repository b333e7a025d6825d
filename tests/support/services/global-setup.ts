/** Starts what a vitest project needs before its first test; projects of one run share what is there. */
import type { TestProject } from 'vitest/node';
import { requireGostTools } from '../esia/openssl.ts';
import { openRunLog } from '../run-log.ts';
import { requireStackTools } from '../stacks/tools.ts';
import { type Addresses, type Services, startServices, type Wish } from './services.ts';

declare module 'vitest' {
  interface ProvidedContext {
    services: Addresses;
  }
}

const WISHES: Readonly<Record<string, Wish>> = {
  contract: { postgres: true, redis: true, cluster: true, sentinel: true },
  e2e: { postgres: true, redis: true },
  conformance: { postgres: true, redis: true },
  browser: { postgres: true, redis: true, chromium: true },
};

/** Each project loads this file anew, so what they share hangs on the process. */
type Shared = { addresses: Addresses; services: Services[]; users: number };
const process_ = globalThis as { [SHARED]?: Shared };
const SHARED = Symbol.for('union-id test services');

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  openRunLog();
  process_[SHARED] ??= { addresses: {}, services: [], users: 0 };
  const shared = process_[SHARED];
  if (project.name === 'contract') await requireGostTools();
  if (project.name === 'e2e') await requireStackTools();
  const wish = WISHES[project.name] ?? {};
  const missing = Object.entries(wish).filter(([name]) => !(name in shared.addresses));
  const services = await startServices(Object.fromEntries(missing));
  Object.assign(shared.addresses, services.addresses);
  shared.services.push(services);
  shared.users += 1;
  project.provide('services', shared.addresses);
  return async () => {
    shared.users -= 1;
    if (shared.users === 0) await Promise.all(shared.services.splice(0).map((each) => each.stop()));
  };
}
