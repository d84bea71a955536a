// Transport filters: which connections get which template of TCP settings.
import type { KeptItem } from '../../../../engine/machine/windows/kept-calls.ts'
import { parseCidr, parseCidr6 } from '../../../../engine/wire/addresses.ts'
import type { Bound, Call, Cmdlet } from '../../cmdlet.ts'
import { text } from '../../values/text.ts'
import { type PsObject, property } from '../../values/value.ts'
import { chooseFrom, chosenOf, cim, classTarget, refusal, systemError } from '../cim.ts'
import { acting } from '../kept/verbs.ts'
import { netOf } from '../windows-net.ts'
import { tcpSetting } from './setting-tables.ts'

const NOUN = 'NetTransportFilter'
const CLASS = 'MSFT_NetTransportFilter'
const LIMIT = 'Kept and listed; connections of a lab use one set of values.'

const usual = {
  SettingName: 'Automatic',
  Protocol: 'TCP',
  LocalPortStart: 0,
  LocalPortEnd: 65_535,
  RemotePortStart: 0,
  RemotePortEnd: 65_535,
  DestinationPrefix: '*',
}
const filters = Object.fromEntries(Object.keys(usual).map((name) => [name, name]))
const PORTS = ['LocalPortStart', 'LocalPortEnd', 'RemotePortStart', 'RemotePortEnd'] as const

const filterObject = ({ name, props }: Pick<KeptItem, 'name' | 'props'>): PsObject =>
  cim(CLASS, { ...usual, ...(props as Record<string, string | number>), InstanceID: name })

/** The one that Windows has, and those that people made. */
const all = (call: Call): PsObject[] => [filterObject({ name: '', props: {} }), ...netOf(call).keptItems(NOUN).map(filterObject)]

function ofSetting(bound: Bound, items: readonly PsObject[]): readonly PsObject[] {
  const setting = bound.get('AssociatedTCPSetting')
  const name = text(property(setting ?? null, 'SettingName') ?? '')
  return setting === undefined ? items : items.filter((one) => text(property(one, 'SettingName') ?? '') === name)
}

const base = { module: 'NetTCPIP', className: CLASS, classes: { AssociatedTCPSetting: tcpSetting.className } } as const

export const transportFilterCmdlets: readonly Cmdlet[] = [
  acting(`Get-${NOUN}`, base, 'Gets transport filters.', function* (call, bound) {
    for (const one of chooseFrom(call, bound, CLASS, ofSetting(bound, all(call)), filters, 'silent')) yield* call.emit(one)
  }),
  acting(`New-${NOUN}`, base, `Creates a transport filter. ${LIMIT}`, function* (call, bound) {
    const target = classTarget(CLASS)
    const props: { [name: string]: string | number } = { SettingName: bound.text('SettingName') ?? '' }
    if (bound.has('Protocol')) props['Protocol'] = bound.text('Protocol') ?? ''
    if (bound.has('DestinationPrefix')) props['DestinationPrefix'] = bound.text('DestinationPrefix') ?? ''
    for (const name of PORTS) if (bound.has(name)) props[name] = bound.number(name) ?? 0
    const prefix = props['DestinationPrefix'] ?? '*'
    const known = tcpSetting.named?.names.find((name) => name.toLowerCase() === String(props['SettingName']).toLowerCase())
    const sound = prefix === '*' || parseCidr(String(prefix)) !== undefined || parseCidr6(String(prefix)) !== undefined
    if (known === undefined || !sound) return call.error(systemError('The parameter is incorrect. ', 87, target))
    const item = { name: '', store: 'PersistentStore', props: { ...props, SettingName: known } } as const
    const done = netOf(call).putKept(NOUN, item)
    if (!done.ok) return call.error(refusal(done, target))
    call.warn('The transport filter is kept and listed, but connections here use one set of values.')
    yield* call.emit(filterObject({ name: String(done.value), props: item.props }))
  }),
  acting(`Remove-${NOUN}`, base, 'Removes transport filters.', function* (call, bound) {
    const own = all(call).filter((one) => property(one, 'InstanceID') !== '')
    for (const one of chosenOf(call, bound, CLASS, ofSetting(bound, own), filters, 'silent')) {
      const done = netOf(call).removeKept(NOUN, text(property(one, 'InstanceID') ?? ''), 'PersistentStore')
      if (!done.ok) call.error(refusal(done, classTarget(CLASS)))
      else if (bound.flag('PassThru')) yield* call.emit(one)
    }
  }),
]
