#!/usr/bin/env node
/** The portal of ЭПОС as a process. */
import { runPortal } from '../../relying-party/run.ts';
import { startPortal } from './portal.ts';
import { readPortalSettings } from './settings.ts';

await runPortal(readPortalSettings, startPortal);
