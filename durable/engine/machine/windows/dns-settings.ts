// What people set of the DNS client besides servers: the name resolution policy table, suffixes, registration (fact sheet 2.6, 4.4).
import type { Json } from '../../sim/json.ts'
import { type IpAddress, parseAddress } from '../../wire/addresses.ts'
import { guidOf } from '../guid.ts'
import type { Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import type { WindowsNetwork } from './windows-network.ts'

export type NrptRule = {
  /** A GUID in braces. */
  readonly name: string
  readonly namespaces: readonly string[]
  readonly servers: readonly string[]
  readonly displayName: string
  readonly comment: string
  /** What it says of DNSSEC and DirectAccess, by the names of the cmdlets: kept, and heeded by nobody here. */
  readonly more?: { readonly [name: string]: Json }
}

export type DnsConnection = { readonly suffix?: string; readonly register?: boolean; readonly useSuffix?: boolean }
export type DnsGlobal = { readonly suffixes: readonly string[]; readonly devolution: boolean; readonly level: number }

const NRPT = 'nrpt'
const GLOBAL = 'dns-global'
const MOST_RULES = 128
const USUAL: DnsGlobal = { suffixes: [], devolution: true, level: 0 }

/** The servers that a name is sent to by policy; undefined: those of the interfaces. The longest namespace wins. */
export function serversByPolicy(network: WindowsNetwork | undefined, name: string): IpAddress[] | undefined {
  const rules = network?.setting<readonly NrptRule[]>(NRPT)
  if (rules === undefined || name === '') return undefined
  const lower = name.toLowerCase().replace(/\.$/, '')
  let best: NrptRule | undefined
  let length = -1
  for (const rule of rules)
    for (const namespace of rule.namespaces) {
      const space = namespace.toLowerCase()
      const fits =
        space === '.' ||
        (space.startsWith('.') ? lower === space.slice(1) || lower.endsWith(space) : lower === space.replace(/\.$/, ''))
      if (!fits || space.length <= length) continue
      best = rule
      length = space.length
    }
  if (best === undefined || best.servers.length === 0) return undefined
  return best.servers.map(parseAddress).filter((ip) => ip !== undefined)
}

export const dnsGlobal = (network: WindowsNetwork | undefined): DnsGlobal => ({
  ...USUAL,
  ...network?.setting<DnsGlobal>(GLOBAL),
})

export const dnsConnection = (network: WindowsNetwork | undefined, index: number): DnsConnection =>
  network?.setting<DnsConnection>(`dns/${index}`) ?? {}

export interface DnsCalls {
  nrptRules(): NrptRule[]
  /** Answers the name, drawn when it is empty. `invalid`: no namespace, or a server that is no address. */
  putNrptRule(rule: NrptRule): Outcome
  removeNrptRule(name: string): Outcome
  dnsGlobal(): DnsGlobal
  setDnsGlobal(change: Partial<DnsGlobal>): Outcome
  dnsConnection(index: number): DnsConnection
  setDnsConnection(index: number, change: DnsConnection): Outcome
}

export function dnsCalls(machine: Machine, network: WindowsNetwork): DnsCalls {
  const rules = (): NrptRule[] => [...(network.setting<readonly NrptRule[]>(NRPT) ?? [])]
  return {
    nrptRules: rules,
    putNrptRule: (rule) => {
      const sound =
        rule.namespaces.length > 0 &&
        rule.namespaces.every((space) => /^\.?[\w-]+(\.[\w-]+)*\.?$|^\.$/.test(space)) &&
        rule.servers.every((server) => parseAddress(server) !== undefined)
      if (!sound) return failed('invalid')
      const others = rules().filter(({ name }) => name !== rule.name)
      if (others.length >= MOST_RULES) return failed('exhausted')
      let { name } = rule
      for (let n = others.length; name === '' || others.some((one) => one.name === name); n++)
        name = `{${guidOf(machine.sim.seed, `${machine.name}/nrpt/${machine.sim.now}/${n}`)}}`
      network.set(NRPT, [...others, { ...rule, name }])
      machine.dns.flush()
      return { ok: true, value: name }
    },
    removeNrptRule: (name) => {
      const left = rules().filter((rule) => rule.name.toLowerCase() !== name.toLowerCase())
      if (left.length === rules().length) return failed('not-found')
      network.set(NRPT, left.length === 0 ? null : left)
      machine.dns.flush()
      return OK
    },
    dnsGlobal: () => dnsGlobal(network),
    setDnsGlobal: (change) => {
      network.set(GLOBAL, { ...dnsGlobal(network), ...change })
      return OK
    },
    dnsConnection: (index) => dnsConnection(network, index),
    setDnsConnection: (index, change) => {
      if (!machine.stack.interfaces.has(index)) return failed('not-found')
      network.set(`dns/${index}`, { ...dnsConnection(network, index), ...change })
      return OK
    },
  }
}
