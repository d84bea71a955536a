// Port ACL (Add-VMNetworkAdapterAcl; fact sheet 4.12): of the entries that match, the most specific decides, whatever the order
// in which they were made. Without one everything passes. Nothing is remembered: an answer needs an entry of its own.
import { formatAddress, formatMacWindows, type Ip4, type Ip6, inPrefix, inPrefix6, type Mac } from '../../wire/addresses.ts'
import type { Flow } from './flow.ts'

/** From the adapter's point of view: inbound is what it gets. */
export type Direction = 'Inbound' | 'Outbound'
export type Side = 'Local' | 'Remote'

/** Plain data; an IPv6 address would not be, so addresses are kept as their text and read once. */
export type AclRule = {
  readonly action: 'Allow' | 'Deny' | 'Meter'
  readonly direction: Direction
  readonly side: Side
  readonly match:
    | { readonly kind: 'any' }
    | { readonly kind: 'mac'; readonly mac: Mac }
    | { readonly kind: 'ip4'; readonly network: Ip4; readonly prefixLength: number }
    | { readonly kind: 'ip6'; readonly network: string; readonly prefixLength: number }
}

type Read = { readonly rule: AclRule; readonly ip6: Ip6; readonly specific: number; readonly at: number }

/** A whole address of the link says more than any prefix. */
const MAC_SPECIFIC = 256

export class PortAcl {
  private readonly rules: readonly Read[]
  /** Octets that the metering entries counted, by their place in the list. */
  readonly metered: number[]

  /** `read` makes a number of the text of an IPv6 address. */
  constructor(rules: readonly AclRule[], read: (text: string) => Ip6, metered: readonly number[] = []) {
    this.rules = rules
      .map((rule, at) => ({
        rule,
        at,
        ip6: rule.match.kind === 'ip6' ? read(rule.match.network) : 0n,
        specific: specificity(rule),
      }))
      .sort((a, b) => b.specific - a.specific || order(a.rule) - order(b.rule) || a.at - b.at)
    this.metered = rules.map((_, at) => metered[at] ?? 0)
  }

  get empty(): boolean {
    return this.rules.length === 0
  }

  /** The entry that refuses the frame, or undefined. Counts what is metered. */
  refuses(flow: Flow, direction: Direction, octets: number): AclRule | undefined {
    let decided: AclRule | undefined
    let counted = false
    for (const { rule, ip6, at } of this.rules) {
      if (rule.direction !== direction || !matches(rule, ip6, flow)) continue
      if (rule.action === 'Meter') {
        if (!counted) this.metered[at] += octets
        counted = true
      } else decided ??= rule
    }
    return decided?.action === 'Deny' ? decided : undefined
  }
}

/** Of two that are equally specific, the one that denies wins. */
const order = ({ action }: AclRule): number => (action === 'Deny' ? 0 : action === 'Allow' ? 1 : 2)

function specificity({ match }: AclRule): number {
  switch (match.kind) {
    case 'any':
      return -1
    case 'mac':
      return MAC_SPECIFIC
    // So that a /24 of either family compares: by the share of the address that is fixed.
    case 'ip4':
      return match.prefixLength * 4
    case 'ip6':
      return match.prefixLength
    default:
      match satisfies never
      return 0
  }
}

function matches({ match, direction, side }: AclRule, ip6: Ip6, flow: Flow): boolean {
  // Of what leaves, the local side is the source.
  const source = (direction === 'Outbound') === (side === 'Local')
  switch (match.kind) {
    case 'any':
      return true
    case 'mac':
      return (source ? flow.srcMac : flow.dstMac) === match.mac
    case 'ip4': {
      const address = source ? flow.src : flow.dst
      return flow.ip === 4 && inPrefix(address as Ip4, match.network, match.prefixLength)
    }
    case 'ip6': {
      const address = source ? flow.src : flow.dst
      return flow.ip === 6 && inPrefix6(address as Ip6, ip6, match.prefixLength)
    }
    default:
      match satisfies never
      return false
  }
}

/** The entry in the words of the cmdlet that made it. */
export function aclText({ action, direction, side, match }: AclRule): string {
  return `${action} ${direction} ${side} ${matchText(match)}`
}

export function matchText(match: AclRule['match']): string {
  switch (match.kind) {
    case 'any':
      return 'ANY'
    case 'mac':
      return formatMacWindows(match.mac)
    case 'ip4':
      return match.prefixLength === 32 ? formatAddress(match.network) : `${formatAddress(match.network)}/${match.prefixLength}`
    case 'ip6':
      return match.prefixLength === 128 ? match.network : `${match.network}/${match.prefixLength}`
    default:
      match satisfies never
      return ''
  }
}
