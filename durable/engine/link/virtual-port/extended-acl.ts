// Extended ACL (Add-VMNetworkAdapterExtendedAcl; fact sheet 4.12): five-tuples by weight, the highest first, the first that
// matches ends it. A stateful entry lets the answers through until its session has been idle for too long.
import { type Ip4, type Ip6, type IpAddress, inPrefix, inPrefix6 } from '../../wire/addresses.ts'
import type { Flow } from './flow.ts'
import type { Direction } from './port-acl.ts'

/** A prefix of either family; an IPv6 network is kept as its text. Null: any. */
export type Prefix = null | { readonly network: Ip4 | string; readonly prefixLength: number }
/** Both ends belong to it. Null: any. */
export type PortRange = null | readonly [first: number, last: number]

export type ExtendedRule = {
  readonly action: 'Allow' | 'Deny'
  readonly direction: Direction
  readonly localIp: Prefix
  readonly remoteIp: Prefix
  readonly localPort: PortRange
  readonly remotePort: PortRange
  /** IP protocol number; null = any. */
  readonly protocol: number | null
  readonly weight: number
  readonly stateful: boolean
  /** Microseconds. */
  readonly idleTimeout: number
}

/** A session that a stateful entry let begin: its key and until when it lasts without a frame. */
export type Session = readonly [key: string, until: number, timeout: number]

const SESSIONS = 1024

type Read = { readonly rule: ExtendedRule; readonly local: Ip6; readonly remote: Ip6 }

export class ExtendedAcl {
  private readonly rules: readonly Read[]
  /** In the order in which they were last used. */
  private readonly sessions: Map<string, { until: number; readonly timeout: number }>

  constructor(rules: readonly ExtendedRule[], read: (text: string) => Ip6, sessions: readonly Session[] = []) {
    const network = (prefix: Prefix) => (typeof prefix?.network === 'string' ? read(prefix.network) : 0n)
    this.rules = [...rules]
      .sort((a, b) => b.weight - a.weight)
      .map((rule) => ({ rule, local: network(rule.localIp), remote: network(rule.remoteIp) }))
    this.sessions = new Map(sessions.map(([key, until, timeout]) => [key, { until, timeout }]))
  }

  get empty(): boolean {
    return this.rules.length === 0
  }

  /** The entry that refuses the frame, or undefined. */
  refuses(flow: Flow, direction: Direction, now: number): ExtendedRule | undefined {
    if (flow.ip === 0 || this.ofSession(flow, now)) return undefined
    for (const { rule, local, remote } of this.rules) {
      if (rule.direction !== direction || !matches(rule, local, remote, flow)) continue
      if (rule.action === 'Deny') return rule
      if (rule.stateful) this.begin(flow, now, rule.idleTimeout)
      return undefined
    }
    return undefined
  }

  save(): Session[] {
    return [...this.sessions].map(([key, { until, timeout }]) => [key, until, timeout])
  }

  private ofSession(flow: Flow, now: number): boolean {
    if (this.sessions.size === 0) return false
    for (const key of [keyOf(flow), answerKeyOf(flow)]) {
      const session = this.sessions.get(key)
      if (session === undefined) continue
      this.sessions.delete(key)
      if (session.until <= now) continue
      session.until = now + session.timeout
      this.sessions.set(key, session)
      return true
    }
    return false
  }

  /** A full table forgets the session that was silent for longest. */
  private begin(flow: Flow, now: number, timeout: number): void {
    if (this.sessions.size >= SESSIONS) this.sessions.delete(this.sessions.keys().next().value as string)
    this.sessions.set(keyOf(flow), { until: now + timeout, timeout })
  }
}

const keyOf = ({ protocol, src, srcPort, dst, dstPort }: Flow): string => `${protocol} ${src} ${srcPort} ${dst} ${dstPort}`
const answerKeyOf = ({ protocol, src, srcPort, dst, dstPort }: Flow): string => `${protocol} ${dst} ${dstPort} ${src} ${srcPort}`

function matches(rule: ExtendedRule, local: Ip6, remote: Ip6, flow: Flow): boolean {
  const outbound = rule.direction === 'Outbound'
  const [localIp, remoteIp] = outbound ? [flow.src, flow.dst] : [flow.dst, flow.src]
  const [localPort, remotePort] = outbound ? [flow.srcPort, flow.dstPort] : [flow.dstPort, flow.srcPort]
  return (
    (rule.protocol === null || rule.protocol === flow.protocol) &&
    inside(rule.localIp, local, localIp) &&
    inside(rule.remoteIp, remote, remoteIp) &&
    within(rule.localPort, localPort) &&
    within(rule.remotePort, remotePort)
  )
}

function inside(prefix: Prefix, network6: Ip6, address: IpAddress): boolean {
  if (prefix === null) return true
  if (typeof prefix.network === 'number')
    return typeof address === 'number' && inPrefix(address, prefix.network, prefix.prefixLength)
  return typeof address === 'bigint' && inPrefix6(address, network6, prefix.prefixLength)
}

const within = (range: PortRange, port: number): boolean => range === null || (port >= range[0] && port <= range[1])

/** The entry in the words of the cmdlet that made it. */
export const extendedText = ({ action, direction, weight }: ExtendedRule): string => `${action} ${direction}, weight ${weight}`
