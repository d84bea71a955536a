// A DNS server on port 53, over UDP and over TCP: authority for zones, resolver, or forwarder (RFC 1034, 1035, 2181, 2308, 6891).
import type { Datagram, DatagramOwner, SendError, Socket, UdpSocket } from '../ip/hooks.ts'
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import { bindUdp, closeUdp, sendUdp } from '../ip/udp.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import type { RandomStream } from '../sim/random.ts'
import type { Simulation } from '../sim/simulation.ts'
import { type Micros, NEVER, SECOND } from '../sim/time.ts'
import { formatAddress, type IpAddress, loadIp, type StoredIp, storeIp } from '../wire/addresses.ts'
import { u16 } from '../wire/bytes.ts'
import * as dns from '../wire/dns.ts'
import { type CacheEntry, DnsCache, type StoredCache } from './dns-cache.ts'
import { Forwarder } from './dns-forwarder.ts'
import { type Asker, EDNS_SIZE, edns, type Job, Jobs, type StoredJob, storeJob } from './dns-job.ts'
import { anyFamily } from './dns-lookup-sockets.ts'
import { Resolver } from './dns-resolver.ts'
import { isPlain, type PlainRecord } from './dns-stored.ts'
import { type StoredQueries, type StoredTalks, StreamListener } from './dns-stream.ts'
import { type Zone, Zones } from './dns-zone.ts'

export { type Zone, type ZoneText, zoneOf } from './dns-zone.ts'

export type LocalNames = {
  /** Undefined: not ours, ask on. Empty: the name exists, but has no such records. */
  readonly lookup: (name: string, type: string) => readonly dns.DnsRecord[] | 'no-such-name' | undefined
}

export type DnsServerOptions = {
  readonly mode: 'authority' | 'resolver' | 'forwarder'
  readonly zones: readonly Zone[]
  /** Addresses of root servers. */
  readonly roots: readonly IpAddress[]
  /** Whom a forwarder asks, read anew for every query. */
  readonly upstream: (name: string) => readonly IpAddress[]
  readonly local?: LocalNames
  /** Whether questions that come here are answered at all. */
  readonly serves?: (via: Interface) => boolean
  /** Hears of every question and what becomes of it. */
  readonly told?: (event: DnsTold) => void
  /** Another port than 53. */
  readonly port?: number
  readonly component?: string
  readonly image?: string
  /** Answers over TCP too (RFC 7766). */
  readonly tcp?: boolean
  /** Listen at this address only; 0 = all. */
  readonly localIp?: IpAddress
}

export type DnsTold =
  | { readonly kind: 'query'; readonly name: string; readonly type: string; readonly from: IpAddress }
  | { readonly kind: 'forwarded'; readonly name: string; readonly to: IpAddress }
  | {
      /** From our own data, from what is remembered, from whom we asked. */
      readonly kind: 'local' | 'cached' | 'reply'
      readonly name: string
      readonly type: string
      readonly rcode: number
      readonly answers: readonly PlainRecord[]
    }

export type DnsServerState = {
  readonly random: number
  readonly next: number
  readonly jobs: readonly StoredJob[]
  readonly cache: StoredCache
  /** Connections of those who ask, and questions of our own over TCP. */
  readonly streams?: StoredTalks
  readonly queries?: StoredQueries
  /** Whom a forwarder has its cache from. */
  readonly upstream: readonly StoredIp[]
}

type Reply = {
  readonly rcode: number
  readonly authoritative?: boolean
  readonly truncated?: boolean
  readonly answers?: readonly PlainRecord[]
  readonly authorities?: readonly PlainRecord[]
  readonly additionals?: readonly PlainRecord[]
}

const MAX_JOBS = 512
/** How long an answer over TCP may take, the opening included. */
const STREAM_TIMEOUT = 5 * SECOND

