/** The proxy that ends TLS before a gateway, as every operator has one. */
import { request } from 'node:http';
import { createServer } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { localhostCertificate } from './certificate.ts';

export type TlsFront = {
  /** PEM, for programs that are to trust it. */
  readonly cert: string;
  close(): Promise<void>;
};

/**
 * `https://localhost:<port>` before a gateway on another port. From now on this process trusts its certificate, and no
 * longer that of a former front: they bear one name, and OpenSSL would look at the first alone.
 */
export async function tlsFront(port: number, gatewayPort: number): Promise<TlsFront> {
  const certificate = localhostCertificate();
  setDefaultCACertificates([...getCACertificates('bundled'), certificate.cert]);
  const server = createServer(certificate, (incoming, outgoing) => {
    const { method, url, headers, socket } = incoming;
    const onward = request(
      {
        host: 'localhost',
        port: gatewayPort,
        method,
        path: url,
        headers: {
          ...headers,
          'x-forwarded-for': socket.remoteAddress,
          'x-forwarded-host': headers.host,
          'x-forwarded-proto': 'https',
        },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve));
  return {
    cert: certificate.cert,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
