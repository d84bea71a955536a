// Port access lists (fact sheet 2.2, 4.12): by address, the most specific entry decides.
import type { AclRule, Direction } from '../../../engine/link/virtual-port/port-acl.ts'
import { matchText } from '../../../engine/link/virtual-port/port-acl.ts'
import type { VmAdapterView } from '../../../engine/machine/views.ts'
import { formatIp6, networkOf, networkOf6, parseIp, parseIp6, parseMac } from '../../../engine/wire/addresses.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { object, type PsObject, property } from '../values/value.ts'
import { adapterObject, refuse, tail, typed } from './hyper-v.ts'
import { ADAPTER_PARAMETERS, changeAdapter, chosenAdapters, passAdapter } from './vm-network-adapters.ts'

const SIDES = ['Local', 'Remote'] as const
const ADDRESSES = ['LocalIPAddress', 'RemoteIPAddress', 'LocalMacAddress', 'RemoteMacAddress'] as const

/** What an address of a rule matches, or undefined when it is none. */
export function matchOf(address: string, mac: boolean): AclRule['match'] | undefined {
  if (/^(any|\*)$/i.test(address)) return { kind: 'any' }
  if (mac) {
    const number = parseMac(/^[0-9a-f]{12}$/i.test(address) ? (address.match(/../g) ?? []).join('-') : address)
    return number === undefined ? undefined : { kind: 'mac', mac: number }
  }
  const [ip = '', length] = address.split('/')
  const prefix = (most: number) => (length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : -1)
  const four = parseIp(ip)
  if (four !== undefined && prefix(32) >= 0 && prefix(32) <= 32)
    return { kind: 'ip4', network: networkOf(four, prefix(32)), prefixLength: prefix(32) }
  const six = parseIp6(ip)
  if (six !== undefined && prefix(128) >= 0 && prefix(128) <= 128)
    return { kind: 'ip6', network: formatIp6(networkOf6(six, prefix(128))), prefixLength: prefix(128) }
  return undefined
}

/** The entries that the parameters describe: `Both` is one for each direction. A text says what is wrong. */
function rulesOf(bound: Bound): AclRule[] | string {
  const action = bound.text('Action') as AclRule['action']
  const direction = bound.text('Direction') ?? ''
  const directions: Direction[] = direction === 'Both' ? ['Inbound', 'Outbound'] : [direction as Direction]
  const found: AclRule[] = []
  for (const side of SIDES) {
    for (const mac of [false, true]) {
      for (const address of bound.texts(`${side}${mac ? 'Mac' : 'IP'}Address`)) {
        const match = matchOf(address, mac)
        if (match === undefined) return `The address "${address}" is not valid.`
        if (action === 'Meter' && mac) return 'A metering entry needs an IP address.'
        for (const each of directions) found.push({ action, direction: each, side, match })
      }
    }
  }
  return found.length > 0 ? found : 'A local or remote address must be specified.'
}

function aclObject(call: Call, one: VmAdapterView, rule: AclRule, at: number): PsObject {
  const address = matchText(rule.match)
  const of = (side: AclRule['side'], mac: boolean) => (rule.side === side && (rule.match.kind === 'mac') === mac ? address : '')
  return object(typed('VMNetworkAdapterAclSetting'), {
    Action: rule.action,
    Direction: rule.direction,
    LocalAddress: of('Local', false),
    RemoteAddress: of('Remote', false),
    LocalMacAddress: of('Local', true),
    RemoteMacAddress: of('Remote', true),
    MeteredMegabytes: rule.action === 'Meter' ? Math.floor((one.metered[at] ?? 0) / 1_048_576) : 0,
    VMName: one.vm,
    VMId: one.vmId,
    AdapterName: one.name,
    AdapterId: one.id,
    Address: `${rule.side} ${address}`,
    ParentAdapter: adapterObject(call, one),
    IsTemplate: false,
    ...tail(call),
  })
}

export const getVmNetworkAdapterAcl = cmdlet(
  {
    name: 'Get-VMNetworkAdapterAcl',
    module: 'Hyper-V',
    synopsis: 'Gets the ACLs of virtual network adapters.',
    supports: ADAPTER_PARAMETERS,
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    for (const one of chosenAdapters(call, bound))
      for (const [at, rule] of one.settings.acl.entries()) yield* call.emit(aclObject(call, one, rule, at))
  },
)

export const addVmNetworkAdapterAcl = cmdlet(
  {
    name: 'Add-VMNetworkAdapterAcl',
    module: 'Hyper-V',
    synopsis: 'Creates an ACL entry for virtual network adapters.',
    supports: [...ADAPTER_PARAMETERS, ...ADDRESSES, 'Action', 'Direction', 'Passthru', 'Confirm'],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    const rules = rulesOf(bound)
    if (typeof rules === 'string') return call.error(refuse(rules, ''))
    for (const one of chosenAdapters(call, bound))
      if (changeAdapter(call, one, { settings: { acl: [...one.settings.acl, ...rules] } })) yield* passAdapter(call, bound, one)
  },
)

const keyOf = (rule: AclRule): string => JSON.stringify([rule.action, rule.direction, rule.side, rule.match])

export const removeVmNetworkAdapterAcl = cmdlet(
  {
    name: 'Remove-VMNetworkAdapterAcl',
    module: 'Hyper-V',
    synopsis: 'Removes an ACL entry of virtual network adapters.',
    supports: [...ADAPTER_PARAMETERS, ...ADDRESSES, 'InputObject', 'Action', 'Direction', 'Passthru', 'Confirm'],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    if (bound.has('InputObject')) return removeObjects(call, bound)
    const rules = rulesOf(bound)
    if (typeof rules === 'string') return call.error(refuse(rules, ''))
    const gone = new Set(rules.map(keyOf))
    for (const one of chosenAdapters(call, bound)) {
      const acl = one.settings.acl.filter((rule) => !gone.has(keyOf(rule)))
      if (acl.length === one.settings.acl.length)
        call.error(
          refuse('No ACL entry was found with the given criteria.', `${one.name}:String`, 'ObjectNotFound', 'ObjectNotFound'),
        )
      else if (changeAdapter(call, one, { settings: { acl } })) yield* passAdapter(call, bound, one)
    }
  },
)

/** Entries by object: what Get-VMNetworkAdapterAcl answered. */
function removeObjects(call: Call, bound: Bound): void {
  for (const each of bound.list('InputObject')) {
    const word = (name: string) => text(property(each, name) ?? '')
    const one = chosenAdapters(call, bound).find(({ id }) => id === word('AdapterId'))
    const is = (rule: AclRule) =>
      rule.action === word('Action') &&
      rule.direction === word('Direction') &&
      `${rule.side} ${matchText(rule.match)}` === word('Address')
    if (one) changeAdapter(call, one, { settings: { acl: one.settings.acl.filter((rule) => !is(rule)) } })
  }
}
