#!/usr/bin/env node
/** The Compass as a process. */
import { runPortal } from '../relying-party/run.ts';
import { readCompassSettings, startPortal } from './portal.ts';

await runPortal(readCompassSettings, startPortal);
