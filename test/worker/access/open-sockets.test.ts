// Sockets that are open when the right to them ends: what comes in by them from that moment on does nothing, they close, and nothing
// opens them again. Over the real lab host, consoles and ports alike.
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import yaml from '../../../durable/definition/fixtures/two-rooms.yaml'
import { randomId } from '../../../worker/auth/tokens.ts'
import type { Env } from '../../../worker/env.ts'
import { db, newKey, newOrganisation, service, signIn } from '../service.ts'

type Headers = Record<string, string>
const OPERATOR_KEY = 'key-of-the-operator'
const { request, asker } = service({ LAB_HOST: (env as unknown as Env).LAB_HOST, OPERATOR_KEY })
const ok = async <T>(answer: Response | Promise<Response>): Promise<T> => {
  const got = await answer
  const text = await got.text()
  if (got.status >= 300) throw new Error(`${got.status} ${text}`)
  return (text === '' ? null : JSON.parse(text)) as T
}

/** A browser's or a machine's end of a socket. */
class End {
  closed = false
  readonly got: string[] = []
  readonly socket: WebSocket
  constructor(socket: WebSocket) {
    this.socket = socket
    socket.addEventListener('message', ({ data }) => this.got.push(typeof data === 'string' ? data : '(frame)'))
    socket.addEventListener('close', () => {
      this.closed = true
    })
    socket.accept()
  }
  /** Whether it could be sent at all. */
  send(data: string | Uint8Array): boolean {
    try {
      this.socket.send(data)
      return true
    } catch {
      return false
    }
  }
}
const until = async (wanted: () => boolean | Promise<boolean>, what: string) => {
  for (let tries = 0; tries < 200; tries++) {
    if (await wanted()) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`it never came to be: ${what}`)
}
const frameOf = (mark: number) => {
  const frame = new Uint8Array(60)
  frame.fill(0xff, 0, 6)
  frame.set([0x02, 0, 0, 0, 0, mark], 6)
  // A type that nobody speaks, so that it is only seen.
  frame.set([0x88, 0xb5], 12)
  return frame
}

type World = {
  readonly organisation: string
  readonly owner: ReturnType<typeof asker>
  readonly course: string
  readonly assignment: string
  readonly group: string
  readonly person: string
  readonly headers: Headers
  readonly keyId: string
  readonly lab: string
}
type Case = {
  /** What the lab is that they are in, and as whom they came. */
  readonly as: 'own' | 'copy' | 'group' | 'key' | 'own key'
  readonly ends: (world: World) => Promise<unknown>
  /** What they are told when they come again. */
  readonly again: number
}

const cases: Readonly<Record<string, Case>> = {
  'they were removed from the organisation': {
    as: 'copy',
    ends: ({ owner, person }) => ok(owner('DELETE', `/v1/people/${person}`)),
    again: 401,
  },
  'they may only watch from now on': {
    as: 'own',
    ends: ({ owner, person }) => ok(owner('PATCH', `/v1/people/${person}`, { role: 'observer' })),
    again: 101,
  },
  'they were taken out of the course': {
    as: 'copy',
    ends: ({ owner, course, person }) => ok(owner('DELETE', `/v1/courses/${course}/people/${person}`)),
    again: 404,
  },
  'they observe the course from now on': {
    as: 'copy',
    ends: ({ owner, course, person }) => ok(owner('PATCH', `/v1/courses/${course}/people/${person}`, { role: 'observer' })),
    again: 101,
  },
  'they were taken out of their group': {
    as: 'group',
    ends: ({ owner, course, group }) => ok(owner('PATCH', `/v1/courses/${course}/groups/${group}`, { name: 'G', members: [] })),
    again: 404,
  },
  'their group is gone': {
    as: 'group',
    ends: ({ owner, course, group }) => ok(owner('DELETE', `/v1/courses/${course}/groups/${group}`)),
    again: 404,
  },
  'their key ended': { as: 'key', ends: ({ owner, keyId }) => ok(owner('DELETE', `/v1/keys/${keyId}`)), again: 401 },
  'the person behind their key was removed': {
    as: 'own key',
    ends: ({ owner, person }) => ok(owner('DELETE', `/v1/people/${person}`)),
    again: 401,
  },
  'they signed out': {
    as: 'copy',
    ends: ({ headers }) => ok(request('/auth/sign-out', { method: 'POST', headers })),
    again: 401,
  },
  'they were erased': {
    as: 'copy',
    ends: ({ owner, person }) => ok(owner('POST', `/v1/people/${person}/erase`, { name: 'Sam' })),
    again: 401,
  },
  'the organisation is suspended': {
    as: 'copy',
    ends: ({ organisation }) =>
      ok(
        request(`/v1/operator/organisations/${organisation}`, {
          method: 'PATCH',
          headers: { authorization: `Bearer ${OPERATOR_KEY}` },
          json: { suspended: true },
        }),
      ),
    again: 403,
  },
}

