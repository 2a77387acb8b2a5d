// Runs before anything is drawn. A file of its own, because the content security policy allows no inline script.
(() => {
  // zod would compile its parsers with `new Function`, which the policy forbids and the browser would report.
  globalThis.__zod_globalConfig = { jitless: true };

  // Without this, a dark page flashes white until React is there.
  let chosen = 'auto';
  try {
    chosen = localStorage.getItem('mantine-color-scheme-value') ?? 'auto';
  } catch {
    // Storage is switched off: follow the system.
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
