// Neighbour discovery (RFC 4861 section 4): the five messages. Their options are in ndp-options.ts.
// Offsets count from the first octet of the ICMPv6 header.
import { type Ip6, readIp6, writeIp6 } from './addresses.ts'
import { put16, put32, u16, u32 } from './bytes.ts'
import { putSum, sumOver } from './icmpv6.ts'
import { emitOptions, type NdOption, optionsLen, parseOptions } from './ndp-options.ts'
import type { Between } from './udp.ts'

export const ROUTER_SOLICITATION = 133
export const ROUTER_ADVERTISEMENT = 134
export const NEIGHBOR_SOLICITATION = 135
export const NEIGHBOR_ADVERTISEMENT = 136
export const REDIRECT = 137

/** Sent and accepted with this hop limit only: so nobody beyond the link can have sent it (section 11.2). */
export const HOP_LIMIT = 255

/** RFC 4191 section 2.1, as the two bits on the wire. */
export const MEDIUM = 0
export const HIGH = 1
export const LOW = 3

export type RouterAdvertisement = {
  readonly kind: 'router-advertisement'
  /** 0 = unspecified, as are the times. */
  readonly hopLimit: number
  readonly managed: boolean
  readonly other: boolean
  readonly preference: number
  /** Seconds as a default router, 0 = none. */
  readonly lifetime: number
  /** Milliseconds. */
  readonly reachableTime: number
  readonly retransTimer: number
  readonly options: readonly NdOption[]
}
export type Ndp =
  | { readonly kind: 'router-solicitation'; readonly options: readonly NdOption[] }
  | RouterAdvertisement
  | { readonly kind: 'neighbor-solicitation'; readonly target: Ip6; readonly options: readonly NdOption[] }
  | {
      readonly kind: 'neighbor-advertisement'
      readonly router: boolean
      readonly solicited: boolean
      readonly override: boolean
      readonly target: Ip6
      readonly options: readonly NdOption[]
    }
  | { readonly kind: 'redirect'; readonly target: Ip6; readonly destination: Ip6; readonly options: readonly NdOption[] }
export type Malformed = 'ndp: truncated' | 'ndp: bad checksum' | 'ndp: unknown type' | 'ndp: bad option'

/** Where the options of a message begin. */
const FIXED: { readonly [type: number]: number } = {
  [ROUTER_SOLICITATION]: 8,
  [ROUTER_ADVERTISEMENT]: 16,
  [NEIGHBOR_SOLICITATION]: 24,
  [NEIGHBOR_ADVERTISEMENT]: 24,
  [REDIRECT]: 40,
}

export function parse(b: Uint8Array, at: number, end: number, ip: Between): Ndp | Malformed {
  if (end - at < 8) return 'ndp: truncated'
  if (sumOver(b, at, end, ip) !== 0) return 'ndp: bad checksum'
  const fixed = FIXED[b[at]]
  if (fixed === undefined) return 'ndp: unknown type'
  if (end - at < fixed) return 'ndp: truncated'
  const options = parseOptions(b, at + fixed, end)
  if (options === undefined) return 'ndp: bad option'
  switch (b[at]) {
    case ROUTER_SOLICITATION:
      return { kind: 'router-solicitation', options }
    case ROUTER_ADVERTISEMENT:
      return {
        kind: 'router-advertisement',
        hopLimit: b[at + 4],
        managed: (b[at + 5] & 0x80) !== 0,
        other: (b[at + 5] & 0x40) !== 0,
        preference: (b[at + 5] >> 3) & 3,
        lifetime: u16(b, at + 6),
        reachableTime: u32(b, at + 8),
        retransTimer: u32(b, at + 12),
        options,
      }
    case NEIGHBOR_SOLICITATION:
      return { kind: 'neighbor-solicitation', target: readIp6(b, at + 8), options }
    case NEIGHBOR_ADVERTISEMENT:
      return {
        kind: 'neighbor-advertisement',
        router: (b[at + 4] & 0x80) !== 0,
        solicited: (b[at + 4] & 0x40) !== 0,
        override: (b[at + 4] & 0x20) !== 0,
        target: readIp6(b, at + 8),
        options,
      }
    default:
      return { kind: 'redirect', target: readIp6(b, at + 8), destination: readIp6(b, at + 24), options }
  }
}

const TYPES = {
  'router-solicitation': ROUTER_SOLICITATION,
  'router-advertisement': ROUTER_ADVERTISEMENT,
  'neighbor-solicitation': NEIGHBOR_SOLICITATION,
  'neighbor-advertisement': NEIGHBOR_ADVERTISEMENT,
  redirect: REDIRECT,
} as const

export const len = (m: Ndp): number => FIXED[TYPES[m.kind]] + optionsLen(m.options)

export function emit(m: Ndp, out: Uint8Array, at: number, ip: Between): void {
  const type = TYPES[m.kind]
  put16(out, at, type << 8)
  put32(out, at + 4, 0)
  switch (m.kind) {
    case 'router-solicitation':
      break
    case 'router-advertisement':
      out[at + 4] = m.hopLimit
      out[at + 5] = (m.managed ? 0x80 : 0) | (m.other ? 0x40 : 0) | (m.preference << 3)
      put16(out, at + 6, m.lifetime)
      put32(out, at + 8, m.reachableTime)
      put32(out, at + 12, m.retransTimer)
      break
    case 'neighbor-solicitation':
      writeIp6(out, at + 8, m.target)
      break
    case 'neighbor-advertisement':
      out[at + 4] = (m.router ? 0x80 : 0) | (m.solicited ? 0x40 : 0) | (m.override ? 0x20 : 0)
      writeIp6(out, at + 8, m.target)
      break
    case 'redirect':
      writeIp6(out, at + 8, m.target)
      writeIp6(out, at + 24, m.destination)
      break
    default:
      m satisfies never
  }
  emitOptions(m.options, out, at + FIXED[type])
  putSum(out, at, at + len(m), ip)
}

/** The link address that an option of this type tells, or undefined. */
export function linkAddress(options: readonly NdOption[], type: 'source-link' | 'target-link'): number | undefined {
  for (const option of options) if (option.type === type) return option.mac
  return undefined
}
