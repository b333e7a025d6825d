/** A portal as a process: settings, start, and an orderly end. */
import { type Logger, pino } from 'pino';
import type { RunningPortal } from './portal.ts';
import { type Environment, EXIT_CONFIG, type PortalSettings, SettingsError } from './settings.ts';

/** Ends the process with 78 when the settings are wrong, naming every fault. */
export async function runPortal<Settings extends Pick<PortalSettings, 'logLevel'>>(
  read: (environment: Environment) => Settings,
  start: (settings: Settings, options: { log: Logger }) => Promise<RunningPortal>,
): Promise<void> {
  const settings = settingsFrom(read);
  const log = pino({ level: settings.logLevel });
  // An unknown state is not a state to go on from: whoever watches the process starts a fresh one.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (err: unknown) => {
      log.fatal({ err }, event);
      process.exit(1);
    });
  }
  const portal = await start(settings, { log });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void portal.stop().then(() => process.exit(0)));
  }
}

function settingsFrom<Settings>(read: (environment: Environment) => Settings): Settings {
  try {
    return read(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(`The portal cannot start. Please correct its settings:\n\n${error.message}\n`);
    process.exit(EXIT_CONFIG);
  }
}