async function newWorld(as: Case['as']): Promise<World> {
  const organisation = await newOrganisation()
  const owner = asker(await signIn(organisation, 'owner'))
  const headers = await signIn(organisation, 'student', 'Sam')
  const { person } = await ok<{ person: { id: string } }>(request('/auth/session', { headers }))
  const { id: course } = await ok<{ id: string }>(owner('POST', '/v1/courses', { title: 'C' }))
  await ok(owner('POST', `/v1/courses/${course}/people`, { person: person.id, role: 'student' }))
  const { groups } = await ok<{ groups: { id: string }[] }>(
    owner('POST', `/v1/courses/${course}/groups`, { name: 'G', members: [person.id] }),
  )
  const forGroups = as === 'group'
  const made = await ok<{ id: string }>(owner('POST', `/v1/courses/${course}/assignments`, { definition: yaml, forGroups }))
  await ok(owner('POST', `/v1/assignments/${made.id}/publish`, {}))
  const scopes = ['labs:read', 'labs:write']
  const key =
    as === 'key' ? await newKey(organisation, scopes) : as === 'own key' ? await newKey(organisation, scopes, person.id) : null
  const keyId = await db.prepare('select id from api_key where organisation_id = ?').bind(organisation).first<string>('id')
  const ask = asker(key ?? headers)
  const lab =
    as === 'copy' || as === 'group'
      ? (await ok<{ labId: string }>(ask('POST', `/v1/assignments/${made.id}/open`))).labId
      : (await ok<{ id: string }>(ask('POST', '/v1/labs', { definition: yaml, seed: 1 }))).id
  const group = groups[0]?.id ?? ''
  return {
    organisation,
    owner,
    course,
    assignment: made.id,
    group,
    person: person.id,
    headers: key ?? headers,
    keyId: keyId ?? '',
    lab,
  }
}

const openSocket = (lab: string, headers: Headers) =>
  request(`/v1/labs/${lab}/socket`, { headers: { ...headers, upgrade: 'websocket', 'sec-websocket-protocol': 'lab.v1' } })
const attach = (lab: string, port: string, token: string, session: string) =>
  request(`/v1/labs/${lab}/ports/${port}/attach?session=${session}`, {
    headers: { upgrade: 'websocket', authorization: `Bearer ${token}` },
  })
const exec = (line: string) => JSON.stringify({ type: 'exec', console: 'desk', line, clientId: randomId() })

describe.each(Object.entries(cases))('%s', (_, { as, ends, again: wanted }) => {
  it('nothing comes in any more by what is open, and nothing opens it again', async () => {
    const world = await newWorld(as)
    const { lab, headers } = world
    const ask = asker(headers)
    const port = 'home:5'
    const one = await ok<{ token: string }>(ask('POST', `/v1/labs/${lab}/ports/${port}/tokens`, { minutes: 30 }))
    const other = await ok<{ token: string }>(ask('POST', `/v1/labs/${lab}/ports/${port}/tokens`, { minutes: 30 }))
    const socket = await openSocket(lab, headers)
    expect(socket.status).toBe(101)
    const page = new End(socket.webSocket as WebSocket)
    page.send(JSON.stringify({ type: 'hello', packetsAfter: -1, visible: true }))
    page.send(exec('hostname'))
    const lines = async () => {
      const [row] = (await db.prepare('select object_id as id from lab where id = ?').bind(lab).all<{ id: string }>()).results
      const { LAB_HOST } = env as unknown as Env
      const host = LAB_HOST.get(LAB_HOST.idFromString(row?.id ?? '')) as unknown as {
        journal(query: object): Promise<{ value: { line: string }[] }>
        packets(query: object): Promise<{ value: { packets: { info: string; source?: string }[] } }>
        ports(): Promise<{ value: { port: string; attached: { traffic: Record<string, number> } | null }[] }>
      }
      const attached = (await host.ports()).value.find((its) => its.port === port)?.attached ?? null
      return {
        lines: (await host.journal({ after: 0, limit: 100 })).value.map(({ line }) => line),
        packets: JSON.stringify((await host.packets({ after: -1, limit: 500 })).value),
        attached,
      }
    }
    await until(async () => (await lines()).lines.includes('hostname'), 'a line comes in')
    const machine = new End((await attach(lab, port, one.token, 'mine')).webSocket as WebSocket)
    machine.send(frameOf(1))
    await until(
      async () => (await lines()).packets.includes('02-00-00-00-00-01') || (await lines()).packets.includes('02:00:00:00:00:01'),
      'a frame comes in',
    )

    await ends(world)
    page.send(exec('ipconfig'))
    for (let at = 0; at < 3; at++) machine.send(frameOf(2))
    await until(() => page.closed && machine.closed, 'both sockets close')
    const after = await lines().catch(() => null)
    // An erased person's own labs are gone with them.
    if (after !== null) {
      expect(after.lines.filter((line) => line === 'ipconfig')).toEqual([])
      expect(after.packets).not.toMatch(/02[-:]00[-:]00[-:]00[-:]00[-:]02/)
      expect(after.attached).toBeNull()
    }

    const again = await openSocket(lab, headers)
    expect(again.status).toBe(wanted)
    if (again.webSocket) {
      const back = new End(again.webSocket)
      back.send(JSON.stringify({ type: 'hello', packetsAfter: -1, visible: true }))
      back.send(exec('ipconfig'))
      await until(() => back.got.some((text) => text.includes('not-allowed')), 'they are told that they may not')
      expect((await lines()).lines).not.toContain('ipconfig')
      back.socket.close()
    }
    // Who only signed out may still have machines of theirs there: a token is theirs, not their session's.
    const stays = cases['they signed out']?.ends === ends
    for (const [token, session] of [
      [one.token, 'mine'],
      [other.token, 'another'],
    ] as const) {
      const answer = await attach(lab, port, token, session)
      if (answer.webSocket) {
        answer.webSocket.accept()
        answer.webSocket.close()
      }
      if (stays) return expect(answer.status).toBe(101)
      expect([401, 403, 404]).toContain(answer.status)
    }
  })
})
