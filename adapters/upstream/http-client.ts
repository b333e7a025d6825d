/**
 * Calls to somebody else's system: a time limit for all of it, a cap on what is read, no redirects, one more try only
 * when the connection broke before anything came back.
 */
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { Agent, request } from 'undici';
import { UpstreamFault } from './upstream.ts';

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

export type Call = {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** Throws UpstreamFault of the kind «outage». */
export type HttpClient = (url: string | URL, call?: Call) => Promise<Answer>;

export type HttpClientOptions = {
  readonly timeoutMilliseconds: number;
  readonly ca?: string | undefined;
};

const LARGEST_ANSWER = 1024 * 1024;
const BROKEN = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

export function httpClient({ timeoutMilliseconds, ca }: HttpClientOptions): HttpClient {
  const dispatcher = new Agent({
    maxResponseSize: LARGEST_ANSWER,
    connect: {
      timeout: timeoutMilliseconds,
      ...(ca !== undefined && { ca: [...rootCertificates, readFileSync(ca, 'utf8')] }),
    },
  });

  return async (url, { method = 'GET', headers = {}, body } = {}) => {
    const signal = AbortSignal.timeout(timeoutMilliseconds);
    const options = {
      method,
      // Compressed bodies would not be capped by what they become.
      headers: { ...headers, 'accept-encoding': 'identity' },
      ...(body !== undefined && { body }),
      signal,
      dispatcher,
    };
    try {
      const response = await request(url, options).catch((error: unknown) => {
        if (!BROKEN.has(codeOf(error))) throw error;
        return request(url, options);
      });
      return {
        status: response.statusCode,
        headers: response.headers,
        body: await response.body.text(),
      };
    } catch (error) {
      const code = signal.aborted ? 'timeout' : codeOf(error);
      // The error itself may hold the address, and with it a code.
      throw new UpstreamFault('outage', code);
    }
  };
}

function codeOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : name;
}