export class DnsServer implements Part, DatagramOwner {
  readonly kind = 'dns-server'
  readonly version = 1
  readonly name: string
  private readonly sim: Simulation
  private readonly stack: Stack
  private readonly options: DnsServerOptions
  private readonly zones: Zones
  private readonly known = new DnsCache()
  private readonly random: RandomStream
  private readonly jobs: Jobs
  private readonly forwarder: Forwarder
  private readonly resolver: Resolver
  private readonly streams: StreamListener | undefined
  private socket: UdpSocket | undefined
  private learnedFrom: readonly IpAddress[]

  constructor(sim: Simulation, stack: Stack, options: DnsServerOptions, state?: DnsServerState) {
    this.sim = sim
    this.stack = stack
    this.options = options
    this.name = `${stack.machine}/dns-server`
    this.zones = new Zones(options.zones)
    this.random = sim.random(this.name, state?.random ?? 0)
    this.jobs = new Jobs(stack, this, this.random, options, state, (job, message) => this.streamAnswer(job, message))
    const shown = { component: options.component, image: options.image, address: options.localIp || undefined }
    this.streams = options.tcp
      ? new StreamListener(
          stack,
          `${this.name}/streams`,
          shown,
          (from, message) => this.askedByStream(from, message),
          () => sim.touch(this),
          state?.streams,
        )
      : undefined
    const finish = this.finish.bind(this)
    this.forwarder = new Forwarder(this.jobs, this.known, options.upstream, finish, (job) =>
      options.told?.({ kind: 'forwarded', name: job.target, to: job.server }),
    )
    this.resolver = new Resolver(this.jobs, this.known, options.roots, finish, () => sim.now)
    if (state) this.known.load(state.cache)
    this.learnedFrom = state?.upstream.map(loadIp) ?? []
    const { localIp, component, image } = options
    this.socket = bindUdp(stack, this, {
      port: options.port ?? dns.PORT,
      ...(localIp === undefined ? anyFamily(stack) : { localIp }),
      component,
      image,
    })
  }

  /** The machine has started. */
  start(): void {
    this.streams?.start()
  }

  resume(): void {
    this.streams?.resume()
  }

  /** Gives up its port and all questions under way. */
  close(): void {
    this.jobs.clear()
    this.streams?.close()
    if (this.socket !== undefined) closeUdp(this.stack, this.socket)
    this.socket = undefined
    this.sim.touch(this)
  }

  /** The machine was switched off: nothing is remembered. */
  reset(): void {
    this.jobs.clear()
    this.jobs.queries.clear()
    this.streams?.reset()
    this.clear()
  }

  cache(): CacheEntry[] {
    return this.known.live(this.sim.now)
  }

  clear(): void {
    this.known.clear()
    this.sim.touch(this)
  }

  // Frames

  datagram(socket: UdpSocket, datagram: Datagram): void {
    if (socket === this.socket) {
      if (this.options.serves?.(datagram.via) === false) this.stack.drop('ignored', `DNS: not served on ${datagram.via.name}`)
      else this.question(datagram)
    } else this.response(socket, datagram)
    this.sim.touch(this)
  }

  private askedByStream(stream: Socket, payload: Uint8Array): void {
    const ends = this.stack.tcp.ends(stream)
    if (ends === undefined) return
    this.question({ src: ends.remote, srcPort: ends.remotePort, dst: ends.local, payload }, stream)
    this.sim.touch(this)
  }

