/** The Union's own portals as processes. */
import type { PortalProcess } from './portal-process.ts';
import type { SandboxSecrets } from './secrets.ts';
import type { SandboxSettings } from './settings.ts';

export function unionProcesses({ urls, ports }: SandboxSettings, secrets: SandboxSecrets): PortalProcess[] {
  const portal = (name: 'dictation' | 'compass', environment: Record<string, string>): PortalProcess => ({
    ...{ file: `${name}/main.ts`, clientId: name, url: urls[name], port: ports[name], environment },
  });
  return [
    portal('dictation', { CLIENT_PRIVATE_KEY: JSON.stringify(secrets.dictationKey) }),
    portal('compass', { CLIENT_SECRET: secrets.compassSecret }),
  ];
}
