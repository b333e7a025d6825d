/** What «Для разработчиков» needs: the settings of every portal and, for what it cannot answer, a mailbox. */
import { z } from 'zod';
import { type Environment, readSettings } from '../relying-party/settings.ts';

const fields = {
  SUPPORT_EMAIL: z.email().optional().describe('Whom a developer writes to; without it none is named.'),
};

export type DevelopersSettings = ReturnType<typeof readDevelopersSettings>;

/** Throws SettingsError that names every fault. */
export function readDevelopersSettings(environment: Environment) {
  return readSettings(environment, fields);
}
