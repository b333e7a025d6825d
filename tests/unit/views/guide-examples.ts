/** Every guide, and where they are listed. */
import { GUIDE_GROUPS, GUIDES, type GuideGroup } from '../../../provider/guides/guides.ts';
import { guideIn } from '../../../provider/guides/read-guide.ts';
import type { ChairFrame } from '../../../provider/staff/officer.ts';
import { type Example, example } from './example.ts';

const link = { title: 'Вход по E-mail и паролю', path: '/guides/email' };
const groups = (Object.keys(GUIDE_GROUPS) as GuideGroup[]).map((group) => ({ group, guides: [link] }));
const at: ChairFrame['at'] = {
  ...{ id: 'P-01', name: 'МБОУ СОШ № 15 г. Васильевска' },
  kind: 'primary',
  ...{ below: false, register: true, undertaken: false },
};
const listed = { ...link, action: '/chair/P-01/guides/email/read' };

export const guideExamples: readonly Example[] = [
  example('guides/contents', '', { groups }),
  ...GUIDES.map((id) =>
    example('guides/guide', id, {
      ...{ ...guideIn('ru', id), room: `/guides/${id}`, printing: false, groups, previous: link, next: link },
    }),
  ),
  example('guides/guide', 'for paper', {
    ...{ ...guideIn('ru', 'email'), room: '/guides/email', printing: true, groups },
  }),
  ...[1, 2, 5].map((left) =>
    example('chair/guides', `${left} to read`, {
      at,
      guides: [
        { ...listed, read: true },
        ...Array.from({ length: left }, () => ({ ...listed, read: false })),
      ],
    }),
  ),
  example('chair/guides', 'all read', { at, guides: [{ ...listed, read: true }] }),
];
