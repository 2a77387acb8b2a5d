import { ensureDocker } from '../../dev/docker.ts';
import { findDaemon } from '../../dev/docker-daemon.ts';
import { buildImages } from '../../dev/image-set.ts';
import type { Report } from './report.ts';
import { benchFlood } from './runs-flood.ts';
import { benchGpus } from './runs-gpus.ts';
import { benchOverhead } from './runs-overhead.ts';
import { openRunSite } from './runs-site.ts';

/** Code in containers: what it costs beside the program, what a flood of output does to others, how long a GPU waits for its next job. */
export async function benchRuns(report: Report): Promise<void> {
  report.suite('runs of code in containers');
  const say = (line: string) => process.stderr.write(`  ${line}\n`);
  const docker = await ensureDocker(say);
  if ('unavailable' in docker) return report.note(`Skipped: ${docker.unavailable}.`);
  try {
    const image = (await buildImages(docker.host, say)).find(({ name }) => name === 'python');
    const daemon = await findDaemon(docker.host);
    if (image === undefined || daemon === undefined) throw new Error('the image for runs is not there');
    report.note(`Docker ${daemon.ServerVersion}; one container is ready when a submission comes.`);
    const site = await openRunSite(docker.host, image.digest);
    try {
      await benchOverhead(report, site, 'runc', 30);
      if ('runsc' in daemon.Runtimes) await benchOverhead(report, site, 'runsc', 4);
      await benchFlood(report, site);
      await benchGpus(report, site);
    } finally {
      await site.stop();
    }
  } finally {
    await docker.stop();
  }
}
