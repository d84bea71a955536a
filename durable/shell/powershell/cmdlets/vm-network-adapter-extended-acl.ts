// Extended access lists (fact sheet 2.2, 4.12, 2.12): five-tuples by weight.
import type { ExtendedRule, PortRange, Prefix } from '../../../engine/link/virtual-port/extended-acl.ts'
import type { VmAdapterView } from '../../../engine/machine/views.ts'
import { formatIp } from '../../../engine/wire/addresses.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { object, type PsObject, property } from '../values/value.ts'
import { adapterObject, refuse, tail, typed } from './hyper-v.ts'
import { matchOf } from './vm-network-adapter-acl.ts'
import { ADAPTER_PARAMETERS, changeAdapter, chosenAdapters, passAdapter } from './vm-network-adapters.ts'

const PROTOCOLS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17 }
const MICROSECONDS = 1_000_000
/** Weights above do not fit the port's table: the cmdlet takes one, applying it fails (fact sheet 2.12). */
const HEAVIEST = 65_535

const isAny = (value: string | undefined): boolean => value === undefined || value === '' || /^(any|\*)$/i.test(value)

function prefixOf(value: string | undefined): Prefix | undefined {
  if (isAny(value)) return null
  const match = matchOf(value as string, false)
  if (match?.kind === 'ip4' || match?.kind === 'ip6') return { network: match.network, prefixLength: match.prefixLength }
  return undefined
}

function portsOf(value: string | undefined): PortRange | undefined {
  if (isAny(value)) return null
  const [, low, high = low] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(value as string) ?? []
  const [first, last] = [Number(low), Number(high)]
  return low === undefined || last > 65_535 || last < first ? undefined : [first, last]
}

function protocolOf(value: string | undefined): number | null | undefined {
  if (isAny(value)) return null
  const known = PROTOCOLS[(value as string).toLowerCase()]
  if (known !== undefined) return known
  return /^\d{1,3}$/.test(value as string) && Number(value) <= 255 ? Number(value) : undefined
}

/** The entry that the parameters describe; a text says what is wrong with them. */
function ruleOf(bound: Bound): ExtendedRule | string {
  const [localIp, remoteIp] = [prefixOf(bound.text('LocalIPAddress')), prefixOf(bound.text('RemoteIPAddress'))]
  const [localPort, remotePort] = [portsOf(bound.text('LocalPort')), portsOf(bound.text('RemotePort'))]
  const protocol = protocolOf(bound.text('Protocol'))
  const weight = bound.number('Weight') ?? 0
  const stateful = bound.get('Stateful') === true
  const action = bound.text('Action') as ExtendedRule['action']
  if (localIp === undefined || remoteIp === undefined) return 'The specified IP address is not valid.'
  if (localPort === undefined || remotePort === undefined) return 'The specified port is not valid.'
  if (protocol === undefined) return 'The specified protocol is not valid.'
  if (weight < 0 || weight > HEAVIEST) return 'The weight of an extended ACL entry must be a number from 0 to 65535.'
  if (stateful && (action === 'Deny' || (protocol !== PROTOCOLS['tcp'] && protocol !== PROTOCOLS['udp'])))
    return 'A stateful entry must allow TCP or UDP.'
  return {
    action,
    direction: bound.text('Direction') as ExtendedRule['direction'],
    localIp,
    remoteIp,
    localPort,
    remotePort,
    protocol,
    weight,
    stateful,
    idleTimeout: (bound.number('IdleSessionTimeout') ?? (protocol === PROTOCOLS['tcp'] ? 3600 : 60)) * MICROSECONDS,
  }
}

const prefixText = (prefix: Prefix): string => {
  if (prefix === null) return 'ANY'
  const { network, prefixLength } = prefix
  const whole = prefixLength === (typeof network === 'number' ? 32 : 128)
  const address = typeof network === 'number' ? formatIp(network) : network
  return whole ? address : `${address}/${prefixLength}`
}
const portText = (range: PortRange): string =>
  range === null ? 'ANY' : range[0] === range[1] ? `${range[0]}` : `${range[0]}-${range[1]}`

function protocolText(protocol: number | null): string {
  if (protocol === null) return 'ANY'
  const name = Object.entries(PROTOCOLS).find(([, number]) => number === protocol)?.[0]
  return name === undefined || name === 'icmp' ? `${protocol}` : name.toUpperCase()
}

