import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from 'vitest';

describe('the network of the tests', () => {
  it.each(['192.0.2.1', 'id.example', '2001:db8::1', '127.0.0.1.id.example', '10.0.0.1'])(
    'ends before %s',
    async (host) => {
      expect(() => connect(443, host)).toThrow(host);
      expect(() => connect({ port: 443, host })).toThrow(host);
      expect(() => connectTls({ port: 443, host })).toThrow(host);
      const url = host.includes(':') ? `https://[${host}]/` : `https://${host}/`;
      await expect(fetch(url)).rejects.toMatchObject({
        cause: { message: expect.stringContaining('outside this machine') },
      });
    },
  );

  it.each(['127.0.0.1', 'localhost', undefined])('includes %s', async (host) => {
    const server = createServer((socket) => socket.end('hello'));
    server.listen(0, 'localhost' === host || host === undefined ? 'localhost' : host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const socket = host === undefined ? connect(port) : connect(port, host);
    const [bytes] = await once(socket, 'data');
    expect(String(bytes)).toBe('hello');
    server.close();
  });
});
