// For the tests beside: a lab of the fixture in an object of its own, and a socket at it.

import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { gunzipSync } from 'node:zlib'
import type { Answer, Caller, LabGradingCalls, LabHistoryCalls, LabHostCalls, LabTogetherCalls } from './contract.ts'
import yaml from './definition/fixtures/two-rooms.yaml'
import type { LabRooms } from './lab-rooms.ts'
import type { ClientMessage, PacketRow, ServerMessage } from './protocol.ts'

export { yaml }

const { LAB_HOST } = env as unknown as { LAB_HOST: DurableObjectNamespace }

export const ada: Caller = { personId: 'person-ada', name: 'Ada', role: 'student' }
export const bob: Caller = { personId: 'person-bob', name: 'Bob', role: 'teacher' }

export type Host = LabHostCalls &
  LabHistoryCalls &
  LabGradingCalls &
  LabTogetherCalls & { readonly stub: DurableObjectStub; evict(): Promise<void> }

/** A stub is broken once a call on it has thrown, so every call takes a new one. */
export function host(): Host {
  const id = LAB_HOST.newUniqueId()
  const calls = new Proxy(
    {},
    {
      get: (_, name) => {
        // Not a promise, whatever `await` asks.
        if (name === 'then') return undefined
        if (name === 'stub') return LAB_HOST.get(id)
        if (name === 'evict') return () => evictDurableObject(LAB_HOST.get(id))
        return (...args: unknown[]) =>
          (LAB_HOST.get(id) as unknown as Record<PropertyKey, (...args: unknown[]) => unknown>)[name](...args)
      },
    },
  )
  return calls as Host
}

export async function newLab(seed = 7, definition = yaml): Promise<Host> {
  const made = host()
  expectOk(await made.create({ from: 'definition', yaml: definition, brief: '# Brief', seed }))
  return made
}

export function expectOk<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(`${answer.status} ${answer.code}: ${answer.message}`)
  return answer.value
}

/** Every sighting that the lab keeps. */
export async function allPackets(lab: Host): Promise<PacketRow[]> {
  const all: PacketRow[] = []
  for (let after = -1; ; ) {
    const { packets, next } = expectOk(await lab.packets({ after, limit: 500 }))
    if (packets.length === 0) return all
    all.push(...packets)
    after = next
  }
}

let commands = 0
export const command = (console: string, line: string, clientId = `client-id-${++commands}`) => ({ console, line, clientId })

/** A person's socket; what it received stands in `received` until it is taken. */
export class Client {
  readonly received: ServerMessage[] = []
  readonly raw: string[] = []
  closed: { code: number; reason: string } | undefined
  private readonly socket: WebSocket
  private wake = () => {}

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.addEventListener('message', ({ data }) => {
      if (data === 'pong') this.raw.push(data)
      else this.received.push(JSON.parse(data as string) as ServerMessage)
      this.wake()
    })
    socket.addEventListener('close', ({ code, reason }) => {
      this.closed = { code, reason }
      this.wake()
    })
    socket.accept()
  }

  static async connect(lab: Host, caller: Caller): Promise<Client> {
    const headers = { upgrade: 'websocket', 'sec-websocket-protocol': 'lab.v1', 'x-caller': JSON.stringify(caller) }
    const response = await lab.stub.fetch('https://lab/socket', { headers })
    if (!response.webSocket) throw new Error(`no socket: ${response.status} ${await response.text()}`)
    return new Client(response.webSocket)
  }

  static async join(lab: Host, caller: Caller, packetsAfter = -1): Promise<Client> {
    const client = await Client.connect(lab, caller)
    client.send({ type: 'hello', packetsAfter, visible: true })
    await client.next('welcome')
    return client
  }

  send(message: ClientMessage | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  close(code?: number, reason?: string): void {
    this.socket.close(code, reason)
  }

  /** The first message of a type that matches, waited for; it is taken out, others stay. */
  async next<T extends ServerMessage['type']>(
    type: T,
    wanted: (message: Extract<ServerMessage, { type: T }>) => boolean = () => true,
  ): Promise<Extract<ServerMessage, { type: T }>> {
    for (;;) {
      const at = this.received.findIndex((one) => one.type === type && wanted(one as Extract<ServerMessage, { type: T }>))
      if (at >= 0) return this.received.splice(at, 1)[0] as Extract<ServerMessage, { type: T }>
      await this.something()
    }
  }

  something(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve
    })
  }

  /** Everything that was sent before has arrived: a wrong message is answered after it. */
  async settle(): Promise<ServerMessage[]> {
    this.send('settle')
    await this.next('error', (one) => one.code === 'bad-message')
    return this.received.splice(0)
  }
}

/** The rows of an exported lab, one line of JSON each. */
export const rowsOf = (file: Uint8Array): string[] => new TextDecoder().decode(gunzipSync(file)).trimEnd().split('\n')

/** What is inside of a lab's object, for what cannot be brought about from outside. */
export const roomsOf = (instance: unknown): LabRooms => (instance as { readonly rooms: LabRooms }).rooms
