#!/usr/bin/env node
/** The application of PROFCARDS as a process. */
import { runPortal } from '../../relying-party/run.ts';
import { readAppSettings, startPortal } from './portal.ts';

await runPortal(readAppSettings, startPortal);
