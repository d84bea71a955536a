import {
  forkRequest,
  history,
  LIMITS,
  replayReport,
  rewindRequest,
  snapshotRequest,
  undoRequest,
} from '../../durable/protocol.ts'
import { mayDo } from '../auth/actor.ts'
import { jsonBody } from '../body.ts'
import { createLab, sweepTombstones } from '../lab-life.ts'
import { callLab } from '../lab-stub.ts'
import { openLab } from '../open-lab.ts'
import { body, createRoute, json, labId, labProblems, newRoutes, problems, security, whole, z } from '../openapi.ts'
import { Problem, tooLarge } from '../problem.ts'
import { lab, toLab } from '../schemas.ts'

const tags = ['history']
const writesJson = [openLab('labs:write', 'student'), jsonBody]
const writeProblems = { ...labProblems, ...problems(413, 415, 422, 429) }

const read = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/history',
  tags,
  security,
  middleware: openLab('labs:read'),
  description:
    'Everything that was ever put into the lab, in order, also what was left by a rewind or an undo; and its snapshots.',
  request: {
    params: labId,
    query: z.strictObject({ after: whole(0).default(0), limit: whole(1, 500).default(200) }),
  },
  responses: { 200: json(history, 'One page of lines; all snapshots'), ...labProblems },
})

const snapshot = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/snapshots',
  tags,
  security,
  middleware: writesJson,
  description: 'Keeps the state of the lab as it is now under a name. Some are kept automatically.',
  request: { params: labId, body: body(snapshotRequest) },
  responses: { 200: json(history, 'The newest lines, and all snapshots'), ...writeProblems },
})

const rewind = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/rewind',
  tags,
  security,
  middleware: writesJson,
  description:
    'To right after a line, also one of a branch that was left; 0 is the beginning. A new branch begins and nothing is deleted. When others are at work in the lab, this takes somebody who teaches, and `force`; without, the lab page can ask the others for their consent.',
  request: { params: labId, body: body(rewindRequest) },
  responses: { 200: json(history, 'The newest lines, and all snapshots'), ...writeProblems },
})

const undo = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/undo',
  tags,
  security,
  middleware: writesJson,
  description:
    'Takes out one line and runs the later ones again at their lab times. Refused, naming the line, when somebody else’s line would have answered otherwise. Students undo only their own lines.',
  request: { params: labId, body: body(undoRequest) },
  responses: { 200: json(history, 'The newest lines, and all snapshots'), ...writeProblems },
})

const fork = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/fork',
  tags,
  security,
  // Who may look at a lab has all that a fork is made of; what is asked besides is to be one who starts labs.
  middleware: [openLab('labs:read'), jsonBody],
  description: 'A new lab in the same organisation: this one as it is now, or as it was right after a line.',
  request: { params: labId, body: body(forkRequest) },
  responses: { 201: json(lab, 'Created'), ...writeProblems },
})

const replay = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/replay',
  tags,
  security,
  middleware: openLab('labs:write', 'student'),
  description:
    'Runs the lab again beside itself, from its definition, seed and lines, and tells the first thing that came out otherwise.',
  request: { params: labId },
  responses: { 200: json(replayReport, 'What came of it'), ...labProblems, ...problems(429) },
})

export const historyRoutes = newRoutes()
  .openapi(read, async (c) => {
    const query = c.req.valid('query')
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.history(query)), 200)
  })
  .openapi(snapshot, async (c) => {
    const { name } = c.req.valid('json')
    const caller = c.get('caller')
    // Not twice: the second call would find the name taken, or rewind what was rewound.
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.snapshot(name, caller), { again: false }), 200)
  })
  .openapi(rewind, async (c) => {
    const request = c.req.valid('json')
    const caller = c.get('caller')
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.rewind(request, caller), { again: false }), 200)
  })
  .openapi(undo, async (c) => {
    const request = c.req.valid('json')
    const caller = c.get('caller')
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.undo(request, caller), { again: false }), 200)
  })
  .openapi(fork, async (c) => {
    if (!mayDo(c.get('actor'), 'labs:write', 'student'))
      throw new Problem(403, 'not-allowed', 'You may look at labs, not start one.')
    const { line, title } = c.req.valid('json')
    const { slug, seed, title: same, ...from } = c.get('lab')
    const file = await callLab(c.env, from, (host) => host.forkFile(line))
    if (file.length > LIMITS.importFile) throw tooLarge(LIMITS.importFile)
    const wish = { input: { from: 'export', file }, slug, title: title ?? same, keepTitle: true, seed } as const
    const { row } = await createLab(c.env, c.get('tenant'), c.get('actor'), wish)
    c.executionCtx.waitUntil(sweepTombstones(c.env, c.get('tenant')))
    return c.json(toLab(row), 201, { location: `/v1/labs/${row.id}` })
  })
  .openapi(replay, async (c) => c.json(await callLab(c.env, c.get('lab'), (host) => host.replay()), 200))
