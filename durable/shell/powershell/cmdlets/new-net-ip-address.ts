// Addresses and neighbours as people set them (fact sheet 2.5).
import type { Outcome } from '../../../engine/machine/kernel.ts'
import type { InterfaceView } from '../../../engine/machine/views.ts'
import { isIp6 } from '../../ipv6.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { NotSimulated } from '../errors.ts'
import { text } from '../values/text.ts'
import { type PsObject, property } from '../values/value.ts'
import { chosenOf, classTarget, IP_WORDS, ofInterface, refusal, systemError } from './cim.ts'
import { addressFilters, addressObjects } from './get-net-ip-address.ts'
import { neighborFilters, neighborObjects } from './get-net-neighbor.ts'
import { netOf } from './windows-net.ts'

const ADDRESS = classTarget('MSFT_NetIPAddress')

/** The interface of the line; one that is not there is a wrong parameter. */
function interfaceOf(call: Call, bound: Bound, target: string): InterfaceView | undefined {
  const alias = bound.text('InterfaceAlias')?.toLowerCase()
  const found = call.kernel
    .interfaces()
    .find((one) => (alias === undefined ? one.index === bound.number('InterfaceIndex') : one.name.toLowerCase() === alias))
  if (found === undefined) call.error(systemError('The parameter is incorrect. ', 87, target))
  return found
}

export const newNetIpAddress = cmdlet(
  {
    name: 'New-NetIPAddress',
    module: 'NetTCPIP',
    synopsis: 'Creates and configures an IP address.',
    supports: [
      'IPAddress',
      'InterfaceAlias',
      'InterfaceIndex',
      'PrefixLength',
      'DefaultGateway',
      'AddressFamily',
      'Type',
      'SkipAsSource',
      'Confirm',
    ],
    defaultSet: 'ByInterfaceAlias',
  },
  function* (call, bound) {
    const on = interfaceOf(call, bound, ADDRESS)
    if (on === undefined) return
    const address = bound.text('IPAddress') ?? ''
    const six = isIp6(address)
    const prefixLength = bound.number('PrefixLength') ?? (six ? 128 : 32)
    const gateway = bound.text('DefaultGateway')
    if (gateway !== undefined && hasGateway(call, on, six))
      return call.error(systemError('Instance DefaultGateway already exists ', 87, ADDRESS))
    const own = [...on.addresses, ...(on.ip6?.addresses ?? [])]
    if (own.some((one) => one.address === address)) return call.error(refusal({ ok: false, error: 'exists' }, ADDRESS, IP_WORDS))
    // An address that is set by hand ends DHCP on the interface; what routers say goes on to hold.
    if (on.dhcp && !six) call.kernel.setDhcp(on.index, false)
    const done = call.kernel.addAddress(on.index, address, prefixLength)
    if (!done.ok) return call.error(refusal(done, ADDRESS, IP_WORDS))
    if (bound.flag('SkipAsSource')) skip(call, on.index, address, true)
    if (gateway !== undefined) {
      const to = {
        destination: six ? '::' : '0.0.0.0',
        prefixLength: 0,
        gateway,
        interface: on.index,
        metric: 256,
        persistent: true,
      }
      const routed = call.kernel.addRoute(to)
      if (!routed.ok) call.error(refusal(routed, ADDRESS, IP_WORDS))
    }
    for (const [state, store] of [
      ['Tentative', 'ActiveStore'],
      ['Invalid', 'PersistentStore'],
    ] as const) {
      const made = addressObjects(call.kernel).find((one) => text(property(one, 'IPAddress') ?? '') === address)
      if (made === undefined) continue
      made.props.set('AddressState', state)
      made.props.set('PolicyStore', store)
      yield* call.emit(made)
    }
  },
)

/** Of IPv4; the other family has no such thing here. */
function skip(call: Call, index: number, address: string, on: boolean): void {
  if (isIp6(address))
    throw new NotSimulated(
      '-SkipAsSource of an IPv6 address is real, but it is not simulated here yet; of an IPv4 address it is.',
    )
  const done = netOf(call).setSkipAsSource(index, address, on)
  if (!done.ok) call.error(refusal(done, ADDRESS, IP_WORDS))
}

const hasGateway = (call: Call, on: InterfaceView, six: boolean): boolean =>
  (six ? call.kernel.routes6().filter((route) => route.origin === 'static') : call.kernel.routes()).some(
    (route) => route.prefixLength === 0 && route.interface === on.index,
  )

const numberOf = (one: PsObject, name: string): number => Number(property(one, name) ?? 0)
const wordOf = (one: PsObject, name: string): string => text(property(one, name) ?? '')

export const removeNetIpAddress = cmdlet(
  {
    name: 'Remove-NetIPAddress',
    module: 'NetTCPIP',
    synopsis: 'Removes an IP address and its configuration.',
    supports: [...Object.keys(addressFilters), 'DefaultGateway', 'IncludeAllCompartments', 'InputObject', 'PassThru', 'Confirm'],
    classes: { InputObject: 'MSFT_NetIPAddress' },
    defaultSet: 'Query',
  },
  function* (call, bound) {
    const found = chosenOf(call, bound, 'MSFT_NetIPAddress', addressObjects(call.kernel), addressFilters, 'query')
    const shows = bound.flag('PassThru')
    for (const one of found) {
      const done = call.kernel.removeAddress(numberOf(one, 'InterfaceIndex'), wordOf(one, 'IPAddress'))
      if (!done.ok) call.error(refusal(done, ADDRESS, IP_WORDS))
      else if (shows) yield* call.emit(one)
    }
    // The gateway stays unless it is named.
    const gateway = bound.text('DefaultGateway')
    if (gateway !== undefined) call.kernel.removeRoute(isIp6(gateway) ? '::' : '0.0.0.0', 0, gateway)
  },
)

