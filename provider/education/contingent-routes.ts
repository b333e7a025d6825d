/**
 * «Работники школы»: whom an administrator of «Контингент» takes a role from, at her own schools alone. Nothing of the
 * Union is shown, nor who of them has an account.
 */
import Router from '@koa/router';
import { z } from 'zod';
import {
  EDU_ROLES,
  type EduRole,
  type School,
  type SchoolPerson,
  type SchoolRegister,
} from '../../adapters/school-register/school-register.ts';
import { goTo } from '../cabinet/rooms.ts';
import type { Desk, Staff } from '../cases/desk.ts';
import { frameOf } from '../cases/frame.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import { formBody, type ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { type TakeRoleAwayNeeds, takeRoleAway } from './take-role-away.ts';

export type ContingentNeeds = Omit<TakeRoleAwayNeeds, 'schools'> & {
  readonly schools: SchoolRegister;
  readonly desk: Pick<Desk, 'staff'>;
  readonly notices: Notices;
  readonly readForm: ReadForm;
};

const id = z.string().min(1).max(64);
const named = { school: id, person: id, role: z.enum(EDU_ROLES) };

type Named = { readonly school: string; readonly person: string; readonly role: EduRole };
type Found = { readonly school: School; readonly person: SchoolPerson; readonly role: EduRole };
type AtDesk = (ctx: GatewayContext, staff: Staff) => Promise<void>;

export function contingentRoutes(needs: ContingentNeeds): Router<GatewayState> {
  const { desk, schools, notices, readForm } = needs;
  const router = new Router<GatewayState>({ prefix: '/contingent', exclusive: true });

  const seated = (at: AtDesk) => async (raw: unknown) => {
    const ctx = raw as GatewayContext;
    const staff = await desk.staff(ctx);
    if (!staff) return;
    if (staff.schools.length === 0) throw new GatewayError('not_found');
    await at(ctx, staff);
  };
  const workersOf = async ({ id: schoolId }: School) =>
    (await schools.peopleOf(schoolId)).filter(({ roles }) =>
      roles.some(({ role, school }) => role === 'staff' && school.id === schoolId),
    );
  /** Throws not_found for another school, and for her own role: nobody shuts herself out. */
  const find = async ({ account, schools: own }: Staff, asked: Named): Promise<Found> => {
    const school = own.find((each) => each.id === asked.school);
    const person = school && (await workersOf(school)).find((each) => each.id === asked.person);
    const has = person?.roles.some(({ role, school: at }) => role === asked.role && at.id === school?.id);
    if (!school || !person || !has || person.accountId === account.id) throw new GatewayError('not_found');
    return { school, person, role: asked.role };
  };

  router.get(
    '/',
    seated(async (ctx, staff) => {
      const { account, schools: own } = staff;
      const sections = await Promise.all(
        own.map(async (school) => ({
          school: school.shortName,
          people: (await workersOf(school)).map((person) => ({
            name: nameOf(person),
            roles: person.roles
              .filter((each) => each.school.id === school.id)
              .map(({ role }) => ({
                role,
                ...(person.accountId !== account.id && {
                  takePath: `/contingent/role?${new URLSearchParams({ school: school.id, person: person.id, role })}`,
                }),
              })),
          })),
        })),
      );
      const notice = notices.take(ctx);
      ctx.render('contingent/people', { ...frameOf(staff), sections, ...(notice && { notice }) });
    }),
  );
  router.get(
    '/role',
    seated(async (ctx, staff) => {
      const asked = z.strictObject(named).safeParse({ ...ctx.query });
      if (!asked.success) throw new GatewayError('not_found');
      const { school, person, role } = await find(staff, asked.data);
      ctx.render('contingent/take-role', {
        name: nameOf(person),
        school: school.shortName,
        role,
        fields: { school: school.id, person: person.id, role },
        action: '/contingent/role',
        backPath: '/contingent',
      });
    }),
  );
  router.post(
    '/role',
    formBody() as never,
    seated(async (ctx, staff) => {
      const { school, person, role } = await find(staff, readForm(ctx, named));
      const taken = { actor: staff.account.id, personId: person.id, schoolId: school.id, role };
      await takeRoleAway(needs, ctx.state.origin, taken);
      notices.leave(ctx, 'school_role_taken');
      goTo(ctx, '/contingent');
    }),
  );
  return router;
}

function nameOf({ family, given, middle }: SchoolPerson): string {
  return [family, given, middle].filter(Boolean).join(' ');
}
