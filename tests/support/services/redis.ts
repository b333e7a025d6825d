/** Throw-away Redis servers: one alone, a Cluster of three, a master with a replica and three Sentinels. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { createDirectory, type Server, startServer } from './server.ts';

const SLOTS = 16_384;
const BUS_DISTANCE = 10_000;
const READY = /Ready to accept connections/i;
export const MASTER_NAME = 'union-id';

type Setting = readonly [name: string, ...values: (string | number)[]];

export async function startRedis(binary: string): Promise<Server & { url: string }> {
  const port = await freePort();
  const server = await startNode(binary, port, [['databases', 256]]);
  return { ...server, url: `redis://127.0.0.1:${port}` };
}

/** Three masters that share the slots. */
export async function startCluster(binary: string): Promise<Server & { nodes: string[] }> {
  const ports: number[] = [];
  while (ports.length < 3) {
    const port = await freePort(BUS_DISTANCE);
    if (!ports.includes(port)) ports.push(port);
  }
  const servers = await Promise.all(
    ports.map((port) =>
      startNode(binary, port, [
        ['cluster-enabled', 'yes'],
        ['cluster-config-file', 'nodes.conf'],
        ['cluster-node-timeout', 2_000],
      ]),
    ),
  );
  const clients = ports.map((port) => new Redis(port, '127.0.0.1'));
  try {
    const share = Math.ceil(SLOTS / clients.length);
    await Promise.all(
      clients.map(async (client, index) => {
        const first = index * share;
        const slots = Array.from({ length: Math.min(share, SLOTS - first) }, (_, offset) => first + offset);
        await client.call('cluster', 'set-config-epoch', index + 1);
        await client.cluster('ADDSLOTS', ...slots);
      }),
    );
    await Promise.all(ports.slice(1).map((port) => clients[0]!.cluster('MEET', '127.0.0.1', port)));
    await Promise.all(clients.map(whole));
  } finally {
    for (const client of clients) client.disconnect();
  }
  return { nodes: ports.map((port) => `redis://127.0.0.1:${port}`), stop: () => stopAll(servers) };
}

/** Resolves once the node knows who serves every slot. */
async function whole(node: Redis): Promise<void> {
  while (!/cluster_state:ok.*cluster_known_nodes:3/s.test(await node.cluster('INFO'))) await sleep(50);
}

export async function startSentinel(
  binary: string,
): Promise<Server & { master: string; sentinels: string[] }> {
  const port = await freePort();
  const master = await startNode(binary, port, []);
  const replica = await startNode(binary, await freePort(), [['replicaof', '127.0.0.1', port]]);
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  const sentinels = await Promise.all(
    ports.map((sentinelPort) =>
      startNode(
        binary,
        sentinelPort,
        [
          ['sentinel', 'monitor', MASTER_NAME, '127.0.0.1', port, 2],
          ['sentinel', 'down-after-milliseconds', MASTER_NAME, 1_000],
          ['sentinel', 'failover-timeout', MASTER_NAME, 3_000],
        ],
        '--sentinel',
      ),
    ),
  );
  return {
    master: `redis://${MASTER_NAME}`,
    sentinels: ports.map((sentinelPort) => `redis://127.0.0.1:${sentinelPort}`),
    stop: () => stopAll([...sentinels, replica, master]),
  };
}

async function startNode(binary: string, port: number, settings: readonly Setting[], mode?: '--sentinel') {
  const directory = await createDirectory('redis');
  const file = join(directory, 'redis.conf');
  const common: Setting[] = [
    ['port', port],
    ['bind', '127.0.0.1'],
    ['dir', directory],
    ...(mode
      ? []
      : ([
          ['save', '""'],
          ['appendonly', 'no'],
          ['repl-diskless-sync-delay', 0],
        ] as const)),
  ];
  await writeFile(file, [...common, ...settings].map((setting) => `${setting.join(' ')}\n`).join(''));
  return startServer({
    command: [binary, file, ...(mode ? [mode] : [])],
    directory,
    readyLine: mode ? /Sentinel ID is/ : READY,
  });
}

async function stopAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
}