/** What a line that changes an address chooses it by; the rest says what it is to be. */
const { PrefixLength: _, SkipAsSource: __, ValidLifetime: ___, PreferredLifetime: ____, ...choosing } = addressFilters

export const setNetIpAddress = cmdlet(
  {
    name: 'Set-NetIPAddress',
    module: 'NetTCPIP',
    synopsis: 'Modifies the configuration of an IP address.',
    supports: [
      ...Object.keys(choosing),
      'IncludeAllCompartments',
      'InputObject',
      'PrefixLength',
      'SkipAsSource',
      'PassThru',
      'Confirm',
    ],
    classes: { InputObject: 'MSFT_NetIPAddress' },
    defaultSet: 'Query',
  },
  function* (call, bound) {
    const shows = bound.flag('PassThru')
    const filters = choosing
    const length = bound.number('PrefixLength')
    for (const one of chosenOf(call, bound, 'MSFT_NetIPAddress', addressObjects(call.kernel), filters, 'query')) {
      const [index, address] = [numberOf(one, 'InterfaceIndex'), wordOf(one, 'IPAddress')]
      if (bound.has('SkipAsSource')) skip(call, index, address, bound.flag('SkipAsSource'))
      if (length !== undefined && length !== numberOf(one, 'PrefixLength') && !resize(call, one, length)) continue
      if (!shows) continue
      for (const now of addressObjects(call.kernel)) if (wordOf(now, 'IPAddress') === address) yield* call.emit(now)
    }
  },
)

/** The same address on a network of another size; false: an error was told. */
function resize(call: Call, one: PsObject, length: number): boolean {
  const fault = (done: Outcome): boolean => {
    if (!done.ok) call.error(refusal(done, ADDRESS, IP_WORDS))
    return done.ok
  }
  if (length < 1 || length > (wordOf(one, 'AddressFamily') === 'IPv6' ? 128 : 32)) return fault({ ok: false, error: 'invalid' })
  const [index, address] = [numberOf(one, 'InterfaceIndex'), wordOf(one, 'IPAddress')]
  return fault(call.kernel.removeAddress(index, address)) && fault(call.kernel.addAddress(index, address, length))
}

const NEIGHBOR = classTarget('MSFT_NetNeighbor')

export const newNetNeighbor = cmdlet(
  {
    name: 'New-NetNeighbor',
    module: 'NetTCPIP',
    synopsis: 'Creates a neighbor cache entry.',
    supports: ['IPAddress', 'InterfaceAlias', 'InterfaceIndex', 'LinkLayerAddress', 'State', 'AddressFamily', 'Confirm'],
    defaultSet: 'ByInterfaceAlias',
  },
  function* (call, bound) {
    const on = interfaceOf(call, bound, NEIGHBOR)
    if (on === undefined) return
    const address = bound.text('IPAddress') ?? ''
    if (bound.has('State') && bound.text('State') !== 'Permanent')
      throw new NotSimulated('New-NetNeighbor: an entry that is not permanent is real, but it is not simulated here yet.')
    const given = bound.text('LinkLayerAddress') ?? ''
    const mac = /^[0-9a-f]{12}$/i.test(given) ? (given.match(/../g) ?? []).join('-') : given
    if (
      neighborObjects(call.kernel).some(
        (one) => numberOf(one, 'InterfaceIndex') === on.index && wordOf(one, 'IPAddress') === address,
      )
    )
      return call.error(systemError('Instance MSFT_NetNeighbor already exists ', 87, NEIGHBOR))
    const done = call.kernel.addNeighbor(on.index, address, mac)
    if (!done.ok) return call.error(refusal(done, NEIGHBOR, IP_WORDS))
    const made = neighborObjects(call.kernel).find(
      (one) => numberOf(one, 'InterfaceIndex') === on.index && wordOf(one, 'IPAddress') === address,
    )
    if (made !== undefined) yield* call.emit(made)
  },
)

export const removeNetNeighbor = cmdlet(
  {
    name: 'Remove-NetNeighbor',
    module: 'NetTCPIP',
    synopsis: 'Removes neighbor cache entries.',
    supports: [
      ...Object.keys(neighborFilters),
      'IncludeAllCompartments',
      'AssociatedIPInterface',
      'InputObject',
      'PassThru',
      'Confirm',
    ],
    classes: { InputObject: 'MSFT_NetNeighbor', AssociatedIPInterface: 'MSFT_NetIPInterface' },
    defaultSet: 'ByName',
  },
  function* (call, bound) {
    const shows = bound.flag('PassThru')
    const found = chosenOf(
      call,
      bound,
      'MSFT_NetNeighbor',
      ofInterface(bound, neighborObjects(call.kernel)),
      neighborFilters,
      'query',
    )
    for (const one of found) {
      const done = call.kernel.removeNeighbor(numberOf(one, 'InterfaceIndex'), wordOf(one, 'IPAddress'))
      if (!done.ok) call.error(refusal(done, NEIGHBOR, IP_WORDS))
      else if (shows) yield* call.emit(one)
    }
  },
)
