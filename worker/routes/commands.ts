import { checkedReport } from '../../durable/grading/report.ts'
import { consoleName, execAnswer, execRequest, handAction, topology } from '../../durable/protocol.ts'
import { jsonBody } from '../body.ts'
import { noteSelfCheck, selfCheckOf } from '../courses/self-check.ts'
import { callLab } from '../lab-stub.ts'
import { openLab } from '../open-lab.ts'
import { body, createRoute, json, labId, labProblems, newRoutes, problems, security, z } from '../openapi.ts'
import { labDetails, toDetails } from '../schemas.ts'

const tags = ['commands']
const writes = openLab('labs:write', 'student')
const writesJson = [openLab('labs:write', 'student'), jsonBody]
const writeProblems = { ...labProblems, ...problems(413, 415, 422, 429) }

const exec = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/exec',
  tags,
  security,
  middleware: writesJson,
  description:
    'Types a line into a console and answers when the command has ended, or `running` when it waits for more. Sent again with the same `clientId`, it answers what it answered before. A console has one owner at a time: the line takes a free one until it has ended, and is refused with 409 `terminal-taken` while somebody else has it.',
  request: { params: labId, body: body(execRequest) },
  responses: { 200: json(execAnswer, 'What the command did'), ...writeProblems },
})

const job = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/jobs/{job}',
  tags,
  security,
  middleware: openLab('labs:read'),
  request: { params: labId.extend({ job: z.string().max(64) }) },
  responses: { 200: json(execAnswer, 'The command as it stands now'), ...labProblems },
})

const interrupt = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/interrupt',
  tags,
  security,
  middleware: writesJson,
  description: 'Ctrl-C, by whoever has the console or while nobody has it; else 409 `terminal-taken`.',
  request: { params: labId, body: body(z.strictObject({ console: consoleName })) },
  responses: { 200: json(z.object({ prompt: z.string() }), 'The prompt after it'), ...writeProblems },
})

const hand = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/hand',
  tags,
  security,
  middleware: writesJson,
  description: 'What a person does with their hands: plug, unplug, press the power button.',
  request: { params: labId, body: body(handAction) },
  responses: { 200: json(topology, 'The network after it'), ...writeProblems },
})

const check = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/check',
  tags,
  security,
  middleware: openLab('labs:check', 'student'),
  description: 'Runs the checks of the lab. Those that must try something try it in a copy.',
  request: { params: labId },
  responses: { 200: json(checkedReport, 'Points, and the packets that show why'), ...labProblems },
})

const reset = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/reset',
  tags,
  security,
  middleware: writes,
  description: 'Back to the beginning, with the same seed.',
  request: { params: labId },
  responses: { 200: json(labDetails, 'The lab after it'), ...labProblems },
})

export const commandRoutes = newRoutes()
  .openapi(exec, async (c) => {
    const request = c.req.valid('json')
    const caller = c.get('caller')
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.exec(request, caller)), 200)
  })
  .openapi(job, async (c) => {
    const id = c.req.valid('param').job
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.job(id)), 200)
  })
  .openapi(interrupt, async (c) => {
    const name = c.req.valid('json').console
    const caller = c.get('caller')
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.interrupt(name, caller)), 200)
  })
  .openapi(hand, async (c) => {
    const action = c.req.valid('json')
    const caller = c.get('caller')
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.hand(action, caller)), 200)
  })
  .openapi(check, async (c) => {
    const caller = c.get('caller')
    const rules = await selfCheckOf(c)
    const report = await callLab(c.env, c.get('lab'), (host) => host.check(caller, rules?.rubric))
    await noteSelfCheck(c, report.results)
    return c.json(report, 200)
  })
  .openapi(reset, async (c) => {
    const row = c.get('lab')
    const caller = c.get('caller')
    const summary = await callLab(c.env, row, (host) => host.reset(caller))
    const updatedAt = Date.now()
    await c.get('tenant').labs.update(row.id, { updatedAt })
    return c.json(toDetails({ ...row, updatedAt }, summary), 200)
  })
