/** The OpenAPI document of the port as we serve it: what we ask of others, word for word, with our own door before it. */
import { readFileSync } from 'node:fs';
import { REGISTRY_SCOPES, registryOf } from '../oidc/resources.ts';

const PORT = readFileSync(new URL('../../docs/operators/registry.yaml', import.meta.url), 'utf8');
/** Everything after the introduction, which speaks of a register that is not ours. */
const OPERATIONS = PORT.slice(PORT.indexOf('\nsecurity:'));
const DOOR = 'token: { type: http, scheme: bearer }';

export function portDocument(issuer: string): string {
  const introduction = `openapi: 3.1.0
info:
  title: Union ID – the register of members
  version: "1"
  description: |
    Where Union ID keeps the register itself, 1С or another gateway asks it here. A machine sees what lies below its
    organisation and nothing else; an operator lets it in («union-id register-clients»). ${REGISTRY_SCOPES[0]} is for
    everything but POST /v1/applications, which needs ${REGISTRY_SCOPES[1]}.
servers:
  - url: ${registryOf(issuer)}`;
  const door = `token:
      type: oauth2
      description: Access tokens with resource=${registryOf(issuer)}
      flows:
        clientCredentials:
          tokenUrl: ${issuer}/token
          scopes:
            "${REGISTRY_SCOPES[0]}": Read organisations, members and changes
            "${REGISTRY_SCOPES[1]}": Send applications`;
  return introduction + OPERATIONS.replace(DOOR, door);
}
