/** ESIA's refusals on the wire: code, OAuth name and a Russian sentence of our own wording. */

const ERRORS = {
  'ESIA-007003': ['invalid_request', 'Параметр отсутствует, неверен или указан несколько раз'],
  'ESIA-007004': ['access_denied', 'Владелец ресурса или сервис авторизации отклонил запрос'],
  'ESIA-007005': ['unauthorized_client', 'Система-клиент не имеет права запрашивать доступ этим методом'],
  'ESIA-007006': [
    'invalid_scope',
    'Запрошенная область доступа указана неверно, неизвестна или сформирована некорректно',
  ],
  'ESIA-007007': ['server_error', 'Возникла неожиданная ошибка в работе сервиса авторизации'],
  'ESIA-007008': [
    'temporarily_unavailable',
    'Сервис авторизации не может выполнить запрос из-за большой нагрузки или технических работ',
  ],
  'ESIA-007009': [
    'unsupported_response_type',
    'Сервис авторизации не поддерживает получение кода этим методом',
  ],
  'ESIA-007011': [
    'invalid_grant',
    'Код авторизации недействителен, просрочен, отозван, выдан другой системе или для другого адреса возврата',
  ],
  'ESIA-007012': ['unsupported_grant_type', 'Тип авторизационного кода не поддерживается'],
  'ESIA-007013': ['invalid_scope', 'Запрос не содержит указания на область доступа'],
  'ESIA-007014': ['invalid_request', 'Запрос не содержит обязательного параметра'],
  'ESIA-007015': ['invalid_request', 'Неверное время запроса'],
  'ESIA-007019': ['access_denied', 'Отсутствует разрешение на доступ'],
  'ESIA-007023': ['invalid_request', 'Указанный адрес возврата не зарегистрирован для системы-клиента'],
  'ESIA-007038': ['invalid_request', 'Не удалось прочитать параметры запроса'],
  'ESIA-007039': ['invalid_request', 'Отсутствует параметр code_challenge'],
  'ESIA-007040': ['invalid_request', 'Параметр code_verifier не соответствует code_challenge'],
  'ESIA-007053': [
    'access_denied',
    'client_secret, сертификат или его хэш не соответствуют зарегистрированным',
  ],
  'ESIA-007055': ['access_denied', 'Вход возможен только с подтверждённой учётной записью'],
  'ESIA-008010': ['invalid_client', 'Не удалось произвести аутентификацию системы-клиента'],
} as const satisfies Record<string, readonly [string, string]>;

export type EsiaCode = keyof typeof ERRORS;

export class EsiaError extends Error {
  override name = 'EsiaError';
  readonly code: EsiaCode;
  /** OAuth 2.0's. */
  readonly error: string;
  /** For the developer alone: why. */
  readonly why: readonly string[];

  /** `about`: the parameter, which ESIA names in brackets. */
  constructor(code: EsiaCode, options: { about?: string; why?: readonly string[] } = {}) {
    const [error, text] = ERRORS[code];
    super(`${code}: ${text}${options.about === undefined ? '' : ` [${options.about}]`}`);
    this.code = code;
    this.error = error;
    this.why = options.why ?? [];
  }
}

/** Of the REST services. */
export class RestError extends Error {
  override name = 'RestError';
  readonly status: number;
  readonly code: string;

  constructor(code: 'ESIA-005011' | 'ESIA-005013' | 'ESIA-005029' | 'ESIA-005004') {
    const [status, text] = REST_ERRORS[code];
    super(text);
    this.status = status;
    this.code = code;
  }
}

const REST_ERRORS = {
  'ESIA-005004': [404, 'Объект не найден'],
  'ESIA-005011': [401, 'Неверный маркер доступа'],
  'ESIA-005013': [401, 'Срок действия маркера доступа истёк'],
  'ESIA-005029': [403, 'Область доступа маркера не позволяет получить эти данные'],
} as const;
