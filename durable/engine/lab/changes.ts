// What people mean by "it changed": addresses, power, links, leases, and so on, read off the rows of a part before and after.
import type { Json } from '../sim/json.ts'
import type { PartRow } from '../sim/part.ts'
import { formatIp } from '../wire/addresses.ts'
import type { Change } from './query/query.ts'

type Scalar = Change['before']
type Facts = ReadonlyMap<string, Scalar>

/** The name of a machine's interface, for a field that a person can read. */
export type InterfaceName = (machine: string, index: number) => string

const NOTHING: Facts = new Map()

/** The changes from one row of a part to the next; `before` is absent when the part is new. */
export function changesOf(before: PartRow | undefined, after: PartRow, at: number, nameOf: InterfaceName): Change[] {
  const old = before === undefined ? NOTHING : factsOf(before, nameOf)
  const now = factsOf(after, nameOf)
  const found: Change[] = []
  for (const field of new Set([...old.keys(), ...now.keys()])) {
    const was = old.get(field) ?? null
    const is = now.get(field) ?? null
    if (was !== is) found.push({ at, part: after.name, field, before: was, after: is })
  }
  return found
}

type Stored = {
  readonly power?: string
  readonly boots?: number
  readonly plugged?: boolean
  readonly connected?: boolean
  readonly phase?: string
  readonly lease?: { readonly ip?: number } | null
  readonly network?: { readonly network: number; readonly prefixLength: number } | null
  readonly vms?: readonly (readonly [name: string, state: { readonly power: string }])[]
  readonly switches?: readonly { readonly name: string; readonly host: object | null; readonly uplink?: object }[]
  readonly rules?: readonly { readonly displayName: string; readonly enabled: boolean }[]
  readonly interfaces?: readonly (readonly [index: number, state: StoredInterface])[]
  readonly routes?: readonly { readonly prefixLength: number; readonly gateway: number; readonly interface: number }[]
}
type StoredInterface = {
  readonly enabled: boolean
  readonly ssid: string
  readonly addresses: readonly (readonly [ip: number, prefixLength: number, origin: string, state: string])[]
  readonly dnsServers: readonly number[]
}

function factsOf(row: PartRow, nameOf: InterfaceName): Facts {
  const state = JSON.parse(row.data) as Json as Stored
  switch (row.kind) {
    case 'machine':
      return new Map<string, Scalar>([
        ['power', state.power ?? null],
        ['boots', state.boots ?? null],
      ])
    case 'cable':
      return new Map([['plugged', state.plugged ?? null]])
    case 'l2tp-client':
      return new Map([['connected', state.connected ?? null]])
    case 'dhcp-client':
      return new Map([
        ['state', state.phase ?? null],
        ['address', state.lease?.ip === undefined ? null : formatIp(state.lease.ip)],
      ])
    case 'hyper-v': {
      const { network } = state
      const subnet = network ? `${formatIp(network.network)}/${network.prefixLength}` : null
      return new Map([
        ['subnet', subnet],
        ...(state.vms ?? []).map(([name, { power }]) => [`vm ${name}`, power] as const),
        ...(state.switches ?? []).map(
          ({ name, host, uplink }) => [`switch ${name}`, uplink ? 'External' : host === null ? 'Private' : 'Internal'] as const,
        ),
      ])
    }
    case 'firewall':
      return new Map((state.rules ?? []).map(({ displayName, enabled }) => [`rule ${displayName}`, enabled] as const))
    case 'ip6':
      return facts6(row.name.split('/')[0] as string, state as unknown as Stored6, nameOf)
    case 'stack':
      return stackFacts(row.name.split('/')[0] as string, state, nameOf)
    default:
      return NOTHING
  }
}

/** As `ip/v6` stores it: addresses are text. */
type Stored6 = {
  readonly interfaces?: readonly (readonly [
    index: number,
    state: {
      readonly enabled: boolean
      readonly addresses: readonly (readonly [ip: string, prefixLength: number, origin: string, state: string])[]
      readonly dns: readonly (readonly [server: string, until: number | null])[]
      readonly ownDns?: readonly string[]
    },
  ])[]
  readonly routes?: readonly (readonly [destination: string, prefixLength: number, gateway: string, via: number])[]
}

function facts6(machine: string, { interfaces = [], routes = [] }: Stored6, nameOf: InterfaceName): Facts {
  const facts = new Map<string, Scalar>()
  for (const [index, { enabled, addresses, dns, ownDns }] of interfaces) {
    const name = nameOf(machine, index)
    const usable = addresses.filter(([, , , standing]) => standing === 'preferred')
    facts.set(`${name} enabled6`, enabled)
    facts.set(`${name} address6`, usable.map(([ip, prefixLength]) => `${ip}/${prefixLength}`).join(' ') || null)
    facts.set(`${name} dns6`, (ownDns ?? dns.map(([server]) => server)).join(' ') || null)
  }
  const gateways = routes.filter(([, prefixLength, gateway]) => prefixLength === 0 && gateway !== '::')
  facts.set('gateway6', gateways.map(([, , gateway, index]) => `${gateway} by ${nameOf(machine, index)}`).join(', ') || null)
  const others = routes.filter(([, prefixLength, gateway]) => prefixLength > 0 && gateway !== '::')
  facts.set('routes6', others.map(([to, length, gateway]) => `${to}/${length} via ${gateway}`).join(', ') || null)
  return facts
}

function stackFacts(machine: string, state: Stored, nameOf: InterfaceName): Facts {
  const facts = new Map<string, Scalar>()
  for (const [index, via] of state.interfaces ?? []) {
    const name = nameOf(machine, index)
    const usable = via.addresses.filter(([, , , standing]) => standing === 'preferred')
    facts.set(`${name} enabled`, via.enabled)
    facts.set(`${name} address`, usable.map(([ip, prefixLength]) => `${formatIp(ip)}/${prefixLength}`).join(' ') || null)
    facts.set(`${name} dns`, via.dnsServers.map(formatIp).join(' ') || null)
    if (via.ssid !== '') facts.set(`${name} network`, via.ssid)
  }
  const gateways = (state.routes ?? []).filter(({ prefixLength, gateway }) => prefixLength === 0 && gateway !== 0)
  facts.set(
    'gateway',
    gateways.map(({ gateway, interface: index }) => `${formatIp(gateway)} by ${nameOf(machine, index)}`).join(', ') || null,
  )
  return facts
}
