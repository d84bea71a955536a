// The firewall of a home router for IPv6 (RFC 6092): what was begun inside passes both ways, what begins outside does not.
// There is no translation that would keep strangers out by accident, so this does.
import type { Drop } from '../ip/hooks.ts'
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import type { Gate6 } from '../ip/v6/ip6-stack.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import { StillPart } from '../sim/still-part.ts'
import { HOUR, MINUTE, type Micros, SECOND } from '../sim/time.ts'
import { formatIp6 } from '../wire/addresses.ts'
import { hex, u16 } from '../wire/bytes.ts'
import * as icmpv6 from '../wire/icmpv6.ts'
import * as ipv6 from '../wire/ipv6.ts'
import * as tcp from '../wire/tcp.ts'

const UDP = 17
const TCP = 6
/** RFC 6092 sections 3.2 and 3.3: UDP two minutes, TCP established two hours and four minutes, opening and closing four minutes. */
const UDP_IDLE = 2 * MINUTE
const TCP_IDLE = 2 * HOUR + 4 * MINUTE
const TCP_TRANSIENT = 4 * MINUTE
const ECHO_IDLE = 30 * SECOND
const OTHER_IDLE = 10 * MINUTE
const MAX_FLOWS = 4096

type Flow = { until: Micros }
export type Gate6Options = { readonly inside: readonly string[]; readonly outside: string }
export type Gate6State = { readonly flows: readonly (readonly [key: string, until: Micros])[] }

export class HomeGate6 extends StillPart implements Part, Gate6 {
  readonly kind = 'gate6'
  readonly version = 1
  readonly name: string
  private readonly stack: Stack
  private readonly options: Gate6Options
  private readonly flows = new Map<string, Flow>()

  constructor(stack: Stack, options: Gate6Options, state?: Gate6State) {
    super()
    this.stack = stack
    this.name = `${stack.machine}/gate6`
    this.options = options
    for (const [key, until] of state?.flows ?? []) this.flows.set(key, { until })
  }

  passes(from: Interface, to: Interface, bytes: Uint8Array, at: number): Drop | undefined {
    const { inside, outside } = this.options
    const inward = from.name === outside && inside.includes(to.name)
    const outward = inside.includes(from.name) && to.name === outside
    if (!inward && !outward) return undefined
    const end = ipv6.end(bytes, at)
    const upper = ipv6.walk(bytes, at, end)
    if (typeof upper === 'string') return { code: 'malformed', detail: upper }
    // Only a first fragment tells the ports; the others are worth nothing without it.
    if (upper.fragment >= 0 && ipv6.fragmentOffset(bytes, upper.fragment) > 0) return undefined
    const { protocol, from: head } = upper
    const [near, far] = outward ? [8, 24] : [24, 8]
    if (protocol === ipv6.ICMP6 && head < end && icmpv6.isError(bytes, head))
      return inward ? this.related(bytes, head, end) : undefined
    const key = keyOf(bytes, at + near, at + far, protocol, head, end, outward)
    const known = this.flows.get(key)
    const { now } = this.stack.sim
    if (known !== undefined && known.until > now) {
      known.until = Math.max(known.until, now + lifetime(bytes, protocol, head, end, true))
      return undefined
    }
    if (!outward)
      return {
        code: 'firewall',
        detail: `the IPv6 firewall of ${this.stack.machine} admits only answers; nothing inside has spoken with ${formatIp6(ipv6.src(bytes, at))} like this`,
      }
    this.flows.delete(key)
    if (this.flows.size >= MAX_FLOWS) this.purge(now)
    this.flows.set(key, { until: now + lifetime(bytes, protocol, head, end, false) })
    return undefined
  }

  /** An error from outside passes when what it quotes went out by here (RFC 6092 recommendation 10). */
  private related(bytes: Uint8Array, head: number, end: number): Drop | undefined {
    const quoted = head + icmpv6.HEADER_LEN
    const upper = end - quoted < ipv6.HEADER_LEN ? 'cut' : ipv6.walk(bytes, quoted, end)
    if (typeof upper !== 'string' && (upper.fragment < 0 || ipv6.fragmentOffset(bytes, upper.fragment) === 0)) {
      const key = keyOf(bytes, quoted + 8, quoted + 24, upper.protocol, upper.from, end, true)
      const known = this.flows.get(key)
      if (known !== undefined && known.until > this.stack.sim.now) return undefined
    }
    return {
      code: 'firewall',
      detail: `the IPv6 firewall of ${this.stack.machine}: the error is not about anything that went out`,
    }
  }

  /** Those whose time is over go first, then the oldest. */
  private purge(now: Micros): void {
    for (const [key, { until }] of this.flows) if (until <= now) this.flows.delete(key)
    while (this.flows.size >= MAX_FLOWS) this.flows.delete(this.flows.keys().next().value as string)
  }

  get size(): number {
    return this.flows.size
  }

  clear(): void {
    this.flows.clear()
  }

  save(): Gate6State & Json {
    const { now } = this.stack.sim
    return { flows: [...this.flows].filter(([, { until }]) => until > now).map(([key, { until }]) => [key, until] as const) }
  }
}

const octets = (bytes: Uint8Array, at: number): string => hex(bytes, at, at + 16)

/** The flow that a packet belongs to, seen from inside: protocol, own address and port, far address and port. */
function keyOf(
  bytes: Uint8Array,
  near: number,
  far: number,
  protocol: number,
  head: number,
  end: number,
  outward: boolean,
): string {
  let ports = ''
  if ((protocol === UDP || protocol === TCP) && head + 4 <= end) {
    const [source, destination] = [u16(bytes, head), u16(bytes, head + 2)]
    ports = outward ? `${source}>${destination}` : `${destination}>${source}`
  } else if (protocol === ipv6.ICMP6 && head + 8 <= end) ports = `${bytes[head] & 0xfe}#${icmpv6.ident(bytes, head)}`
  return `${protocol} ${octets(bytes, near)} ${octets(bytes, far)} ${ports}`
}

function lifetime(bytes: Uint8Array, protocol: number, head: number, end: number, answered: boolean): Micros {
  if (protocol === UDP) return UDP_IDLE
  if (protocol === ipv6.ICMP6) return ECHO_IDLE
  if (protocol !== TCP || head + tcp.HEADER_LEN > end) return OTHER_IDLE
  const passing = (tcp.flags(bytes, head) & (tcp.SYN | tcp.FIN | tcp.RST)) !== 0
  return passing || !answered ? TCP_TRANSIENT : TCP_IDLE
}
