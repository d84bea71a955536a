import { answerGiven, answerRequest, gradeReport, gradeRequest, hint, hintRequest, tasks } from '../../durable/grading/report.ts'
import { jsonBody } from '../body.ts'
import { mayCheck } from '../courses/self-check.ts'
import { callLab } from '../lab-stub.ts'
import { openLab } from '../open-lab.ts'
import { body, createRoute, json, labId, labProblems, newRoutes, problems, security, z } from '../openapi.ts'

const tags = ['tasks']
const writesJson = [openLab('labs:write', 'student'), jsonBody]
const writeProblems = { ...labProblems, ...problems(413, 415, 422, 429) }

const tasksNow = tasks
  .extend({ mayCheck: z.boolean().describe('whether you may run the checks; an assignment can forbid it to its students') })
  .meta({ id: 'LabTasks' })

const list = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/tasks',
  tags,
  security,
  middleware: openLab('labs:read'),
  description: 'What the lab asks, what was answered, and how many hints there are and were read. Never what is right.',
  request: { params: labId },
  responses: { 200: json(tasksNow, 'Tasks'), ...labProblems },
})

const answer = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/answers',
  tags,
  security,
  middleware: writesJson,
  description: 'Answers a task. The answer is a line of the journal; of several the last one counts.',
  request: { params: labId, body: body(answerRequest) },
  responses: { 200: json(answerGiven, 'Taken'), ...writeProblems },
})

const takeHint = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/hints',
  tags,
  security,
  middleware: writesJson,
  description:
    'Reads the next hint of a task: what it costs is taken off its points. One that was read is told again for nothing.',
  request: { params: labId, body: body(hintRequest) },
  responses: { 200: json(hint, 'The hint'), ...writeProblems },
})

const grade = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/grade',
  tags,
  security,
  middleware: [openLab('labs:check', 'assistant'), jsonBody],
  description:
    'Grades the lab as it is, by its own checks or by a rubric (YAML): points with their evidence, right answers, and a digest that is the same whenever the same is graded.',
  request: { params: labId, body: body(gradeRequest) },
  responses: { 200: json(gradeReport, 'The grade'), ...writeProblems },
})

export const taskRoutes = newRoutes()
  .openapi(list, async (c) => {
    const asked = await callLab(c.env, c.get('lab'), (host) => host.tasks())
    return c.json({ ...asked, mayCheck: await mayCheck(c) }, 200)
  })
  .openapi(answer, async (c) => {
    const { clientId = crypto.randomUUID(), ...request } = c.req.valid('json')
    const caller = c.get('caller')
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.answer({ ...request, clientId }, caller)), 200)
  })
  .openapi(takeHint, async (c) => {
    const request = c.req.valid('json')
    const caller = c.get('caller')
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.takeHint(request, caller)), 200)
  })
  .openapi(grade, async (c) => {
    const request = c.req.valid('json')
    const caller = c.get('caller')
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.grade(request, caller)), 200)
  })
