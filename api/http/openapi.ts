import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { EndpointSchema } from '../../core/contract/endpoint.ts';
import { tidyDocument } from './tidy-document.ts';

/** The OpenAPI document at /api/openapi.json and a page to read it at /api/docs, both made from the contract. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Topk',
        version: '1',
        description:
          'Sign in for a cookie, or send an API token as `Authorization: Bearer <token>`. Every failure is `application/problem+json` ' +
          'with a stable `type` and a `detail` for people.',
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'topk_session' },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
    transform: (route) => {
      const transformed = jsonSchemaTransform(route);
      const described = { ...transformed.schema, ...describeFiles(route.schema) };
      return { ...transformed, schema: { ...described, response: { ...Object(described['response']), ...failure } } };
    },
    transformObject: (described) => {
      const document = jsonSchemaTransformObject(described);
      if ('components' in document && document.components?.schemas)
        tidyDocument(document.paths, document.components.schemas);
      return document;
    },
  });
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger());
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    // Without the bar that loads other documents; a token that was entered survives a reload.
    uiConfig: { layout: 'BaseLayout', persistAuthorization: true },
    staticCSP: true,
    // On a machine's address in plain http it would have the browser look for the page's scripts at an https that is not there.
    transformStaticCSP: (header) => header.replace(' upgrade-insecure-requests;', ''),
  });
}

type Described = FastifySchema & Partial<Pick<EndpointSchema, 'upload' | 'produces'>>;

const binary = { type: 'string', format: 'binary' };

/** How every endpoint fails. */
const failure = {
  default: {
    description: 'A problem',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  },
};

/** The parts of the contract that are no JSON: uploads, downloads and streams. */
function describeFiles(schema: Described | undefined): Record<string, unknown> {
  if (schema === undefined) return {};
  const fields = Object.fromEntries(schema.upload?.fields.map((name) => [name, { type: 'string', default: '' }]) ?? []);
  const files = Object.fromEntries(schema.upload?.files?.map((name) => [name, binary]) ?? []);
  const { produces } = schema;
  return {
    ...(schema.upload && {
      body: {
        content: {
          'multipart/form-data': {
            schema: {
              type: 'object',
              required: ['file'],
              properties: { file: binary, ...files, ...fields },
            },
          },
          'application/octet-stream': { schema: binary },
        },
      },
    }),
    ...(produces && {
      response: {
        200: {
          description: 'The content',
          content: Object.fromEntries(produces.map((type) => [type, { schema: binary }])),
        },
      },
    }),
  };
}
