// DHCPv6 as a router asks for it (RFC 8415): addresses where it says "managed", settings alone where it says "other". One part for all
// adapters of a machine; timings are those of section 7.6.
import type { Datagram, DatagramOwner, UdpSocket } from '../ip/hooks.ts'
import type { Stack } from '../ip/stack.ts'
import { bindUdp, closeUdp, sendUdp } from '../ip/udp.ts'
import type { Interface6 } from '../ip/v6/interface6.ts'
import type { Ip6Stack, Watcher6 } from '../ip/v6/ip6-stack.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import { loadTime, MILLISECOND, type Micros, NEVER, SECOND, storeTime } from '../sim/time.ts'
import { formatIp6, type Ip6, isMulticastIp6, parseIp6 } from '../wire/addresses.ts'
import { equalBytes, fromHex, hex } from '../wire/bytes.ts'
import * as dhcpv6 from '../wire/dhcpv6.ts'
import type { RouterAdvertisement } from '../wire/ndp.ts'

export type Dhcp6Phase =
  | 'idle'
  | 'soliciting'
  | 'requesting'
  | 'bound'
  | 'renewing'
  | 'rebinding'
  | 'asking'
  | 'informed'
  | 'released'

type Client = {
  readonly index: number
  phase: Dhcp6Phase
  transaction: number
  begunAt: Micros
  attempts: number
  due: Micros
  server: Uint8Array
  ip: Ip6
  t2At: Micros
  validUntil: Micros
}

type Stored = readonly [number, Dhcp6Phase, number, Micros, number, number | null, string, string, number | null, number | null]
export type Dhcp6ClientState = { readonly random: number; readonly clients: readonly Stored[] }

const INITIAL = SECOND
const LONGEST = 30 * SECOND
/** Nobody answers: the lab need not wait for somebody who asks for ever. */
const TRANSIENT_ATTEMPTS = 3
const INFINITE = 0xffffffff

export class Dhcp6Client implements Part, DatagramOwner, Watcher6 {
  readonly kind = 'dhcp6-client'
  readonly version = 1
  readonly name: string
  private readonly stack: Stack
  private readonly ip6: Ip6Stack
  private readonly duid: () => Uint8Array
  private readonly iaid: (index: number) => number
  private readonly random
  private readonly clients = new Map<number, Client>()
  private socket: UdpSocket | undefined

  constructor(
    stack: Stack,
    ip6: Ip6Stack,
    ids: { duid: () => Uint8Array; iaid: (index: number) => number },
    state?: Dhcp6ClientState,
  ) {
    this.stack = stack
    this.ip6 = ip6
    this.duid = ids.duid
    this.iaid = ids.iaid
    this.name = `${stack.machine}/dhcp6-client`
    this.random = stack.sim.random(this.name, state?.random ?? 0)
    ip6.watchers.push(this)
    for (const [index, phase, transaction, begunAt, attempts, due, server, ip, t2At, validUntil] of state?.clients ?? []) {
      const times = { due: loadTime(due), t2At: loadTime(t2At), validUntil: loadTime(validUntil) }
      this.clients.set(index, {
        index,
        phase,
        transaction,
        begunAt,
        attempts,
        server: fromHex(server),
        ip: parseIp6(ip) ?? 0n,
        ...times,
      })
    }
    this.listen()
  }

  /** The socket is there as long as anybody asks, so that a lab put back has the same ones. */
  private listen(): void {
    const wanted = [...this.clients.values()].some((c) => c.phase !== 'idle')
    const windows = this.stack.profile.name === 'windows'
    if (!wanted && this.socket !== undefined) {
      closeUdp(this.stack, this.socket)
      this.socket = undefined
    }
    if (wanted && this.socket === undefined)
      this.socket = bindUdp(this.stack, this, {
        port: dhcpv6.CLIENT_PORT,
        localIp: 0n,
        ...(windows ? { component: 'Dhcp', image: 'svchost.exe' } : { image: 'systemd-network' }),
      })
  }

  /** What the interface holds by DHCPv6, for those who show it. */
  phase(index: number): Dhcp6Phase {
    return this.clients.get(index)?.phase ?? 'idle'
  }

  advertised(i6: Interface6, { managed, other }: RouterAdvertisement): void {
    if (!i6.asksDhcp) return
    const { index } = i6.via
    const known = this.clients.get(index)
    if (known !== undefined && known.phase !== 'idle') return
    if (managed) this.begin(index, 'soliciting')
    else if (other) this.begin(index, 'asking')
  }

