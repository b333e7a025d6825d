#!/usr/bin/env node
/** The site of PROFCARDS as a process. */
import { runPortal } from '../../relying-party/run.ts';
import { readSiteSettings, startPortal } from './portal.ts';

await runPortal(readSiteSettings, startPortal);
