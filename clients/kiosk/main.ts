#!/usr/bin/env node
/** The kiosk as a process: one for each screen. */
import { runPortal } from '../relying-party/run.ts';
import { startKiosk } from './kiosk.ts';
import { readKioskSettings } from './settings.ts';

await runPortal(readKioskSettings, startKiosk);
