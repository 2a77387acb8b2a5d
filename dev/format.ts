import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

const root = dirname(import.meta.dirname);

/** `npm run format [path…]`: writes every file, or those given, as `npm run check` wants it. */
const { status } = spawnSync(join(root, 'node_modules/.bin/oxfmt'), process.argv.slice(2), {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
