import { createHash, generateKeyPairSync, sign } from 'node:crypto';

/** A new certificate that signs itself (X.509, RFC 5280), for localhost and 127.0.0.1, and its key, both as PEM. */
export function makeCertificate(): { cert: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const keyInfo = publicKey.export({ type: 'spki', format: 'der' });
  const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const name = sequence(tlv(0x31, sequence(oid(0x55, 0x04, 0x03), tlv(0x0c, Buffer.from('localhost')))));
  const subject = sequence(tlv(0x82, Buffer.from('localhost')), tlv(0x87, Buffer.from([127, 0, 0, 1])));
  const yes = tlv(0x01, Buffer.from([0xff]));
  const signed = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    sequence(time('200101000000Z'), time('491231235959Z')),
    name,
    keyInfo,
    tlv(
      0xa3,
      sequence(
        sequence(oid(0x55, 0x1d, 0x11), tlv(0x04, subject)),
        sequence(oid(0x55, 0x1d, 0x13), yes, tlv(0x04, sequence(yes))),
        sequence(oid(0x55, 0x1d, 0x0e), tlv(0x04, tlv(0x04, createHash('sha1').update(keyInfo).digest()))),
      ),
    ),
  );
  const signature = tlv(0x03, Buffer.from([0]), sign('sha256', signed, privateKey));
  const der = sequence(signed, ecdsaWithSha256, signature);
  const lines = der.toString('base64').replaceAll(/.{64}/g, '$&\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** One element of DER (X.690): tag, length, value. */
function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, ...parts);
}

function oid(...bytes: readonly number[]): Buffer {
  return tlv(0x06, Buffer.from(bytes));
}

function time(text: string): Buffer {
  return tlv(0x17, Buffer.from(text));
}
