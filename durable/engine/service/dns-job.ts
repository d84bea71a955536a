// A question that a DNS server is working on, and its query out on the network.
import type { DatagramOwner, Socket, UdpSocket } from '../ip/hooks.ts'
import type { Stack } from '../ip/stack.ts'
import { bindUdp, closeUdp, sendUdp } from '../ip/udp.ts'
import type { RandomStream } from '../sim/random.ts'
import { loadTime, type Micros, NEVER, storeTime } from '../sim/time.ts'
import { type IpAddress, loadIp, type StoredIp, storeIp } from '../wire/addresses.ts'
import * as dns from '../wire/dns.ts'
import { anyFamily } from './dns-lookup-sockets.ts'
import { loadRecord, type PlainRecord, type StoredRecord, storeRecord } from './dns-stored.ts'
import { type StoredQueries, StreamQueries } from './dns-stream.ts'

/** Who asked, and how the answer must look. */
export type Asker = {
  readonly ip: IpAddress
  readonly port: number
  readonly id: number
  /** The address the question came to: the answer comes from there. */
  readonly local: IpAddress
  readonly recursionDesired: boolean
  /** The largest answer, 0 = no EDNS. */
  readonly udpSize: number
  /** The connection that the question came by, absent or 0 = UDP. */
  readonly stream?: Socket
}

export type Job = {
  readonly number: number
  /** Undefined: a question of our own, for the job `parent`. */
  readonly asker: Asker | undefined
  readonly parent: number
  readonly name: string
  readonly type: string
  readonly origin: number
  /** What is being looked for now: the end of the aliases so far. */
  target: string
  answers: PlainRecord[]
  /** The query under way: to whom, which id, from which port; it is given up at `due`. */
  server: IpAddress
  id: number
  port: number
  due: Micros
  attempt: number
  failures: number
  /** Resolver: the zone whose servers are asked, their addresses, and names of servers not resolved yet. Forwarder: whom it asked. */
  zone: string
  servers: readonly IpAddress[]
  names: readonly string[]
  steps: number
}

type StoredAsker = Omit<Asker, 'ip' | 'local'> & { readonly ip: StoredIp; readonly local: StoredIp }
export type StoredJob = Omit<Job, 'asker' | 'answers' | 'due' | 'server' | 'servers'> & {
  readonly asker: StoredAsker | null
  readonly server: StoredIp
  readonly servers: readonly StoredIp[]
  readonly answers: readonly StoredRecord[]
  readonly due: number | null
}

export const storeJob = (job: Job): StoredJob => ({
  ...job,
  asker: job.asker === undefined ? null : { ...job.asker, ip: storeIp(job.asker.ip), local: storeIp(job.asker.local) },
  server: storeIp(job.server),
  servers: job.servers.map(storeIp),
  answers: job.answers.map(storeRecord),
  due: storeTime(job.due),
})

export const loadJob = (stored: StoredJob): Job => ({
  ...stored,
  asker: stored.asker === null ? undefined : { ...stored.asker, ip: loadIp(stored.asker.ip), local: loadIp(stored.asker.local) },
  server: loadIp(stored.server),
  servers: stored.servers.map(loadIp),
  answers: stored.answers.map(loadRecord),
  due: loadTime(stored.due),
})

/** The size of UDP message that servers agree upon (DNS flag day 2020). */
export const EDNS_SIZE = 1232

export const edns: dns.Opt = { type: 'OPT', udpSize: EDNS_SIZE, extendedRcode: 0, version: 0, dnssecOk: false, options: [] }

/** The jobs of a server: each has its own port while its query is out. */
export class Jobs {
  readonly all = new Map<number, Job>()
  private readonly sockets = new Map<number, UdpSocket>()
  private readonly stack: Stack
  private readonly owner: DatagramOwner
  private readonly random: RandomStream
  private readonly shown: { readonly component?: string; readonly image?: string }
  /** Questions that went out over TCP, since their answer was cut. */
  private readonly streams: StreamQueries
  next: number

