#!/usr/bin/env node
/** The Dictation as a process. */
import { runPortal } from '../relying-party/run.ts';
import { startPortal } from './portal.ts';
import { readDictationSettings } from './settings.ts';

await runPortal(readDictationSettings, startPortal);
