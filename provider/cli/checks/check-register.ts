/** Does the external member register answer as its port says? Asks for what costs it nothing and tells it nobody's data. */
import { type Registry, RegistryUnavailable } from '../../../adapters/registry/registry.ts';
import { type Finding, findings, reasonOf } from './finding.ts';

export async function checkRegister(
  registry: Pick<Registry, 'searchOrganisations'>,
): Promise<readonly Finding[]> {
  const { found, ok, warning, wrong } = findings('register');
  try {
    const some = await registry.searchOrganisations({ words: [{ text: 'школа', whole: false }], limit: 1 });
    if (some.length > 0) ok('answers, and finds organisations');
    else warning('answers, but finds no school', 'Are there organisations in it? Nobody could apply.');
  } catch (error) {
    if (!(error instanceof RegistryUnavailable)) throw error;
    wrong(
      `does not answer: ${reasonOf(error.cause ?? error)}`,
      'Are REGISTRY_URL and REGISTRY_TOKEN right, and does it speak the port of docs/operators/registry.yaml? Until then applications wait here.',
    );
  }
  return found;
}
