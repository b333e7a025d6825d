#!/usr/bin/env node
/** A subsystem of ЭПОС as a process. */
import { runPortal } from '../../relying-party/run.ts';
import { readSubsystemSettings } from './settings.ts';
import { startSubsystem } from './subsystem.ts';

await runPortal(readSubsystemSettings, startSubsystem);