  private question(
    { src, srcPort, dst, payload }: Pick<Datagram, 'src' | 'srcPort' | 'dst' | 'payload'>,
    stream: Socket = 0,
  ): void {
    const query = dns.parse(payload, 0, payload.length)
    const owner = typeof dst === 'number' ? this.stack.ownerOf(dst) : this.stack.ip6?.ownerOf(dst)
    const local = owner === undefined ? 0 : dst
    if (typeof query === 'string') {
      // RFC 1035 section 4.1.1: what has at least an identifier is told that it makes no sense.
      const asker = { ip: src, port: srcPort, local, recursionDesired: false, udpSize: 0, stream }
      if (payload.length < dns.HEADER_LEN || (payload[2] & 0x80) !== 0) return this.stack.drop('malformed', query)
      return this.reply({ ...asker, id: u16(payload, 0) }, undefined, { rcode: dns.FORMERR })
    }
    // Answering answers would let two servers talk for ever.
    if (query.response) return this.stack.drop('ignored', 'DNS: an answer, sent to the port of servers')
    const opt = query.additionals.find((r) => r.type === 'OPT')
    const udpSize = opt?.type === 'OPT' ? Math.min(EDNS_SIZE, Math.max(dns.UDP_LIMIT, opt.udpSize)) : 0
    const asker: Asker = {
      ip: src,
      port: srcPort,
      id: query.id,
      local,
      recursionDesired: query.recursionDesired,
      udpSize,
      stream,
    }
    const [question] = query.questions
    const rcode = refusal(query)
    if (question === undefined || rcode !== dns.NOERROR) return this.reply(asker, question, { rcode })
    this.options.told?.({ kind: 'query', name: question.name, type: question.type, from: src })
    if (this.options.mode === 'forwarder') this.forgetOtherNetworks()
    const ready = this.ready(question)
    if (ready !== undefined) return this.reply(asker, question, ready)
    if (this.options.mode === 'authority' || !query.recursionDesired) return this.reply(asker, question, { rcode: dns.REFUSED })
    if (this.jobs.isOpen(asker)) return this.stack.drop('ignored', 'DNS: the same question is being worked on')
    if (this.jobs.all.size >= MAX_JOBS) return this.stack.drop('table-full', 'DNS: too many questions under way')
    this.begin(this.jobs.add(asker, undefined, question.name, question.type))
  }

  /** The machine has moved to another network, whose servers may know the same name as something else. */
  private forgetOtherNetworks(): void {
    const servers = this.options.upstream('')
    if (servers.length === this.learnedFrom.length && servers.every((ip, at) => ip === this.learnedFrom[at])) return
    this.learnedFrom = [...servers]
    this.known.clear()
  }

  /** An answer that needs nobody else. */
  private ready({ name, type }: dns.Question): Reply | undefined {
    const tell = (kind: 'local' | 'cached', reply: Reply): Reply => {
      this.options.told?.({ kind, name, type, rcode: reply.rcode, answers: reply.answers ?? [] })
      return reply
    }
    const local = this.options.local?.lookup(name, type)
    if (local === 'no-such-name') return tell('local', { rcode: dns.NXDOMAIN })
    if (local !== undefined) return tell('local', { rcode: dns.NOERROR, answers: local.filter(isPlain) })
    const authority = this.zones.answer(name, type)
    // A delegation is no answer for whoever wants to be spared the walk.
    if (authority !== undefined && (this.options.mode === 'authority' || authority.authoritative)) return authority
    const known = this.known.find(name, type, this.sim.now)
    return known?.missing === '' ? tell('cached', known) : undefined
  }

  private begin(job: Job): void {
    if (this.options.mode === 'forwarder') this.forwarder.begin(job)
    else this.resolver.begin(job)
  }

  private get worker(): Forwarder | Resolver {
    return this.options.mode === 'forwarder' ? this.forwarder : this.resolver
  }

  private response(socket: UdpSocket, { src, srcPort, payload }: Datagram): void {
    const job = this.jobs.at(socket.port)
    const answer = dns.parse(payload, 0, payload.length)
    if (typeof answer === 'string') return this.stack.drop('malformed', answer)
    const [question] = answer.questions
    // RFC 5452 section 9.1: from whom it was asked, with the same question and identifier.
    const asked = job !== undefined && (src === job.server || job.servers.includes(src))
    const fits = asked && answer.response && answer.id === job.id && srcPort === dns.PORT
    if (!fits || question === undefined || question.type !== job.type || !dns.sameName(question.name, job.target)) {
      return this.stack.drop('ignored', `DNS: ${formatAddress(src)} was not asked this`)
    }
    if (answer.truncated && this.jobs.askStream(job, STREAM_TIMEOUT)) return
    this.worker.answered(job, answer, this.sim.now)
  }

