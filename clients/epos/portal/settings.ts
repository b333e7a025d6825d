/** What the portal of ЭПОС needs beside the settings of every portal. */
import { z } from 'zod';
import { type Environment, readSettings } from '../../relying-party/settings.ts';

const fields = {
  ESIA_HINT: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/)
    .default('esia')
    .describe('Name under which the gateway knows ЕСИА: «Вход через ЕСИА» leads straight there.'),
  SUPPORT_EMAIL: z.email().describe('Address of «Написать в техподдержку».'),
};

export type EposPortalSettings = ReturnType<typeof readPortalSettings>;

/** Throws SettingsError that names every fault. */
export function readPortalSettings(environment: Environment) {
  return readSettings(environment, fields);
}