function ruleObject(call: Call, one: VmAdapterView, rule: ExtendedRule): PsObject {
  return object(typed('VMNetworkAdapterExtendedAclSetting'), {
    ParentAdapter: adapterObject(call, one),
    Direction: rule.direction,
    Action: rule.action,
    LocalIPAddress: prefixText(rule.localIp),
    RemoteIPAddress: prefixText(rule.remoteIp),
    LocalPort: portText(rule.localPort),
    RemotePort: portText(rule.remotePort),
    Protocol: protocolText(rule.protocol),
    Weight: rule.weight,
    Stateful: rule.stateful,
    IdleSessionTimeout: rule.stateful ? rule.idleTimeout / MICROSECONDS : 0,
    IsolationID: 0,
    IsTemplate: false,
    ...tail(call),
  })
}

export const getVmNetworkAdapterExtendedAcl = cmdlet(
  {
    name: 'Get-VMNetworkAdapterExtendedAcl',
    module: 'Hyper-V',
    synopsis: 'Gets the extended ACL entries of virtual network adapters.',
    supports: ADAPTER_PARAMETERS,
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    for (const one of chosenAdapters(call, bound))
      for (const rule of one.settings.extendedAcl) yield* call.emit(ruleObject(call, one, rule))
  },
)

export const addVmNetworkAdapterExtendedAcl = cmdlet(
  {
    name: 'Add-VMNetworkAdapterExtendedAcl',
    module: 'Hyper-V',
    synopsis: 'Creates an extended ACL entry for virtual network adapters.',
    supports: [
      ...ADAPTER_PARAMETERS,
      'Action',
      'Direction',
      'LocalIPAddress',
      'RemoteIPAddress',
      'LocalPort',
      'RemotePort',
      'Protocol',
      'Weight',
      'Stateful',
      'IdleSessionTimeout',
      'Passthru',
      'Confirm',
    ],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    const rule = ruleOf(bound)
    if (typeof rule === 'string') return call.error(refuse(rule, ''))
    const same = (other: ExtendedRule) => other.weight === rule.weight && other.direction === rule.direction
    for (const one of chosenAdapters(call, bound)) {
      const { extendedAcl } = one.settings
      if (extendedAcl.some(same))
        call.error(
          refuse(
            `An extended ACL entry of direction ${rule.direction} and weight ${rule.weight} already exists.`,
            `${one.name}:String`,
          ),
        )
      else if (changeAdapter(call, one, { settings: { extendedAcl: [...extendedAcl, rule] } }))
        yield* passAdapter(call, bound, one)
    }
  },
)

export const removeVmNetworkAdapterExtendedAcl = cmdlet(
  {
    name: 'Remove-VMNetworkAdapterExtendedAcl',
    module: 'Hyper-V',
    synopsis: 'Removes an extended ACL entry of virtual network adapters.',
    supports: [...ADAPTER_PARAMETERS, 'InputObject', 'Direction', 'Weight', 'Passthru', 'Confirm'],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    const objects = bound.list('InputObject')
    const adapterIds = objects.map((one) => text(property(property(one, 'ParentAdapter') ?? null, 'Id') ?? ''))
    const keys = bound.has('InputObject')
      ? objects.map(
          (one, at) => `${adapterIds[at]} ${text(property(one, 'Direction') ?? '')} ${text(property(one, 'Weight') ?? '')}`,
        )
      : undefined
    for (const one of chosenAdapters(call, bound)) {
      const gone = (rule: ExtendedRule) =>
        keys === undefined
          ? rule.direction === bound.text('Direction') && rule.weight === bound.number('Weight')
          : keys.includes(`${one.id} ${rule.direction} ${rule.weight}`)
      const extendedAcl = one.settings.extendedAcl.filter((rule) => !gone(rule))
      if (extendedAcl.length < one.settings.extendedAcl.length) {
        if (changeAdapter(call, one, { settings: { extendedAcl } })) yield* passAdapter(call, bound, one)
      } else if (keys === undefined)
        call.error(
          refuse(
            'No extended ACL entry was found with the given criteria.',
            `${one.name}:String`,
            'ObjectNotFound',
            'ObjectNotFound',
          ),
        )
    }
  },
)
