#!/usr/bin/env node
/** The process: configuration, wiring, listeners, and an orderly end. */
import { pino } from 'pino';
import { ConfigError, EXIT_CONFIG, readConfig } from './config.ts';
import { type Serving, serve } from './serve.ts';
import { wire } from './wiring.ts';

function configuration() {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(`Union ID cannot start. Please correct the configuration:\n\n${error.message}\n`);
    process.exit(EXIT_CONFIG);
  }
}

const config = configuration();
const log = pino({ level: config.logLevel });
const server = await start();

async function start(): Promise<Serving> {
  try {
    return await serve(config, await wire(config, log), log);
  } catch (err) {
    log.fatal({ err }, 'cannot start; «npm run union-id -- doctor» says what to do');
    process.exit(1);
  }
}

process.once('SIGTERM', () => void server.stop('SIGTERM', config.listen.noticeMilliseconds));
process.once('SIGINT', () => void server.stop('SIGINT'));
// An unknown state is not a state to go on from: whoever watches the process starts a fresh one.
process.on('uncaughtException', (err) => {
  log.fatal({ err }, 'uncaught exception');
  process.exit(1);
});
process.on('unhandledRejection', (err) => {
  log.fatal({ err }, 'unhandled rejection');
  process.exit(1);
});
