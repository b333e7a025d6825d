/** What a subsystem of ЭПОС needs beside the settings of every portal. */
import { z } from 'zod';
import { type Environment, origin, readSettings } from '../../relying-party/settings.ts';

export const SUBSYSTEMS = ['school', 'kontingent', 'diary'] as const;

const fields = {
  SUBSYSTEM: z.enum(SUBSYSTEMS).describe('Which of them it is: its name, its texts, its colours.'),
  PORTAL_URL: origin.describe('Address of the portal of ЭПОС, the way back.'),
};

export type SubsystemSettings = ReturnType<typeof readSubsystemSettings>;

/** Throws SettingsError that names every fault. */
export function readSubsystemSettings(environment: Environment) {
  return readSettings(environment, fields);
}