  /** Gives the address back (section 18.2.7). False: there is none. It is asked for again when somebody says so. */
  release(index: number): boolean {
    const client = this.clients.get(index)
    const i6 = this.ip6.interfaces.get(index)
    if (client === undefined || i6 === undefined || client.ip === 0n || i6.address(client.ip) === undefined) return false
    this.ip6.removeAddress(i6, client.ip)
    this.next(client, 'released')
    this.send(client)
    Object.assign(client, { ip: 0n, server: new Uint8Array(0), due: NEVER, t2At: NEVER, validUntil: NEVER })
    this.stack.sim.touch(this)
    return true
  }

  /** Asks again, as far as routers say that there is anything to be had. False: there is not. */
  renew(index: number): boolean {
    const client = this.clients.get(index)
    const i6 = this.ip6.interfaces.get(index)
    if (i6 === undefined || !i6.running || !i6.asksDhcp || !(i6.managed || i6.other)) return false
    if (client?.phase === 'bound') this.next(client, 'renewing')
    else if (client?.phase === 'informed') this.next(client, 'asking')
    else this.begin(index, i6.managed ? 'soliciting' : 'asking')
    this.stack.sim.touch(this)
    return true
  }

  /** As people decide: what it has is given back, or asked for again. */
  set(i6: Interface6, on: boolean): void {
    const { index } = i6.via
    if (i6.asksDhcp === on) return
    if (!on && !this.release(index)) this.ended(i6)
    i6.asksDhcp = on
    if (on) this.renew(index)
  }

  ended(i6: Interface6): void {
    this.clients.delete(i6.via.index)
    this.listen()
    this.stack.sim.touch(this)
  }

  moved(from: number, to: number): void {
    const client = this.clients.get(from)
    if (client === undefined) return
    this.clients.delete(from)
    this.clients.set(to, { ...client, index: to })
    this.stack.sim.touch(this)
  }

  private begin(index: number, phase: Dhcp6Phase): void {
    const { now } = this.stack.sim
    const client: Client = {
      index,
      phase,
      transaction: this.random.below(0x1000000),
      begunAt: now,
      attempts: 0,
      // SOL_MAX_DELAY and INF_MAX_DELAY: a second at most.
      due: now + this.random.below(SECOND),
      server: new Uint8Array(0),
      ip: 0n,
      t2At: NEVER,
      validUntil: NEVER,
    }
    this.clients.set(index, client)
    this.listen()
    this.stack.sim.touch(this)
  }

  private send(client: Client): void {
    const { now } = this.stack.sim
    const i6 = this.ip6.interfaces.get(client.index)
    if (i6 === undefined || this.socket === undefined) return
    client.attempts++
    // RT grows twofold, within a tenth more or less (section 15).
    const whole = Math.min(LONGEST, INITIAL * (1 << Math.min(client.attempts - 1, 5)))
    client.due = now + whole + this.random.between(-100, 100) * Math.floor(whole / 1000)
    const message = this.message(client)
    const bytes = new Uint8Array(dhcpv6.len(message))
    dhcpv6.emit(message, bytes, 0)
    const source = i6.linkLocal?.state === 'preferred' ? { source: i6.linkLocal.ip } : {}
    sendUdp(this.stack, this.socket, dhcpv6.ALL_SERVERS, dhcpv6.SERVER_PORT, bytes, { via: i6.via, ...source })
  }

  private message({ index, phase, transaction, begunAt, server, ip }: Client): dhcpv6.Dhcpv6 {
    const hundredths = Math.min(0xffff, Math.floor((this.stack.sim.now - begunAt) / (10 * MILLISECOND)))
    const common: dhcpv6.Option[] = [
      { type: 'client-id', duid: this.duid() },
      { type: 'elapsed', hundredths },
      {
        type: 'option-request',
        codes: [dhcpv6.DNS_SERVERS, dhcpv6.DOMAIN_LIST, ...(phase === 'asking' ? [dhcpv6.REFRESH_TIME] : [])],
      },
    ]
    if (phase === 'asking') return { message: 'information-request', transaction, options: common }
    const addresses = ip === 0n ? [] : [{ ip, preferred: 0, valid: 0, status: 0 }]
    const ia: dhcpv6.Option = { type: 'ia-na', iaid: this.iaid(index), t1: 0, t2: 0, addresses, status: 0 }
    const named: dhcpv6.Option[] =
      phase === 'requesting' || phase === 'renewing' || phase === 'released' ? [{ type: 'server-id', duid: server }] : []
    const types = {
      soliciting: 'solicit',
      requesting: 'request',
      renewing: 'renew',
      rebinding: 'rebind',
      released: 'release',
    } as const
    const type = types[phase as keyof typeof types] ?? 'solicit'
    return { message: type, transaction, options: [...common, ...named, ia] }
  }

