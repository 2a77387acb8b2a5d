import type { Cast } from './cast.ts';
import { fresh } from './cast.ts';
import type { Rule } from './permissions.ts';

/** Who may call what of hooks. */
export const hookRules: Readonly<Record<string, Rule>> = {
  listHooks: { for: 'its instructors' },
  createHook: {
    for: 'its instructors',
    filling: async (cast) => {
      // A course has only so many.
      await cast.system.db.prisma.hook.deleteMany({ where: { courseId: cast.course.id } });
      return { json: { name: 'Ours', url: 'https://hooks.example.org/topk', events: ['grade.released'] } };
    },
  },
  editHook: {
    for: 'its instructors',
    filling: async (cast) => ({ params: { id: await anotherHook(cast) }, json: { name: `Renamed ${fresh()}` } }),
  },
  rotateHookSecret: {
    for: 'its instructors',
    filling: async (cast) => ({ params: { id: await anotherHook(cast) }, json: {} }),
  },
  deleteHook: { for: 'its instructors', filling: async (cast) => ({ params: { id: await anotherHook(cast) } }) },
  testHook: { for: 'its instructors', filling: async (cast) => ({ params: { id: await anotherHook(cast) } }) },
  listHookDeliveries: {
    for: 'its instructors',
    filling: async (cast) => ({ params: { id: await anotherHook(cast) } }),
  },
  redeliverHook: {
    for: 'its instructors',
    filling: async (cast) => ({ params: { id: await anotherDelivery(cast) } }),
  },
};

async function anotherHook({ course, system }: Cast): Promise<number> {
  const data = {
    courseId: course.id,
    ownerId: course.instructor.id,
    name: 'Another',
    url: 'https://hooks.example.org/secret-path',
    format: 'json',
    secret: Buffer.from('secret').toString('base64'),
  } as const;
  return (await system.db.prisma.hook.create({ data })).id;
}

async function anotherDelivery(cast: Cast): Promise<number> {
  const data = {
    hookId: await anotherHook(cast),
    messageId: `msg_${fresh()}`,
    event: 'test',
    data: {},
    state: 'failed',
  } as const;
  return (await cast.system.db.prisma.hookDelivery.create({ data })).id;
}
