#!/usr/bin/env node
/** The process: configuration, wiring, listeners, and an orderly end. */
import { pino } from 'pino';
import { ConfigError, EXIT_CONFIG, readConfig } from './config.ts';
import { type Serving, serve } from './serve.ts';
import { wire } from './wiring/wiring.ts';

function configuration() {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) endMisconfigured(error);
    throw error;
  }
}

function endMisconfigured({ message }: ConfigError): never {
  console.error(`Union ID cannot start. Please correct the configuration:\n\n${message}\n`);
  process.exit(EXIT_CONFIG);
}

const config = configuration();
// Lines leave in batches, a fifth of a second later at most: writing each of them at once costs more than making it.
const LOG_BATCH_BYTES = 4_096;
const LOG_FLUSH_MS = 200;
const lines = pino.destination({ dest: 1, sync: false, minLength: LOG_BATCH_BYTES });
setInterval(() => lines.flush(), LOG_FLUSH_MS).unref();
const log = pino({ level: config.logLevel }, lines);
// oidc-provider speaks to the console and has no other voice; whatever leaves this process is a line of the log.
console.info = (text: string) => log.info(text);
console.warn = (text: string) => log.warn(text);
const server = await start();

async function start(): Promise<Serving> {
  try {
    return await serve(config, await wire(config, log), log);
  } catch (error) {
    if (error instanceof ConfigError) endMisconfigured(error);
    return end(error, 'cannot start; «npm run union-id -- doctor» says what to do');
  }
}

/** An unknown state is not a state to go on from: whoever watches the process starts a fresh one. */
function end(err: unknown, why: string): never {
  log.fatal({ err }, why);
  lines.flushSync();
  process.exit(1);
}

process.once('SIGTERM', () => void server.stop('SIGTERM', config.listen.noticeMilliseconds));
process.once('SIGINT', () => void server.stop('SIGINT'));
process.on('uncaughtException', (error) => end(error, 'uncaught exception'));
process.on('unhandledRejection', (error) => end(error, 'unhandled rejection'));
