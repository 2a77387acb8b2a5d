/** Where to go after signing in: `next` if it is an address of this site, else home. A link must not lead a person elsewhere. */
export function localAddress(next: string | undefined, origin = location.origin): string {
  if (next === undefined || !URL.canParse(next, origin)) return '/';
  const url = new URL(next, origin);
  return url.origin === origin && next.startsWith('/') ? `${url.pathname}${url.search}${url.hash}` : '/';
}
