// Interfaces as people set them (fact sheet 2.5).
import type { Outcome } from '../../../engine/machine/kernel.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { NotSimulated } from '../errors.ts'
import { text } from '../values/text.ts'
import { type PsObject, property } from '../values/value.ts'
import { chosenOf, classTarget, IP_WORDS, refusal } from './cim.ts'
import { interfaceFilters, interfaceObjects } from './get-net-ip-interface.ts'
import { netOf } from './windows-net.ts'

const wordOf = (one: PsObject, name: string): string => text(property(one, name) ?? '')
const indexOf = (one: PsObject): number => Number(property(one, 'InterfaceIndex') ?? 0)
const isSix = (one: PsObject): boolean => wordOf(one, 'AddressFamily') === 'IPv6'

/** What one family has of its own. `alone`: the line is not about the other one, too. */
function ofFamily(call: Call, bound: Bound, index: number, six: boolean, alone: boolean): Outcome[] {
  const outcomes: Outcome[] = []
  const on = (name: string): boolean => bound.text(name) !== 'Disabled'
  if (alone && six && bound.has('NlMtuBytes'))
    throw new NotSimulated('-NlMtuBytes of IPv6 alone is real, but it is not simulated here yet: it follows the one of IPv4.')
  if (alone && !six && bound.has('RouterDiscovery'))
    throw new NotSimulated('-RouterDiscovery of IPv4 is real, but it is not simulated here yet; of IPv6 it is.')
  if (bound.has('Forwarding'))
    outcomes.push(six ? call.kernel.setForwarding6(index, on('Forwarding')) : call.kernel.setForwarding(index, on('Forwarding')))
  if (six) {
    if (bound.has('RouterDiscovery')) outcomes.push(netOf(call).setSources6(index, { routers: on('RouterDiscovery') }))
    if (bound.has('Dhcp')) outcomes.push(netOf(call).setSources6(index, { dhcp: on('Dhcp') }))
    return outcomes
  }
  if (bound.has('Dhcp')) outcomes.push(call.kernel.setDhcp(index, on('Dhcp')))
  if (bound.has('NlMtuBytes')) outcomes.push(netOf(call).setMtu(index, bound.number('NlMtuBytes') ?? 0))
  return outcomes
}

/** What both families share here. */
function ofBoth(call: Call, bound: Bound, one: PsObject, index: number): Outcome[] {
  const net = netOf(call)
  const outcomes: Outcome[] = []
  const automatic = bound.text('AutomaticMetric')
  if (bound.has('InterfaceMetric')) outcomes.push(net.setInterfaceMetric(index, bound.number('InterfaceMetric') ?? 0))
  if (automatic === 'Enabled') outcomes.push(net.setInterfaceMetric(index, null))
  if (automatic === 'Disabled' && !bound.has('InterfaceMetric'))
    outcomes.push(net.setInterfaceMetric(index, Number(property(one, 'InterfaceMetric') ?? 0)))
  if (bound.has('WeakHostSend')) outcomes.push(net.setWeakHost(index, { send: bound.text('WeakHostSend') === 'Enabled' }))
  if (bound.has('WeakHostReceive'))
    outcomes.push(net.setWeakHost(index, { receive: bound.text('WeakHostReceive') === 'Enabled' }))
  return outcomes
}

export const setNetIpInterface = cmdlet(
  {
    name: 'Set-NetIPInterface',
    module: 'NetTCPIP',
    synopsis: 'Modifies an IP interface.',
    supports: [
      'InterfaceAlias',
      'InterfaceIndex',
      'AddressFamily',
      'CompartmentId',
      'IncludeAllCompartments',
      'InputObject',
      'Forwarding',
      'Dhcp',
      'InterfaceMetric',
      'AutomaticMetric',
      'NlMtuBytes',
      'RouterDiscovery',
      'NeighborDiscoverySupported',
      'WeakHostSend',
      'WeakHostReceive',
      'PassThru',
      'Confirm',
    ],
    classes: { InputObject: 'MSFT_NetIPInterface' },
    defaultSet: 'ByName',
  },
  function* (call, bound) {
    const { InterfaceAlias, InterfaceIndex, AddressFamily, CompartmentId, NeighborDiscoverySupported } = interfaceFilters
    const filters = { InterfaceAlias, InterfaceIndex, AddressFamily, CompartmentId, NeighborDiscoverySupported }
    const target = classTarget('MSFT_NetIPInterface')
    const found = chosenOf(call, bound, 'MSFT_NetIPInterface', interfaceObjects(call.kernel), filters, 'query')
    for (const one of found) {
      const [index, six] = [indexOf(one), isSix(one)]
      const alone = !found.some((other) => indexOf(other) === index && isSix(other) !== six)
      for (const done of [...ofFamily(call, bound, index, six, alone), ...ofBoth(call, bound, one, index)])
        if (!done.ok) call.error(refusal(done, target, IP_WORDS))
      if (!bound.flag('PassThru')) continue
      for (const now of interfaceObjects(call.kernel)) if (indexOf(now) === index && isSix(now) === six) yield* call.emit(now)
    }
  },
)
