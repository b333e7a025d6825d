/** Signs by a service on the network (a box with certified cryptography, an HSM's front), over mutual TLS where it asks for it. */
import { readFileSync } from 'node:fs';
import { Agent, fetch } from 'undici';
import { SignerMisconfigured, type SignerSettings, SignerUnavailable } from './signer.ts';
import type { Way } from './way.ts';

type Service = Omit<Extract<SignerSettings, { kind: 'http' }>, 'kind' | 'folder' | 'reverse'>;

/** More than any signature has. */
const LARGEST_ANSWER = 4_096;

export function signByService({ url, tls }: Service): Way {
  const dispatcher = new Agent({
    maxResponseSize: LARGEST_ANSWER,
    ...(tls && {
      connect: { cert: pem(tls.certificate), key: pem(tls.key), ...(tls.ca && { ca: pem(tls.ca) }) },
    }),
  });
  return async (message, { name }, signal) => {
    try {
      const response = await fetch(url.replaceAll('{name}', encodeURIComponent(name)), {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream', accept: 'application/octet-stream' },
        body: message,
        redirect: 'error',
        signal,
        dispatcher,
      });
      const answer = Buffer.from(await response.arrayBuffer());
      if (response.status === 200) return answer;
      throw new SignerUnavailable(`The signing service answered ${response.status}.`);
    } catch (error) {
      if (error instanceof SignerUnavailable) throw error;
      const { name: kind, cause } = error as Error;
      const reason = signal.aborted ? 'no answer in time' : ((cause as NodeJS.ErrnoException)?.code ?? kind);
      throw new SignerUnavailable(`The signing service cannot be used: ${reason}.`);
    }
  };
}

function pem(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new SignerMisconfigured(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
