import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDockerApi } from '../../dev/docker-api.ts';
import { inspectImage } from '../../dev/image-inspect.ts';
import { describeDocker, describeImage, docker, imageDigest } from '../support/docker.ts';

/** Builds on topk-scorer, which has all that a Dockerfile's RUN needs. */
async function build(name: string, lines: string[]): Promise<void> {
  const tar = pack();
  tar.entry({ name: 'Dockerfile' }, [`FROM ${imageDigest('scorer')}`, ...lines].join('\n'));
  tar.finalize();
  const query = new URLSearchParams({ t: name, networkmode: 'none', rm: 'true', forcerm: 'true' });
  const api = openDockerApi(docker().host);
  await api.send(`/build?${query.toString()}`, Readable.from(tar), () => {}, 300_000);
}

async function remove(name: string): Promise<void> {
  await openDockerApi(docker().host).call('DELETE', `/images/${name}?force=true`);
}

describeImage('scorer')('an image that may not run code', () => {
  const name = `topk-test-bad-${process.pid}`;
  beforeAll(() =>
    build(name, [
      'USER root',
      'RUN cp /usr/bin/true /usr/local/bin/rise && chmod 4755 /usr/local/bin/rise && chmod 2755 /usr/bin/false',
      'RUN rm /usr/local/bin/topk-run && chmod 2775 /var/tmp',
      'VOLUME /data',
      'HEALTHCHECK CMD true',
      'ONBUILD RUN true',
    ]),
  );
  afterAll(() => remove(name));

  it('is told each reason, with what to do', async () => {
    const { problems } = await inspectImage(openDockerApi(docker().host), name);
    expect(problems).toEqual([
      expect.stringMatching(/VOLUME \/data.*remove it/),
      expect.stringMatching(/ONBUILD.*remove it/),
      expect.stringMatching(/HEALTHCHECK.*remove it/),
      expect.stringMatching(/user is root: add USER/),
      // A folder with the set-gid bit gives nobody a right.
      expect.stringMatching(/set-uid.*: \/usr\/bin\/false, \/usr\/local\/bin\/rise: .*chmod a-s/),
      expect.stringMatching(/no \/usr\/local\/bin\/topk-run/),
    ]);
  });
});

describeImage('scorer')('an image whose user is root by another name', () => {
  const name = `topk-test-toor-${process.pid}`;
  beforeAll(() => build(name, ['USER root', 'RUN echo toor:x:0:0::/:/bin/sh >> /etc/passwd', 'USER toor']));
  afterAll(() => remove(name));

  it('is refused', async () => {
    const { problems } = await inspectImage(openDockerApi(docker().host), name);
    expect(problems).toEqual([expect.stringMatching(/user is root/)]);
  });
});

for (const name of ['python', 'scorer'] as const) {
  describeImage(name)(`topk-${name}`, () => {
    it('passes the inspection that every image must pass', async () => {
      const found = await inspectImage(openDockerApi(docker().host), imageDigest(name));
      expect(found).toMatchObject({ digest: imageDigest(name), problems: [] });
    });
  });
}

describeDocker('a name that no image has', () => {
  it('is told so', async () => {
    const looking = inspectImage(openDockerApi(docker().host), 'topk-test-absent');
    await expect(looking).rejects.toThrow('there is no image topk-test-absent: build or pull it first');
  });
});