  datagram(_socket: UdpSocket, { src, dst, payload, via }: Datagram): void {
    const client = this.clients.get(via.index)
    const said = dhcpv6.parse(payload, 0, payload.length)
    if (typeof said === 'string') return this.stack.drop('malformed', said)
    const mine = dhcpv6.option(said, 'client-id')
    const server = dhcpv6.option(said, 'server-id')
    const fits = client !== undefined && said.transaction === client.transaction && server !== undefined
    if (
      !fits ||
      typeof src !== 'bigint' ||
      (typeof dst === 'bigint' && isMulticastIp6(dst)) ||
      !mine ||
      !equalBytes(mine.duid, this.duid())
    )
      return this.stack.drop('ignored', 'DHCPv6: not an answer to what was asked')
    if (client.phase === 'soliciting' && said.message === 'advertise') {
      if ((dhcpv6.option(said, 'ia-na')?.addresses.length ?? 0) === 0) return
      this.next(client, 'requesting')
      client.server = server.duid.slice()
      client.ip = dhcpv6.option(said, 'ia-na')?.addresses[0]?.ip ?? 0n
    } else if (said.message === 'reply') this.reply(client, said)
    this.stack.sim.touch(this)
  }

  private next(client: Client, phase: Dhcp6Phase): void {
    const { now } = this.stack.sim
    Object.assign(client, { phase, transaction: this.random.below(0x1000000), begunAt: now, attempts: 0, due: now })
  }

  private reply(client: Client, said: dhcpv6.Dhcpv6): void {
    const i6 = this.ip6.interfaces.get(client.index)
    // Of what was given back there is nothing to learn.
    if (i6 === undefined || client.phase === 'released') return
    const { now } = this.stack.sim
    const servers = dhcpv6.option(said, 'dns-servers')?.servers ?? []
    for (const value of servers)
      if (i6.dnsServers.length < 4 && !i6.dnsServers.some((d) => d.value === value)) i6.dnsServers.push({ value, until: NEVER })
    for (const value of dhcpv6.option(said, 'domain-list')?.names ?? [])
      if (i6.domains.length < 4 && !i6.domains.some((d) => d.value === value)) i6.domains.push({ value, until: NEVER })
    this.ip6.changed()
    if (client.phase === 'asking') {
      // IRT_DEFAULT: a day, unless the server says otherwise (section 21.23); then it is asked anew.
      const refresh = dhcpv6.option(said, 'refresh-time')?.seconds ?? 86_400
      Object.assign(client, { phase: 'informed', due: refresh === INFINITE ? NEVER : now + Math.max(600, refresh) * SECOND })
      return
    }
    const ia = dhcpv6.option(said, 'ia-na')
    const given = ia?.addresses[0]
    if (ia === undefined || given === undefined || given.status !== 0) return this.begin(client.index, 'soliciting')
    const until = (seconds: number): Micros => (seconds === INFINITE ? NEVER : now + seconds * SECOND)
    const known = i6.address(given.ip)
    const life = { preferredUntil: until(given.preferred), validUntil: until(given.valid) }
    if (known) Object.assign(known, life)
    else this.ip6.addAddress(i6, { ip: given.ip, prefixLength: 128, origin: 'dhcp', ...life })
    const [t1, t2] = [ia.t1 || Math.floor(given.preferred / 2), ia.t2 || Math.floor(given.preferred * 0.8)]
    Object.assign(client, { phase: 'bound', ip: given.ip, due: until(t1), t2At: until(t2), validUntil: life.validUntil })
  }

  pollAt(): Micros {
    if (!this.stack.powered) return NEVER
    let at = NEVER
    for (const client of this.clients.values()) if (client.due < at) at = client.due
    return at
  }

  /** The first questions are part of coming up; a lease and its renewal are not. */
  transientAt(): Micros {
    if (!this.stack.powered) return NEVER
    let at = NEVER
    for (const { phase, attempts, due } of this.clients.values()) {
      const asking = phase === 'soliciting' || phase === 'requesting' || phase === 'asking'
      if (asking && attempts < TRANSIENT_ATTEMPTS && due < at) at = due
    }
    return at
  }

  poll(now: Micros): void {
    for (const client of this.clients.values()) {
      if (client.due > now) continue
      if (client.phase === 'bound') this.next(client, 'renewing')
      else if (client.phase === 'informed') this.next(client, 'asking')
      else if (client.phase === 'renewing' && now >= client.t2At) this.next(client, 'rebinding')
      if (client.phase === 'rebinding' && now >= client.validUntil) {
        this.begin(client.index, 'soliciting')
        continue
      }
      this.send(client)
    }
  }

  save(): Dhcp6ClientState & Json {
    return {
      random: this.random.counter,
      clients: [...this.clients.values()].map(
        (c) =>
          [
            c.index,
            c.phase,
            c.transaction,
            c.begunAt,
            c.attempts,
            storeTime(c.due),
            hex(c.server, 0, c.server.length),
            formatIp6(c.ip),
            storeTime(c.t2At),
            storeTime(c.validUntil),
          ] as const,
      ),
    }
  }
}
