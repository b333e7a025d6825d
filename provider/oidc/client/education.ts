/** A relying party of ЭПОС as the rules of the region see it. */
import type { Client } from 'oidc-provider';
import type { EducationClient } from '../../education/roles.ts';
import { requiredRoles } from './admission.ts';

export function educationClient(client: Client): EducationClient {
  const { clientId, scope } = client;
  const isLauncher = scope?.split(' ').includes('edu_subsystems') ?? false;
  return { clientId, isLauncher, roles: requiredRoles(client) };
}
