import { describe, expect, it } from 'vitest';
import { openDockerApi } from '../../../dev/docker-api.ts';
import { problemsOfConfig, problemsOfFiles } from '../../../dev/image-inspect.ts';

const passwd = 'root:x:0:0:root:/root:/bin/bash\nada:x:1000:1000::/home/ada:/bin/sh\ntoor:x:0:0::/:/bin/sh\n';

describe('the user of an image', () => {
  it.each(['', '0', '00', '0:1000', 'root', 'root:ada', 'toor'])('is root where it says %j', (User) => {
    expect(problemsOfConfig({ User }, passwd)).toEqual([expect.stringContaining('its user is root')]);
  });

  it.each(['20000', '20000:20000', 'ada', 'ada:root'])('is none of root’s where it says %j', (User) => {
    expect(problemsOfConfig({ User }, passwd)).toEqual([]);
  });
});

describe('what an image declares', () => {
  it('counts only where there is something: an empty list and a HEALTHCHECK of NONE are nothing', () => {
    const config = { User: '1', Volumes: {}, OnBuild: [], Healthcheck: { Test: ['NONE'] } };
    expect(problemsOfConfig(config, passwd)).toEqual([]);
  });
});

describe('what an image holds', () => {
  it('is told with five names and a count', () => {
    const privileged = Array.from({ length: 7 }, (_, index) => `/bin/p${index}`);
    expect(problemsOfFiles({ privileged, hasRunner: true, passwd })).toEqual([
      expect.stringContaining('/bin/p0, /bin/p1, /bin/p2, /bin/p3, /bin/p4 and 2 more'),
    ]);
  });
});

describe('DOCKER_HOST', () => {
  it.each(['ssh://host', 'npipe:////./pipe/docker', 'nonsense'])('can’t be %s, and says what it can be', (host) => {
    expect(() => openDockerApi(host)).toThrow('this project can use unix:// and tcp:// addresses');
  });

  it.each(['unix:///var/run/docker.sock', 'tcp://10.0.0.1:2375', 'tcp://[::1]:2375'])('can be %s', (host) => {
    expect(() => openDockerApi(host)).not.toThrow();
  });
});
