/** HTTP to one server over kept connections, with as little ado as possible: the generator must not be the bottleneck. */
import { Pool } from 'undici';

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

export type Request = {
  readonly method: 'GET' | 'POST';
  /** Below the origin, with the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
};

export type Connection = {
  request(request: Request): Promise<Answer>;
  close(): Promise<void>;
};

const PATIENCE_MILLISECONDS = 15_000;

export function connect(origin: string, connections: number): Connection {
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    headersTimeout: PATIENCE_MILLISECONDS,
    bodyTimeout: PATIENCE_MILLISECONDS,
  });
  return {
    async request({ method, path, headers, form }) {
      const {
        statusCode,
        headers: received,
        body,
      } = await pool.request({
        method,
        path,
        headers: { ...headers, ...(form && { 'content-type': 'application/x-www-form-urlencoded' }) },
        ...(form && { body: new URLSearchParams(form).toString() }),
      });
      return { status: statusCode, headers: received, body: await body.text() };
    },
    close: () => pool.close(),
  };
}
