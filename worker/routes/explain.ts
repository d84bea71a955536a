import { causes, explanation, queryAnswer, queryRequest } from '../../durable/protocol.ts'
import { jsonBody } from '../body.ts'
import { callLab } from '../lab-stub.ts'
import { openLab } from '../open-lab.ts'
import { body, createRoute, json, labId, labProblems, newRoutes, security, whole, z } from '../openapi.ts'

const tags = ['explanations']
const reads = openLab('labs:read')

const whyPacket = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/packets/{packet}/why',
  tags,
  security,
  middleware: reads,
  description: 'Why a packet ended as it did: from the command that started it to the row or rule that decided, in sentences.',
  request: {
    params: labId.extend({ packet: whole(0) }),
    query: z.strictObject({
      path: z.enum(['0', '1']).default('0').meta({ description: '1: the whole way inside of a virtual machine’s computer' }),
    }),
  },
  responses: { 200: json(explanation, 'The explanation'), ...labProblems },
})

const whyCommand = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/jobs/{job}/why',
  tags,
  security,
  middleware: reads,
  description:
    'Why a command got no answer, or a bad one: what it waited for, who stayed silent, and why. Likeliest cause first.',
  request: { params: labId.extend({ job: whole(1) }) },
  responses: { 200: json(causes, 'Causes, none for a healthy command'), ...labProblems },
})

const ask = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/query',
  tags,
  security,
  middleware: [reads, jsonBody] as const,
  description: 'A question about what happened, for instance `packet(dhcp.option.dhcp == 5) at ubuntu1 before command("ping*")`.',
  request: { params: labId, body: body(queryRequest) },
  responses: { 200: json(queryAnswer, 'Whether it holds, and what shows it'), ...labProblems },
})

export const explainRoutes = newRoutes()
  .openapi(whyPacket, async (c) => {
    const { packet } = c.req.valid('param')
    const { path } = c.req.valid('query')
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.why(packet, path === '1')), 200)
  })
  .openapi(whyCommand, async (c) => {
    const { job } = c.req.valid('param')
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.whyNothing(job)), 200)
  })
  .openapi(ask, async (c) => {
    const { query } = c.req.valid('json')
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.query(query)), 200)
  })
