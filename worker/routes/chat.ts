import { chatMessage, chatPage, sayRequest } from '../../durable/protocol.ts'
import { jsonBody } from '../body.ts'
import { callLab } from '../lab-stub.ts'
import { openLab } from '../open-lab.ts'
import { body, createRoute, json, labId, labProblems, newRoutes, problems, security, whole, z } from '../openapi.ts'

// What people say beside a lab. The console has it over its socket; this is for reading back, and for programs.

const tags = ['chat']
const writes = openLab('labs:write', 'student')

const list = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/chat',
  tags,
  security,
  middleware: openLab('labs:read'),
  description: 'Messages beside the lab, the newest before a number; a lab keeps 500. They are in no fork, file or submission.',
  request: { params: labId, query: z.strictObject({ before: whole(1).optional(), limit: whole(1, 200).default(100) }) },
  responses: { 200: json(chatPage, 'One page, oldest first'), ...labProblems },
})

const say = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/chat',
  tags,
  security,
  middleware: [writes, jsonBody],
  description: 'Says something to everybody at the lab: at most 1,000 characters, and five messages in ten seconds.',
  request: { params: labId, body: body(sayRequest) },
  responses: { 201: json(chatMessage, 'Said'), ...labProblems, ...problems(413, 415, 429) },
})

const unsay = createRoute({
  method: 'delete',
  path: '/v1/labs/{id}/chat/{message}',
  tags,
  security,
  middleware: writes,
  description:
    'Removes the text of a message: by whoever said it, or who teaches here. That something was removed, and by whom, stays.',
  request: { params: labId.extend({ message: whole(1) }) },
  responses: { 200: json(chatMessage, 'As it stands now'), ...labProblems },
})

export const chatRoutes = newRoutes()
  .openapi(list, async (c) => {
    const { before = Number.MAX_SAFE_INTEGER, limit } = c.req.valid('query')
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.chat({ before, limit })), 200)
  })
  .openapi(say, async (c) => {
    const { text } = c.req.valid('json')
    const caller = c.get('caller')
    // Not twice: it would be said twice.
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.say(text, caller), { again: false }), 201)
  })
  .openapi(unsay, async (c) => {
    const { message } = c.req.valid('param')
    const caller = c.get('caller')
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.unsay(message, caller)), 200)
  })
