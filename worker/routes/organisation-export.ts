import { allow } from '../auth/allow.ts'
import { createRoute, json, newRoutes, problems, security, toTime, z } from '../openapi.ts'

const tags = ['organisation']

const everything = createRoute({
  method: 'get',
  path: '/v1/organisation/export',
  tags,
  security,
  middleware: allow('organisation:write', 'owner', { evenSuspended: true }),
  description:
    'Members and labs as JSON, with the address at which each lab is exported. Also while the organisation is suspended.',
  responses: {
    200: json(
      z
        .object({
          organisation: z.object({ id: z.string(), name: z.string() }),
          members: z.array(
            z.object({ id: z.string(), name: z.string(), role: z.string(), email: z.string().nullable(), since: z.string() }),
          ),
          labs: z.array(
            z.object({ id: z.string(), title: z.string(), kind: z.string(), createdByName: z.string(), export: z.string() }),
          ),
        })
        .meta({ id: 'OrganisationExport' }),
      'What the organisation takes with it',
    ),
    ...problems(401, 403),
  },
})

export const organisationExportRoutes = newRoutes().openapi(everything, async (c) => {
  const tenant = c.get('tenant')
  const { organisationId: id, organisationName: name } = c.get('actor')
  const [people, rows] = await Promise.all([tenant.people.list(), tenant.labs.all(10_000)])
  const members = people.map((one) => ({
    id: one.id,
    name: one.name,
    role: one.role,
    email: one.email,
    since: toTime(one.createdAt),
  }))
  const labs = rows.map((row) => {
    return { id: row.id, title: row.title, kind: row.kind, createdByName: row.createdByName, export: `/v1/labs/${row.id}/export` }
  })
  c.header('content-disposition', 'attachment; filename="switchroom-organisation.json"')
  return c.json({ organisation: { id, name }, members, labs }, 200)
})