  /** What came of a question that was asked again over TCP. */
  private streamAnswer(job: Job, message: Uint8Array | undefined): void {
    const answer = message === undefined ? undefined : dns.parse(message, 0, message.length)
    if (answer === undefined || typeof answer === 'string' || !answer.response || answer.id !== job.id) this.worker.failed(job)
    else this.worker.answered(job, answer, this.sim.now)
    this.sim.touch(this)
  }

  sendError(socket: UdpSocket, dst: IpAddress, _dstPort: number, _error: SendError): void {
    const job = socket === this.socket ? undefined : this.jobs.at(socket.port)
    if (job === undefined || job.server !== dst) return
    this.worker.failed(job)
    this.sim.touch(this)
  }

  private finish(job: Job, result: Reply & { readonly answers: readonly PlainRecord[] }): void {
    this.jobs.end(job)
    if (job.asker !== undefined) {
      const { rcode, answers } = result
      this.options.told?.({ kind: 'reply', name: job.name, type: job.type, rcode, answers })
      this.reply(job.asker, { name: job.name, type: job.type, class: dns.CLASS_IN }, result)
      return
    }
    const parent = this.jobs.all.get(job.parent)
    if (parent !== undefined) this.resolver.resume(parent, job.steps, result.answers)
  }

  private reply(asker: Asker, question: dns.Question | undefined, reply: Reply): void {
    if (this.socket === undefined) return
    const message: dns.Dns = {
      id: asker.id,
      response: true,
      opcode: dns.QUERY,
      authoritative: reply.authoritative ?? false,
      truncated: reply.truncated ?? false,
      recursionDesired: asker.recursionDesired,
      recursionAvailable: this.options.mode !== 'authority',
      rcode: reply.rcode,
      questions: question === undefined ? [] : [question],
      answers: reply.answers ?? [],
      authorities: reply.authorities ?? [],
      additionals: asker.udpSize > 0 ? [...(reply.additionals ?? []), edns] : (reply.additionals ?? []),
    }
    if (asker.stream) {
      this.streams?.answer(asker.stream, dns.encode(message))
      return
    }
    const bytes = dns.encode(dns.truncate(message, Math.max(dns.UDP_LIMIT, asker.udpSize)))
    const options = asker.local === 0 ? undefined : { source: asker.local }
    sendUdp(this.stack, this.socket, asker.ip, asker.port, bytes, options)
  }

  // Part

  pollAt(): Micros {
    const streams = this.streams?.dueAt ?? NEVER
    const jobs = this.jobs.dueAt
    return streams < jobs ? streams : jobs
  }

  transientAt(): Micros {
    return this.jobs.dueAt
  }

  poll(now: Micros): void {
    if (!this.stack.powered) return this.reset()
    this.streams?.poll(now)
    for (let job = this.jobs.due(now); job !== undefined; job = this.jobs.due(now)) {
      this.sim.origin = job.origin
      job.due = NEVER
      this.worker.timeout(job)
    }
  }

  save(): DnsServerState & Json {
    return {
      random: this.random.counter,
      next: this.jobs.next,
      jobs: [...this.jobs.all.values()].map(storeJob),
      ...(this.streams ? { streams: this.streams.save() } : {}),
      queries: this.jobs.queries.save(),
      cache: this.known.save(this.sim.now),
      upstream: this.learnedFrom.map(storeIp),
    }
  }
}

/** The response code for a query that is not answered, NOERROR for one that is. */
function refusal(query: dns.Dns): number {
  if (query.opcode !== dns.QUERY) return dns.NOTIMP
  if (query.questions.length !== 1) return dns.FORMERR
  const [{ class: klass, type }] = query.questions
  return klass !== dns.CLASS_IN || type === 'AXFR' || type === 'IXFR' ? dns.REFUSED : dns.NOERROR
}
