import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** To look at: where `TOPK_SHOTS` names a folder. */
export async function keepPicture(page: Page, name: string, { fullPage = false } = {}): Promise<void> {
  const folder = process.env['TOPK_SHOTS'];
  if (folder === undefined || folder === '') return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage, animations: 'disabled' });
}
