/** Which guides «Нормативно-справочная информация» has (E-06), in their order, and whom each is for. Not what they say. */
import type { OrganisationKind } from '../../adapters/office-store/office-store.ts';

export const GUIDE_GROUPS = {
  ways: ['email', 'ticket', 'gosuslugi', 'rsaa', 'second-factor', 'recovery', 'joining'],
  roles: [
    ...(['member', 'primary-chair', 'territorial-chair', 'contingent', 'support'] as const),
    ...(['operator', 'incident', 'integrator'] as const),
  ],
  chairs: [
    ...(['algorithm', 'one-c', 'video', 'undertaking', 'passport'] as const),
    ...(['members', 'consents', 'orders', 'handing-out'] as const),
  ],
} as const;

export type GuideGroup = keyof typeof GUIDE_GROUPS;
export type GuideId = (typeof GUIDE_GROUPS)[GuideGroup][number];

export const GUIDES: readonly GuideId[] = Object.values(GUIDE_GROUPS).flat();

export function isGuideId(id: string): id is GuideId {
  return GUIDES.some((guide) => guide === id);
}

export const guidePath = (id: GuideId): string => `/guides/${id}`;

/** What everybody with an office reads first (E-03): how to begin, the client, the video and the undertaking. */
const FIRST = ['algorithm', 'one-c', 'video', 'undertaking'] as const satisfies readonly GuideId[];
/** Handed over with a personal login (E-03): the client, of the АИС alone, the video, and how to begin. */
export const guidesOfCredentials = (register: boolean): readonly GuideId[] =>
  register ? ['video', 'algorithm'] : ['one-c', 'video', 'algorithm'];
/** About the register kept by ourselves, and so of no use where the АИС keeps it. */
const OF_REGISTER = [
  ...(['passport', 'members', 'consents', 'orders', 'handing-out'] as const),
] as const satisfies readonly GuideId[];

/** Those that whoever acts for such an organisation is to read. */
export function guidesFor({
  kind,
  register,
}: {
  readonly kind: OrganisationKind;
  readonly register: boolean;
}): readonly GuideId[] {
  if (kind === 'without_primary') return [];
  if (kind !== 'primary') return [...FIRST, 'territorial-chair', ...(register ? (['orders'] as const) : [])];
  return [...FIRST, 'primary-chair', ...(register ? OF_REGISTER : [])];
}

/** The guide for a way in through somebody else. */
export function guideOfUpstream({
  id,
  kind,
}: {
  readonly id: string;
  readonly kind: string;
}): GuideId | undefined {
  if (kind === 'esia') return 'gosuslugi';
  return id === 'rsaa' ? 'rsaa' : undefined;
}
