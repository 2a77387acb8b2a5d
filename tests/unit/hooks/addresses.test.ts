import { describe, expect, it } from 'vitest';
import { parsePrivateHosts, refusalOfUrl } from '../../../core/hooks/destination.ts';
import { isPublicAddress } from '../../../core/hooks/public-addresses.ts';

const nobody = parsePrivateHosts('');

describe('the address of a hook', () => {
  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '192.0.0.8',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::1',
    '3fff::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '4000::1',
    'no address',
    '',
  ])('%s is not one of the public internet', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '192.0.1.1', '2606:4700::1111', '2a00:1450::1', '2001:4860::8888'])(
    '%s is one of the public internet',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0x7f.1/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://017700000001/',
    'https://2130706433/',
    'https://127.0.0.1./',
    'https://１２７.0.0.1/',
    'https://①②⑦.0.0.1/',
    'https://%31%32%37.0.0.1/',
    'https://0/',
    'https://[::1]/',
    'https://[0:0:0:0:0:0:0:1]:8443/',
    'https://[::ffff:7f00:1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::127.0.0.1]/',
    'https://[fe80::1]/',
    'https://[fd00:ec2::254]/latest/meta-data',
    'https://169.254.169.254/latest/meta-data',
    'https://2852039166/',
    'https://0251.0376.0251.0376/',
    'https://0xa9fea9fe/',
    'https://localhost/',
    'https://LOCALHOST./',
    'https://a.localhost/',
    'https://metadata.google.internal/',
    'https://printer.local/',
  ])('%s is refused', (url) => expect(refusalOfUrl(url, nobody)).toMatch(/private or special network/));

  it.each([
    ['example.org/hook', /no address/],
    ['https://', /no address/],
    ['https://256.0.0.1/', /no address/],
    ['https://[fe80::1%25eth0]/', /no address/],
    ['gopher://example.org/', /Only https/],
    ['file:///etc/passwd', /Only https/],
    ['http://example.org/', /Only https/],
    ['https://ada@example.org/', /user or a password/],
    ['https://a:b@example.org/', /user or a password/],
  ])('%s is refused for what it is', (url, why) => expect(refusalOfUrl(url, nobody)).toMatch(why));

  it.each([
    'https://hooks.slack.com/services/T/B/x',
    'https://8.8.8.8/x?y=z',
    'HTTPS://EXAMPLE.ORG:8443',
    'https://bücher.example/',
  ])('%s is taken', (url) => expect(refusalOfUrl(url, nobody)).toBeUndefined());

  it('may be one that the operator named, with its port or with any', () => {
    const hosts = parsePrivateHosts(' Chat.Intern:8065, 10.0.0.5 ,[::1]:9000,plain.intern:80');
    for (const url of [
      'http://chat.intern:8065/hooks/x',
      'https://10.0.0.5/',
      'http://0xa000005:1234/',
      'http://[0::1]:9000/',
      'http://plain.intern/',
    ])
      expect(refusalOfUrl(url, hosts), url).toBeUndefined();
    for (const url of ['http://chat.intern/', 'http://10.0.0.6/', 'http://[::1]:9001/', 'https://plain.intern:81/x'])
      if (url.startsWith('http://')) expect(refusalOfUrl(url, hosts), url).toBeDefined();
    for (const text of ['http://x', 'a/b', 'a b', '::1', 'x:99999', 'a@b'])
      expect(() => parsePrivateHosts(text), text).toThrow('is no host');
  });
});
