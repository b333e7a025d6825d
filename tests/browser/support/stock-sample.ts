/**
 * The sample application of oidc-client-ts as its authors publish it, served the way their bundler would. Only the
 * authority and the client id of its settings are ours.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

export type StockSample = {
  /** The page of the sample: start, redirect and post-logout address in one. */
  readonly url: string;
  /** Before this the sample knows nobody to ask. */
  use(authority: string, clientId: string): void;
  stop(): Promise<void>;
};

const EXAMPLES = new URL('../../e2e/libraries/examples/oidc-client-ts/', import.meta.url);
const LIBRARY = new URL(
  '../../../node_modules/oidc-client-ts/dist/browser/oidc-client-ts.js',
  import.meta.url,
);

export async function startStockSample(port: number): Promise<StockSample> {
  const read = (file: URL) => readFile(file, 'utf8');
  const [html, sample, settings, library] = await Promise.all([
    ...['sample.html', 'sample.js', 'sample-settings.js'].map((name) =>
      read(new URL(`${name}.txt`, EXAMPLES)),
    ),
    read(LIBRARY),
  ]);
  /** Addresses as the files' own imports name them. */
  const files = new Map<string, readonly [type: string, text: string | undefined]>([
    ['/oidc-client/sample.html', ['text/html', html]],
    ['/oidc-client/sample.js', ['text/javascript', sample]],
    [
      '/src',
      [
        'text/javascript',
        `${library}
export const { Log, OidcClient } = oidc;`,
      ],
    ],
    ['/app.css', ['text/css', '']],
    ['/favicon.ico', ['image/x-icon', '']],
  ]);
  const server = createServer((request, response) => {
    const [type, text] = files.get(new URL(request.url ?? '', 'http://here').pathname) ?? [];
    if (type === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(text);
  });
  server.listen(port, 'localhost');
  await once(server, 'listening');
  return {
    url: `http://localhost:${port}/oidc-client/sample.html`,
    use(authority, clientId) {
      const ours = settings
        ?.replace(/(?<=authority: ")[^"]*/, authority)
        .replace(/(?<=client_id: ")[^"]*/, clientId);
      files.set('/oidc-client/sample-settings', ['text/javascript', ours]);
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
