/** The one address of «Для разработчиков» that an application may name among its own: to be tried out step by step. */

/** Undefined where no such portal is configured. */
export function tryAddressOf(developersUrl: string | undefined): string | undefined {
  return developersUrl === undefined ? undefined : `${developersUrl}/try/callback`;
}
