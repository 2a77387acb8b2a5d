import { fresh, type Cast } from './cast.ts';
import type { Rule } from './permissions.ts';

/** Who may call the endpoints about a course's people. */
export const peopleRules: Readonly<Record<string, Rule>> = {
  editMember: {
    for: 'its instructors',
    filling: ({ student }) => ({ params: { id: student.id }, json: { studentId: fresh() } }),
  },
  exportRoster: { for: 'its staff' },
  previewRoster: { for: 'its instructors', filling: () => ({ query: 'drop=false', file: roster(fresh()) }) },
  importRoster: {
    for: 'its instructors',
    filling: async (cast) => {
      const file = roster(fresh());
      return { query: `drop=false&state=${await stateOf(cast, file)}`, file };
    },
  },
  listSections: { for: 'its staff' },
  createSection: { for: 'its instructors', filling: () => ({ json: { name: fresh() } }) },
  renameSection: {
    for: 'its instructors',
    filling: async (cast) => ({ params: { id: await anotherSection(cast) }, json: { name: fresh() } }),
  },
  deleteSection: {
    for: 'its instructors',
    filling: async (cast) => ({ params: { id: await anotherSection(cast) } }),
  },
};

function roster(name: string): string {
  return `email,name\n${name}@example.edu,Somebody\n`;
}

async function stateOf({ course }: Cast, file: string): Promise<string> {
  const answer = await course.instructor.upload(`POST /courses/${course.slug}/roster/preview?drop=false`, file);
  return /"state":"([\w-]+)"/.exec(answer.text)?.[1] ?? '';
}

async function anotherSection({ course, system }: Cast): Promise<number> {
  return (await system.db.prisma.section.create({ data: { courseId: course.id, name: fresh() } })).id;
}
