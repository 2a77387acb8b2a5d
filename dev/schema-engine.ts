import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm';

/**
 * The SQL that turns a database made from one Prisma schema into what another describes; empty when they agree.
 * Prisma's own engine works it out, in WebAssembly, since its command would download another.
 * @param from a schema's text, or undefined for an empty database
 * @param databaseUrl a Postgres, asked for its version only
 */
export async function schemaDifference(from: string | undefined, to: string, databaseUrl: string): Promise<string> {
  const adapter = new PrismaPg({ connectionString: databaseUrl });
  const engine = await SchemaEngine.new(
    { datamodels: [['schema.prisma', to]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(adapter),
  );
  try {
    const { stdout } = await engine.diff({
      from:
        from === undefined
          ? { tag: 'empty' }
          : { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: from }] },
      to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: to }] },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    const script = stdout ?? '';
    return /^-- This is an empty migration\.\s*$/.test(script) ? '' : script;
  } finally {
    engine.free();
  }
}
