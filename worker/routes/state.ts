import { lease, table, tableName, topology } from '../../durable/protocol.ts'
import { callLab } from '../lab-stub.ts'
import { openLab } from '../open-lab.ts'
import { createRoute, json, labId, labProblems, newRoutes, security, whole, z } from '../openapi.ts'
import { journalEntry } from '../schemas.ts'

const tags = ['state']
const reads = openLab('labs:read')

const readTopology = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/topology',
  tags,
  security,
  middleware: reads,
  request: { params: labId },
  responses: { 200: json(topology, 'Machines, switches and links as they are now'), ...labProblems },
})

const readLeases = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/leases',
  tags,
  security,
  middleware: reads,
  request: { params: labId },
  responses: { 200: json(z.object({ leases: z.array(lease) }), 'The leases of all DHCP servers'), ...labProblems },
})

const readTable = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/machines/{machine}/tables/{table}',
  tags,
  security,
  middleware: reads,
  request: { params: labId.extend({ machine: z.string().min(1).max(64), table: tableName }) },
  responses: { 200: json(table, 'One table of one machine'), ...labProblems },
})

const readJournal = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/journal',
  tags,
  security,
  middleware: reads,
  description: 'Who typed what, in order.',
  request: {
    params: labId,
    query: z.strictObject({
      after: whole(0).default(0),
      limit: whole(1, 200).default(100),
    }),
  },
  responses: {
    200: json(z.object({ entries: z.array(journalEntry), next: z.number() }), 'Entries after `after`'),
    ...labProblems,
  },
})

export const stateRoutes = newRoutes()
  .openapi(readTopology, async (c) => c.json(await callLab(c.env, c.get('lab'), (host) => host.topology()), 200))
  .openapi(readLeases, async (c) => {
    const leases = await callLab(c.env, c.get('lab'), (host) => host.leases())
    return c.json({ leases: [...leases] }, 200)
  })
  .openapi(readTable, async (c) => {
    const { machine, table: name } = c.req.valid('param')
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.table(machine, name)), 200)
  })
  .openapi(readJournal, async (c) => {
    const query = c.req.valid('query')
    const entries = await callLab(c.env, c.get('lab'), (host) => host.journal(query))
    return c.json({ entries: [...entries], next: entries.at(-1)?.id ?? query.after }, 200)
  })
