/** Where to go after signing in: `next` if it is an address of this site, else home. A link must not lead a person elsewhere. */
export function localAddress(next: string | undefined, origin = location.origin): string {
  if (next === undefined || !next.startsWith('/') || !URL.canParse(next, origin)) return '/';
  const url = new URL(next, origin);
  const address = `${url.pathname}${url.search}${url.hash}`;
  // The path of "/.//elsewhere.example" is "//elsewhere.example", which is another site's address again.
  return url.origin === origin && !address.startsWith('//') ? address : '/';
}
