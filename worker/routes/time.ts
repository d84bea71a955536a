import { advanceAnswer, advanceRequest, clockChange, clockState } from '../../durable/protocol.ts'
import { jsonBody } from '../body.ts'
import { callLab } from '../lab-stub.ts'
import { openLab } from '../open-lab.ts'
import { body, createRoute, json, labId, labProblems, newRoutes, problems, security } from '../openapi.ts'

const tags = ['time']
const writesJson = [openLab('labs:write', 'student'), jsonBody]
const writeProblems = { ...labProblems, ...problems(413, 415) }

const read = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/clock',
  tags,
  security,
  middleware: openLab('labs:read'),
  description: 'The lab’s time, how it goes on, and when the next event of each kind is due.',
  request: { params: labId },
  responses: { 200: json(clockState, 'The clock'), ...labProblems },
})

const change = createRoute({
  method: 'patch',
  path: '/v1/labs/{id}/clock',
  tags,
  security,
  middleware: writesJson,
  description:
    '`instant`: a command runs until it has ended and the lab has settled. `live`: time goes on by itself while somebody watches; `running` false pauses it. `absence` says what becomes of the time when nobody watched.',
  request: { params: labId, body: body(clockChange) },
  responses: { 200: json(clockState, 'The clock after it'), ...writeProblems },
})

const advance = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/advance',
  tags,
  security,
  middleware: writesJson,
  description: 'Moves time forward: by microseconds, to the next event of a kind, or by one event or one packet.',
  request: { params: labId, body: body(advanceRequest) },
  responses: { 200: json(advanceAnswer, 'How far it came, and what was seen on the way'), ...writeProblems },
})

export const timeRoutes = newRoutes()
  .openapi(read, async (c) => c.json(await callLab(c.env, c.get('lab'), (host) => host.clock()), 200))
  .openapi(change, async (c) => {
    const wish = c.req.valid('json')
    const caller = c.get('caller')
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.setClock(wish, caller)), 200)
  })
  .openapi(advance, async (c) => {
    const request = c.req.valid('json')
    const caller = c.get('caller')
    // Made once: made again it would move time twice.
    const moved = await callLab(c.env, c.get('lab'), (host) => host.advance(request, caller), { again: false })
    return c.json(moved, 200)
  })