  constructor(
    stack: Stack,
    owner: DatagramOwner,
    random: RandomStream,
    shown: { readonly component?: string; readonly image?: string },
    stored: { readonly next: number; readonly jobs: readonly StoredJob[]; readonly queries?: StoredQueries } | undefined,
    told: (job: Job, message: Uint8Array | undefined) => void,
  ) {
    this.stack = stack
    this.owner = owner
    this.random = random
    this.shown = shown
    this.next = stored?.next ?? 1
    const tell = (key: number, message: Uint8Array | undefined) => {
      const job = this.all.get(key)
      if (job !== undefined) told(job, message)
    }
    this.streams = new StreamQueries(stack, `${stack.machine}/dns-server/queries`, tell, stored?.queries)
    for (const job of stored?.jobs ?? []) {
      this.all.set(job.number, loadJob(job))
      if (job.port !== 0) this.bind(job.number, job.port)
    }
  }

  add(asker: Asker | undefined, parent: Job | undefined, name: string, type: string): Job {
    const job: Job = {
      number: this.next++,
      asker,
      parent: parent?.number ?? 0,
      name,
      type,
      origin: this.stack.sim.origin,
      target: name,
      answers: [],
      server: 0,
      id: 0,
      port: 0,
      due: NEVER,
      attempt: 0,
      failures: 0,
      zone: '',
      servers: [],
      names: [],
      steps: parent?.steps ?? 0,
    }
    this.all.set(job.number, job)
    return job
  }

  private bind(number: number, port: number): void {
    const socket = bindUdp(this.stack, this.owner, {
      port,
      ...anyFamily(this.stack),
      component: this.shown.component,
      image: this.shown.image,
    })
    if (socket !== undefined) this.sockets.set(number, socket)
  }

  /** Sends the query of a job, with a new identifier unless it repeats the last. False when there is no way to the server. */
  ask(job: Job, server: IpAddress, repeats: boolean, recursionDesired: boolean, withEdns: boolean, timeout: Micros): boolean {
    if (!this.sockets.has(job.number)) {
      job.port = this.stack.takePort()
      this.bind(job.number, job.port)
    }
    const socket = this.sockets.get(job.number)
    job.server = server
    if (!repeats) job.id = this.random.below(0x10000)
    job.due = this.stack.sim.now + timeout
    const query = dns.query(job.id, { name: job.target, type: job.type, recursionDesired })
    const bytes = dns.encode(withEdns ? { ...query, additionals: [edns] } : query)
    return socket !== undefined && typeof sendUdp(this.stack, socket, server, dns.PORT, bytes) === 'number'
  }

  /** The same question again, over TCP to the same server (RFC 7766 section 5). False when there is no way. */
  askStream(job: Job, timeout: Micros): boolean {
    job.due = this.stack.sim.now + timeout
    const query = dns.query(job.id, { name: job.target, type: job.type, recursionDesired: job.asker?.recursionDesired ?? false })
    return this.streams.ask(job.number, job.server, dns.encode(query), this.shown)
  }

  get queries(): StreamQueries {
    return this.streams
  }

  at(port: number): Job | undefined {
    for (const job of this.all.values()) if (job.port === port) return job
    return undefined
  }

  isOpen(asker: Asker): boolean {
    for (const { asker: known } of this.all.values()) {
      if (known !== undefined && known.ip === asker.ip && known.port === asker.port && known.id === asker.id) return true
    }
    return false
  }

  end(job: Job): void {
    const socket = this.sockets.get(job.number)
    if (socket !== undefined) closeUdp(this.stack, socket)
    this.streams.cancel(job.number)
    this.sockets.delete(job.number)
    this.all.delete(job.number)
  }

  clear(): void {
    for (const job of [...this.all.values()]) this.end(job)
  }

  get dueAt(): Micros {
    let at = NEVER
    for (const job of this.all.values()) if (job.due < at) at = job.due
    return at
  }

  /** The job that is due first, in order of number. */
  due(now: Micros): Job | undefined {
    for (const job of this.all.values()) if (job.due <= now) return job
    return undefined
  }
}
