/** What the Dictation needs beside the settings of every portal. */
import { z } from 'zod';
import { type Environment, readSettings } from '../relying-party/settings.ts';

const fields = {
  ANSWERS_FROM: z.iso
    .datetime({ offset: true })
    .transform((moment) => new Date(moment))
    .optional()
    .describe('Moment from which the right answers are shown; without it, as soon as somebody has finished.'),
};

export type DictationSettings = ReturnType<typeof readDictationSettings>;

/** Throws SettingsError that names every fault. */
export function readDictationSettings(environment: Environment) {
  return readSettings(environment, fields);
}
