#!/usr/bin/env node
/** «Для разработчиков» as a process. */
import { runPortal } from '../relying-party/run.ts';
import { startPortal } from './portal.ts';
import { readDevelopersSettings } from './settings.ts';

await runPortal(readDevelopersSettings, startPortal);
