/** Requests as bytes: what no client library would send. */
import { connect } from 'node:net';

export type WireAnswer = {
  /** 0: the connection was closed without an answer. */
  readonly status: number;
  /** Names in lower case; repeated ones joined by line breaks. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** Everything that came back. */
  readonly text: string;
};

/** `patience`: milliseconds without a complete answer after which the connection is given up. */
export function sendBytes(port: number, bytes: Buffer | string, patience = 2_000): Promise<WireAnswer> {
  return new Promise((resolve) => {
    const received: Buffer[] = [];
    const socket = connect(port, 'localhost');
    socket.setTimeout(patience, () => socket.destroy());
    socket.on('data', (chunk) => received.push(chunk));
    // A reset is an answer, too.
    socket.on('error', () => {});
    socket.on('close', () => resolve(parse(Buffer.concat(received).toString('utf8'))));
    socket.write(bytes);
  });
}

function parse(text: string): WireAnswer {
  const [head = '', ...rest] = text.replace(/^HTTP\/1\.1 100 [^\r]*\r\n\r\n/, '').split('\r\n\r\n');
  const [line = '', ...fields] = head.split('\r\n');
  const headers = new Map<string, string>();
  for (const field of fields) {
    const colon = field.indexOf(':');
    const name = field.slice(0, colon).toLowerCase();
    const value = field.slice(colon + 1).trim();
    headers.set(name, headers.has(name) ? `${headers.get(name)}\n${value}` : value);
  }
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(line)?.[1] ?? 0);
  return { status, headers, body: rest.join('\r\n\r\n'), text };
}
