/** «Нормативно-справочная информация». */
import type { GuideGroup } from '../../guides/guides.ts';
import type { Guide } from '../../guides/read-guide.ts';
import type { ChairFrame } from '../../staff/officer.ts';

type GuideLink = { readonly title: string; readonly path: string };
type Contents = readonly { readonly group: GuideGroup; readonly guides: readonly GuideLink[] }[];

export type GuideScreens = {
  readonly 'guides/contents': { readonly groups: Contents };
  readonly 'guides/guide': Guide & {
    readonly room: string;
    /** On its way to paper. */
    readonly printing: boolean;
    readonly groups: Contents;
    readonly previous?: GuideLink;
    readonly next?: GuideLink;
  };
  readonly 'chair/guides': ChairFrame & {
    readonly guides: readonly (GuideLink & { readonly action: string; readonly read: boolean })[];
  };
};
