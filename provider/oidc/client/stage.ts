/** How far an application has come, as its metadata says it: absent for clients that an operator has registered. */
import type { Client } from 'oidc-provider';
import { z } from 'zod';
import { STAGES, type Stage } from '../../../adapters/integration-store/integration-store.ts';

export const STAGE_SHAPES = { stage: z.enum(STAGES) } as const;
export const STAGE_EXPECTED: Record<keyof typeof STAGE_SHAPES, string> = {
  stage: `must be one of ${STAGES.join(', ')}`,
};

export const isInTest = (client: Client): boolean => (client as { stage?: Stage }).stage === 'test';
