// Netfilter's tables as iptables writes them: plain data. What they do with packets stands in match.ts and netfilter.ts.
import type { Micros } from '../../sim/time.ts'
import type { Ip4, Mac } from '../../wire/addresses.ts'

export type TableName = 'filter' | 'nat' | 'mangle' | 'raw'
export type HookName = 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING'

/** Which chains each table begins with, in the order in which they are listed. */
export const BUILT_IN: { readonly [table in TableName]: readonly HookName[] } = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  raw: ['PREROUTING', 'OUTPUT'],
}

export type PortRange = readonly [first: number, last: number]

/** States of a packet, as bits: `--ctstate`. */
export const STATES = { INVALID: 1, NEW: 2, RELATED: 4, ESTABLISHED: 8, UNTRACKED: 16, SNAT: 32, DNAT: 64 } as const

export type Match =
  | {
      readonly kind: 'tcp' | 'udp'
      readonly sport: PortRange | null
      readonly notSport: boolean
      readonly dport: PortRange | null
      readonly notDport: boolean
      /** Of TCP: which flags are looked at, which of them must be set. */
      readonly flags: { readonly mask: number; readonly set: number; readonly not: boolean } | null
    }
  | {
      readonly kind: 'multiport'
      readonly which: 'sports' | 'dports' | 'ports'
      readonly ports: readonly PortRange[]
      readonly not: boolean
    }
  | { readonly kind: 'icmp'; readonly type: number; readonly code: number; readonly not: boolean }
  | { readonly kind: 'state' | 'conntrack'; readonly states: number; readonly not: boolean }
  | { readonly kind: 'mac'; readonly mac: Mac; readonly not: boolean }
  | { readonly kind: 'mark'; readonly value: number; readonly mask: number; readonly not: boolean }
  | { readonly kind: 'comment'; readonly text: string }
  | {
      readonly kind: 'addrtype'
      readonly source: AddressType | null
      readonly destination: AddressType | null
      readonly notSource: boolean
      readonly notDestination: boolean
    }
  | {
      readonly kind: 'limit'
      readonly amount: number
      readonly unit: LimitUnit
      readonly burst: number
      credit: number
      last: Micros
    }

export type AddressType = 'LOCAL' | 'BROADCAST' | 'MULTICAST' | 'UNICAST'
export type LimitUnit = 'sec' | 'min' | 'hour' | 'day'

export type Target =
  | { readonly kind: 'ACCEPT' | 'DROP' | 'RETURN' | 'NOTRACK' }
  | { readonly kind: 'REJECT'; readonly with: RejectWith }
  | { readonly kind: 'LOG'; readonly prefix: string; readonly level: number }
  | { readonly kind: 'MASQUERADE'; readonly ports: PortRange | null }
  | { readonly kind: 'SNAT' | 'DNAT'; readonly first: Ip4; readonly last: Ip4; readonly ports: PortRange | null }
  | { readonly kind: 'REDIRECT'; readonly ports: PortRange | null }
  | { readonly kind: 'MARK'; readonly value: number; readonly mask: number }
  | { readonly kind: 'TTL'; readonly how: 'set' | 'inc' | 'dec'; readonly value: number }
  | { readonly kind: 'chain'; readonly name: string; readonly goto: boolean }

export const REJECTS = {
  'icmp-net-unreachable': 0,
  'icmp-host-unreachable': 1,
  'icmp-proto-unreachable': 2,
  'icmp-port-unreachable': 3,
  'icmp-net-prohibited': 9,
  'icmp-host-prohibited': 10,
  'icmp-admin-prohibited': 13,
  'tcp-reset': -1,
} as const
export type RejectWith = keyof typeof REJECTS

export type Rule = {
  /** 0 = all. */
  readonly protocol: number
  readonly notProtocol: boolean
  readonly source: Ip4
  readonly sourceMask: Ip4
  readonly notSource: boolean
  readonly destination: Ip4
  readonly destinationMask: Ip4
  readonly notDestination: boolean
  /** Empty = any; `eth+` = all that begin so. */
  readonly in: string
  readonly notIn: boolean
  readonly out: string
  readonly notOut: boolean
  readonly matches: readonly Match[]
  /** Null: the rule only counts. */
  readonly target: Target | null
  packets: number
  bytes: number
}

export type Chain = {
  readonly name: string
  /** Null: a chain that people made. */
  policy: 'ACCEPT' | 'DROP' | null
  packets: number
  bytes: number
  rules: Rule[]
}

export type Table = { readonly name: TableName; chains: Chain[] }

export const newChain = (name: string, policy: Chain['policy'] = null): Chain => ({
  name,
  policy,
  packets: 0,
  bytes: 0,
  rules: [],
})

export const newTable = (name: TableName): Table => ({ name, chains: BUILT_IN[name].map((chain) => newChain(chain, 'ACCEPT')) })

/** Rules compare without their counters: what `-D` and `-C` look for. */
export function sameRule(a: Rule, b: Rule): boolean {
  const bare = (rule: Rule) =>
    JSON.stringify({
      ...rule,
      packets: 0,
      bytes: 0,
      matches: rule.matches.map((match) => (match.kind === 'limit' ? { ...match, credit: 0, last: 0 } : match)),
    })
  return bare(a) === bare(b)
}

/** What decides whether connections are tracked at all: Linux does so once a rule asks for it. */
export const wantsTracking = (tables: readonly Table[]): boolean =>
  tables.some(
    (table) =>
      table.name === 'nat' ||
      table.chains.some((chain) =>
        chain.rules.some((rule) => rule.matches.some((m) => m.kind === 'state' || m.kind === 'conntrack')),
      ),
  )
