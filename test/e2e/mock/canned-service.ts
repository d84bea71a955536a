import type { BrowserContext, WebSocketRoute } from 'playwright-core'
import { type ClientMessage, clientMessage, type Person, type ServerMessage, serverMessage } from '../../../durable/protocol.ts'
import { brief, packets, pingOutput, prompts, report, scrollback, topology } from './canned-lab.ts'
import { cannedTime, starts } from './canned-time.ts'
import { answerTime } from './time-routes.ts'

export type CannedOptions = {
  readonly signedIn?: boolean
  readonly labs?: boolean
  /** `slow`: lists never arrive. `broken`: everything answers 500. */
  readonly mood?: 'well' | 'slow' | 'broken'
  readonly others?: readonly Person[]
  /** What a replay finds. */
  readonly replaysSame?: boolean
  readonly role?: 'student' | 'teacher'
}

const you: Person = { id: 'sam', name: 'Sam Student', role: 'student', console: 'pc', typing: false }
const labEntry = (id: string, title: string, createdAt: number, by = you) => ({
  id,
  title,
  createdAt: new Date(createdAt).toISOString(),
  createdBy: by,
})
const rows = packets.map(({ bytes, layers, ...row }) => row)

/** The sockets that pages opened, and what came in on them. */
export type Canned = { readonly sockets: WebSocketRoute[]; readonly sent: ClientMessage[] }

/** Answers everything that the console asks, inside the browser: no server is needed to look at a page. */
export async function serveCanned(context: BrowserContext, options: CannedOptions = {}): Promise<Canned> {
  const { signedIn = true, labs = true, mood = 'well', others = [], replaysSame = true, role = 'student' } = options
  const time = cannedTime()
  const sockets: WebSocketRoute[] = []
  const sent: ClientMessage[] = []
  await context.route(/\/(v1|auth)\//, async (route) => {
    const path = new URL(route.request().url()).pathname
    const method = route.request().method()
    const json = (value: unknown, status = 200) => route.fulfill({ status, json: value })
    if (path === '/auth/session') {
      if (!signedIn) return json({ detail: 'Nobody is signed in.' }, 401)
      return json({ person: { id: you.id, name: you.name }, organisation: { id: 'demo', name: 'Demo School' }, role })
    }
    if (mood === 'slow') return
    if (mood === 'broken') return json({ title: 'Internal error', detail: 'The service failed. The fault has been logged.' }, 500)
    if (path === '/v1/catalogue') {
      const summary =
        'Investigate the switch that every Windows computer with Hyper-V has: its addresses, its DHCP and DNS servers and its NAT.'
      return json({ catalogue: [{ slug: 'default-switch', title: 'The Default Switch', summary }] })
    }
    if (path === '/v1/organisation/leaving') return json({ labs: [] })
    if (path === '/v1/labs' && method === 'GET') {
      const tess = { ...you, id: 'tess', name: 'Tess Teacher' }
      const list = [
        labEntry('demo1', 'The Default Switch', Date.now() - 60_000),
        labEntry('demo2', 'The Default Switch', Date.now() - 90_000_000, tess),
      ]
      return json({ labs: labs ? list : [], next: null })
    }
    if (path === '/v1/labs') return json({ id: 'demo1', title: 'The Default Switch' }, 201)
    if (path.endsWith('/check')) return json(report)
    if (path.endsWith('/assignment')) return json({ kind: 'own', assignment: null, part: null, holder: null, work: null })
    if (path.endsWith('/tasks')) return json({ tasks: [], lesson: null, mayCheck: true })
    const timely = answerTime(route, time, replaysSame)
    if (timely !== undefined) return timely
    const one = /\/packets\/(\d+)$/.exec(path)
    if (one !== null) return json(packets[Number(one[1])])
    return json({ id: 'demo1', title: 'The Default Switch', summary: '', brief, machines: [], ...starts })
  })
  await context.routeWebSocket(/\/socket$/, (socket) => {
    sockets.push(socket)
    if (mood === 'well') answerSocket(socket, sent, [you, ...others])
  })
  return { sockets, sent }
}

function answerSocket(socket: WebSocketRoute, sent: ClientMessage[], people: readonly Person[]): void {
  const send = (message: ServerMessage) => socket.send(JSON.stringify(serverMessage.parse(message)))
  socket.onMessage((data) => {
    if (data === 'ping') return
    const message = clientMessage.parse(JSON.parse(String(data)))
    sent.push(message)
    answer(message, send, people)
  })
}

function answer(message: ClientMessage, send: (message: ServerMessage) => void, people: readonly Person[]): void {
  if (message.type === 'hello') {
    const consoles = Object.entries(scrollback).map(([console, text]) => {
      return {
        console,
        prompt: prompts[console],
        busy: false,
        typist: null,
        owner: null,
        asking: [],
        scrollback: text,
        history: [],
      }
    })
    send({
      type: 'welcome',
      you: you.id,
      title: 'The Default Switch',
      people: [...people],
      consoles,
      topology,
      resumed: message.packetsAfter >= 0,
      proposal: null,
      left: null,
    })
  }
  if (message.type === 'complete') {
    send({
      type: 'completion',
      request: message.request,
      from: 0,
      candidates: ['Get-VM', 'Get-VMNetworkAdapter', 'Get-VMSwitch', 'Get-VMSwitchExtension'],
    })
  }
  if (message.type === 'exec') {
    const { console, line, clientId } = message
    const ping = line.startsWith('ping')
    const output = ping ? pingOutput : ''
    send({ type: 'output', console, text: `${prompts[console]}${line}\n${output}`, by: you.id })
    if (ping) send({ type: 'packets', packets: rows, oldest: 0, next: rows.length })
    const nothing = line.startsWith('Test-NetConnection')
    const ids = ping ? [...new Set(rows.map((one) => one.packet))] : []
    const done = {
      status: 'done',
      job: '9',
      output,
      exitStatus: nothing ? 1 : 0,
      startedAt: 0,
      endedAt: 0,
      unsettled: [],
      repeated: false,
    } as const
    send({ type: 'answer', clientId, answer: { ...done, prompt: prompts[console], packets: ids, unsettled: [] } })
  }
}
