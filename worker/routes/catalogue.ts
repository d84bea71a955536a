import { catalogue } from '../../labs/index.ts'
import { allow } from '../auth/allow.ts'
import { createRoute, json, newRoutes, problems, security, z } from '../openapi.ts'

const entry = z.object({ slug: z.string(), title: z.string(), summary: z.string() }).meta({ id: 'CatalogueEntry' })

const list = createRoute({
  method: 'get',
  path: '/v1/catalogue',
  tags: ['labs'],
  security,
  middleware: allow('labs:read'),
  responses: {
    200: json(z.object({ catalogue: z.array(entry) }), 'The labs that can be created by name'),
    ...problems(401, 403),
  },
})

export const catalogueRoutes = newRoutes().openapi(list, (c) =>
  c.json({ catalogue: catalogue.map(({ slug, title, summary }) => ({ slug, title, summary })) }, 200),
)
