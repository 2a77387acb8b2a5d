import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { messageBody } from '../../../core/hooks/message.ts';
import { signatureHeaders } from '../../../core/hooks/signature.ts';
import { Told } from '../../../core/hooks/told.ts';

const at = new Date('2026-11-30T17:03:11.482Z');
const publicUrl = 'https://topk.example.edu/';
const hostile =
  '<!channel> <@U123> <https://evil.example|here> @everyone *b* _i_ ~s~ `c` [x](http://evil.example) evil.example & ||s|| # h\u202e\n> q';
const course = { slug: 'ds542', title: hostile, timeZone: 'America/New_York' };
const where = { course, competition: { slug: 'digits', title: hostile }, phase: { slug: 'main', title: hostile } };
const team = { id: 4, name: hostile };
const submission = { id: 17, kind: 'code', part: null };

const told: readonly Told[] = [
  { event: 'competition.opened', data: { ...where, opensAt: at.toISOString(), dueAt: '2026-12-02T04:59:00.000Z' } },
  {
    event: 'submission.scored',
    data: { ...where, submission, team, metric: 'top1', publicScore: 0.123456789, again: false },
  },
  { event: 'grade.released', data: { ...where, released: 1 } },
  { event: 'run.failed', data: { ...where, submission, team, cause: 'server' } },
  { event: 'test', data: { course, hook: hostile } },
].map((one) => Told.parse(one));

const Body = z.object({
  text: z.string().optional(),
  content: z.string().optional(),
  allowed_mentions: z.unknown().optional(),
});

describe('what a chat is sent', () => {
  it.each(told.map((one) => [one.event, one] as const))(
    '%s: nobody is mentioned by it, and it leads nowhere but here',
    (_event, one) => {
      for (const format of ['slack', 'discord'] as const) {
        const body = messageBody({ told: one, format, at, publicUrl });
        const parsed = Body.parse(JSON.parse(body));
        const text = parsed.text ?? parsed.content ?? '';
        expect(text).not.toMatch(/@(everyone|U123)/);
        expect(text).not.toMatch(/[\u202e\r]/);
        const own = text.replace('<https://topk.example.edu/', '');
        expect(own).not.toMatch(/https?:\/\//);
        expect(own).not.toMatch(/evil\.example/);
        if (format === 'slack') expect(own).not.toMatch(/[<>]/);
        else {
          expect(own.replaceAll(/\\./g, '')).not.toMatch(/[*_~`|[\]#]/);
          expect(parsed.allowed_mentions).toEqual({ parse: [] });
          expect(text.length).toBeLessThanOrEqual(2000);
        }
      }
    },
  );

  it('is a sentence with the date in the course’s zone, and a link', () => {
    const plain = { slug: 'digits', title: 'Digits' };
    const opened = Told.parse({
      event: 'competition.opened',
      data: {
        course: { ...course, title: 'DS' },
        competition: plain,
        phase: { slug: 'main', title: 'Digits' },
        opensAt: at,
        dueAt: '2026-12-02T04:59:00Z',
      },
    });
    expect(JSON.parse(messageBody({ told: opened, format: 'discord', at, publicUrl }))).toMatchObject({
      content:
        '“Digits” is open. It is due Tue, Dec 1, 23:59 EST.\n<https://topk.example.edu/competitions/digits?phase=main>',
    });
    expect(messageBody({ told: opened, format: 'slack', at, publicUrl: undefined })).not.toContain('http');
  });

  it('is cut where a name is longer than a line', () => {
    const long = Told.parse({ event: 'test', data: { course: { ...course, title: 'x' }, hook: '😀'.repeat(5000) } });
    expect(messageBody({ told: long, format: 'discord', at, publicUrl }).length).toBeLessThan(1000);
  });
});

describe('the signature', () => {
  it('is that of the example of Standard Webhooks', () => {
    const headers = signatureHeaders({
      messageId: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      body: '{"test": 2432232314}',
      at: new Date(1_614_265_330_000),
      secrets: ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    });
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });
});
