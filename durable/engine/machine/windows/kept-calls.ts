// Policy that Windows keeps for people by name, and that no packet is asked about here: IPsec rules and their sets, transport filters,
// servers of DNS over HTTPS and the like. Dynamic keyword addresses are the exception: rules of the firewall name them.
import type { Json } from '../../sim/json.ts'
import { guidOf } from '../guid.ts'
import type { Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import type { WindowsNetwork } from './windows-network.ts'

export type KeptStore = 'PersistentStore' | 'ActiveStore' | 'GroupPolicy'

export type KeptItem = {
  readonly name: string
  /** What stands in the active store alone is gone when the computer is switched off. */
  readonly store: KeptStore
  readonly props: { readonly [name: string]: Json }
}

export interface KeptCalls {
  keptItems(kind: string): readonly KeptItem[]
  /** Puts it in the place of the one of its name and store; answers the name, drawn when it is empty. `exhausted`, `invalid`: too many, too large. */
  putKept(kind: string, item: KeptItem): Outcome
  removeKept(kind: string, name: string, store: KeptStore): Outcome
}

const MOST_ITEMS = 256
const LARGEST = 16_384
/** Addresses that rules mean by a GUID. */
export const KEYWORDS = 'NetFirewallDynamicKeywordAddress'

const about = (kind: string): string => `kept/${kind}`

export const keptOf = (network: WindowsNetwork | undefined, kind: string): readonly KeptItem[] =>
  network?.setting<readonly KeptItem[]>(about(kind)) ?? []

/** The addresses of a dynamic keyword: none when there is no such one, or nobody has looked its name up. */
export function keywordAddresses(network: WindowsNetwork | undefined, id: string): readonly string[] {
  const found = keptOf(network, KEYWORDS).find(({ name }) => name.toLowerCase() === id.toLowerCase())
  const addresses = found?.props['Addresses']
  return Array.isArray(addresses) ? addresses.map(String) : []
}

export function keptCalls(machine: Machine, network: WindowsNetwork): KeptCalls {
  const put = (kind: string, items: readonly KeptItem[]): void => {
    network.set(about(kind), items.length === 0 ? null : (items as unknown as Json))
    if (kind === KEYWORDS) machine.firewall?.changed()
    applyHopLimits(machine, network)
  }
  const isIt = (name: string, store: KeptStore) => (one: KeptItem) =>
    one.store === store && one.name.toLowerCase() === name.toLowerCase()
  return {
    keptItems: (kind) => keptOf(network, kind),
    putKept: (kind, item) => {
      const items = keptOf(network, kind)
      let { name } = item
      for (let n = items.length; name === '' || (item.name === '' && items.some(isIt(name, item.store))); n++)
        name = `{${guidOf(machine.sim.seed, `${machine.name}/${kind}/${machine.sim.now}/${n}`)}}`
      if (name.length > 255 || JSON.stringify(item.props).length > LARGEST) return failed('invalid')
      const at = items.findIndex(isIt(name, item.store))
      if (at < 0 && items.length >= MOST_ITEMS) return failed('exhausted')
      put(kind, at < 0 ? [...items, { ...item, name }] : items.map((one, i) => (i === at ? { ...item, name } : one)))
      return { ok: true, value: name }
    },
    removeKept: (kind, name, store) => {
      const items = keptOf(network, kind)
      const left = items.filter((one) => !isIt(name, store)(one))
      if (left.length === items.length) return failed('not-found')
      put(kind, left)
      return OK
    },
  }
}

/** How far new packets go, where people said so (`Set-NetIPv4Protocol`). */
export function applyHopLimits(machine: Machine, network: WindowsNetwork): void {
  const said = (kind: string): number => {
    const limit = keptOf(network, kind)[0]?.props['DefaultHopLimit']
    return typeof limit === 'number' ? limit : machine.stack.profile.ttl
  }
  machine.stack.hopLimits.four = said('NetIPv4Protocol')
  machine.stack.hopLimits.six = said('NetIPv6Protocol')
}

/** The computer was switched off. */
export function forgetActive(network: WindowsNetwork): void {
  for (const key of network.abouts)
    if (key.startsWith('kept/')) {
      const items = network.setting<readonly KeptItem[]>(key) ?? []
      const left = items.filter(({ store }) => store !== 'ActiveStore')
      if (left.length < items.length) network.set(key, left.length === 0 ? null : (left as unknown as Json))
    }
}
