/** The workplaces of staff, in their states. */
import { OFFICE_ROLES } from '../../../adapters/office-store/office-store.ts';
import { type Example, example } from './example.ts';

const KINDS = ['primary', 'territorial', 'regional', 'without_primary'] as const;

export const staffExamples: readonly Example[] = [
  example('staff/home', 'of an operator without offices', { posts: [], isOperator: true, isStaff: true }),
  example('staff/none', '', {}),
  example('error', 'at an organisation', { code: 'not_found', atChair: true }),
  example('staff/home', 'of every office', {
    posts: OFFICE_ROLES.flatMap((role) =>
      KINDS.map((kind) => ({
        ...{ role, kind, name: 'МБОУ СОШ № 15 г. Васильевска', path: '/chair/P-01' },
        undertaken: role === 'chair',
      })),
    ),
    isOperator: false,
    isStaff: false,
  }),
];
