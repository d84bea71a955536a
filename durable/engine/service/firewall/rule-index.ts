// The enabled rules of one direction, and which of them a packet is to be held against: of a hundred and thirty of a fresh Windows
// a handful are about any one port.
import { bitOf, type Effective, type ProfileName } from './profiles.ts'
import { type AddressesOf, type Compiled, compile, type FirewallRule, type Packet } from './rule.ts'

/** What the rules say: the one that blocks, or else the first that allows, and one that a policy keeps from being heard. */
export type Found = {
  readonly block: FirewallRule | undefined
  readonly allow: FirewallRule | undefined
  readonly unheard: FirewallRule | undefined
}

/** Left standing where a policy wants no rules of this computer: without them no address is had at all. */
const HARDENED = /^CoreNet-/
/** Somebody who tries every port must not make us remember them all. */
const MOST_SHELVES = 256

export class RuleIndex {
  readonly hasBlocks: boolean
  private readonly compiled: readonly Compiled[]
  /** By profile, protocol and local port. */
  private readonly shelves = new Map<number, readonly Compiled[]>()

  /** `named`: the addresses that a dynamic keyword stands for. */
  constructor(rules: readonly FirewallRule[], direction: FirewallRule['direction'], named?: AddressesOf) {
    const counting = rules.filter((rule) => rule.enabled && rule.direction === direction)
    this.compiled = counting.map((rule) => compile(rule, named))
    this.hasBlocks = this.compiled.some(({ rule }) => rule.action === 'Block')
  }

  private about(category: ProfileName, protocol: number, localPort: number): readonly Compiled[] {
    const bit = bitOf(category)
    const key = (bit * 256 + protocol) * 65536 + localPort
    const known = this.shelves.get(key)
    if (known !== undefined) return known
    const made = this.compiled.filter(({ rule, concerns }) => (rule.profiles & bit) !== 0 && concerns(protocol, localPort))
    if (this.shelves.size >= MOST_SHELVES) this.shelves.clear()
    this.shelves.set(key, made)
    return made
  }

  judge(packet: Packet, category: ProfileName, profile: Effective): Found {
    let allow: FirewallRule | undefined
    let unheard: FirewallRule | undefined
    for (const { rule, matches } of this.about(category, packet.protocol, packet.localPort)) {
      if (!matches(packet)) continue
      if (!profile.localRules && rule.store !== 'GroupPolicy' && !HARDENED.test(rule.name)) {
        unheard ??= rule
        continue
      }
      if (rule.action === 'Block') return { block: rule, allow: undefined, unheard }
      allow ??= rule
    }
    return { block: undefined, allow, unheard }
  }
}
