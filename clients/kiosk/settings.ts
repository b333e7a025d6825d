/** Environment → settings of a kiosk: all faults at once. It keeps nothing, so there is no database and no key. */
import { z } from 'zod';
import { type Environment, origin, SettingsError } from '../relying-party/settings.ts';

const text = z.string().trim().min(1);

const fields = z.object({
  ISSUER: origin.describe('Address of the gateway.'),
  PUBLIC_URL: origin.describe('Address under which the screen shows the kiosk.'),
  HOST: text.default('localhost').describe('Address to listen on: whoever reaches it sees who is signed in.'),
  PORT: z.coerce.number().int().min(0).max(65_535),
  CLIENT_ID: text,
  CLIENT_SECRET: text.optional().describe('Absent: a public client.'),
  KIOSK_NAME: z
    .string()
    .regex(/^[\p{L}\d][\p{L}\d .,№-]{0,39}$/u)
    .optional()
    .describe('What the device calls itself on the phone: «Учительская, 2 этаж».'),
  IDLE_MINUTES: z.coerce
    .number()
    .min(0.01)
    .max(60)
    .default(5)
    .describe('Nobody touches it for so long: it ends.'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export type KioskSettings = {
  readonly issuer: string;
  readonly publicUrl: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly deviceName: string | undefined;
  readonly idleMinutes: number;
  readonly logLevel: string;
};

/** Throws SettingsError that names every fault. */
export function readKioskSettings(environment: Environment): KioskSettings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { data, error } = fields.safeParse(given);
  if (!data) throw new SettingsError(z.prettifyError(error));
  return {
    issuer: data.ISSUER,
    publicUrl: data.PUBLIC_URL,
    listen: { host: data.HOST, port: data.PORT },
    clientId: data.CLIENT_ID,
    clientSecret: data.CLIENT_SECRET,
    deviceName: data.KIOSK_NAME,
    idleMinutes: data.IDLE_MINUTES,
    logLevel: data.LOG_LEVEL,
  };
}
