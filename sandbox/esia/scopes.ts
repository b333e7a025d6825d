/** The scopes of people's data this ESIA knows (recommendations, appendix B, as far as integrators use them). */
export const SCOPES = [
  'openid',
  'fullname',
  'birthdate',
  'gender',
  'snils',
  'inn',
  'id_doc',
  'birthplace',
  'email',
  'mobile',
  'contacts',
  'addresses',
  'usr_org',
] as const;

export type Scope = (typeof SCOPES)[number];

export const isScope = (name: string): name is Scope => SCOPES.some((scope) => scope === name);

/** What the person is asked to agree to. */
export const SCOPE_TEXTS: Readonly<Record<Scope, string>> = {
  openid: 'Вход через Госуслуги',
  fullname: 'Фамилия, имя и отчество',
  birthdate: 'Дата рождения',
  gender: 'Пол',
  snils: 'СНИЛС',
  inn: 'ИНН',
  id_doc: 'Документ, удостоверяющий личность',
  birthplace: 'Место рождения',
  email: 'Адрес электронной почты',
  mobile: 'Номер мобильного телефона',
  contacts: 'Контактные данные',
  addresses: 'Адреса',
  usr_org: 'Организации, в которых вы состоите',
};
