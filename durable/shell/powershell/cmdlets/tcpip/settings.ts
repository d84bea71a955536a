// Get- and Set- of what TCP/IP is told of itself (setting-tables.ts), and what of it can only be looked at.
import type { Json } from '../../../../engine/sim/json.ts'
import { type Bound, type Call, type Cmdlet, cmdlet } from '../../cmdlet.ts'
import { spanOf } from '../../eval/casts.ts'
import { toNumber } from '../../values/convert.ts'
import { text } from '../../values/text.ts'
import { kindOf, type PsObject, type PsSpan, type PsValue, property } from '../../values/value.ts'
import { chooseFrom, chosenOf, cim, classTarget, refusal, systemError, warnKept } from '../cim.ts'
import { acting } from '../kept/verbs.ts'
import { netOf } from '../windows-net.ts'
import { SETTING_TABLES, type SettingField, type SettingTable, tcpSetting } from './setting-tables.ts'

const NetTcpip = { module: 'NetTCPIP' } as const
/** The one instance of a table without names. */
const ONLY = 'global'

const keptValues = (call: Call, { noun }: SettingTable, instance: string): { readonly [name: string]: Json } =>
  netOf(call)
    .keptItems(noun)
    .find(({ name }) => name === instance)?.props ?? {}

/** Lengths of time are kept in microseconds. */
const shown = (kept: Json | undefined, usual: PsValue): PsValue => {
  if (kept === undefined || kept === null) return usual
  return isSpan(usual) ? { kind: 'span', micros: Number(kept) } : (kept as PsValue)
}

export function settingObjects(call: Call, table: SettingTable): PsObject[] {
  const { named, fields, blank, className } = table
  return (named?.names ?? [ONLY]).map((instance) => {
    const kept = keptValues(call, table, instance)
    const values = Object.fromEntries(
      fields.map(({ name, usual }): [string, PsValue] => [name, instance === blank ? null : shown(kept[name], usual(instance))]),
    )
    if (instance !== blank) Object.assign(values, table.live?.(call))
    return cim(className, { ...(named === undefined ? {} : { [named.property]: instance }), ...values })
  })
}

const names = (table: SettingTable, extra: readonly string[] = []): Record<string, string> =>
  Object.fromEntries(
    [...extra, ...(table.named === undefined ? [] : [table.named.property]), ...table.fields.map(({ name }) => name)].map(
      (name) => [name, name],
    ),
  )

/** Settings that a filter of connections names. */
function ofFilter(bound: Bound, all: readonly PsObject[]): readonly PsObject[] {
  const filter = bound.get('AssociatedTransportFilter')
  if (filter === undefined) return all
  const name = text(property(filter, 'SettingName') ?? '')
  return all.filter((one) => text(property(one, 'SettingName') ?? '') === name)
}

const getter = (table: SettingTable): Cmdlet =>
  acting(
    `Get-${table.noun}`,
    { ...NetTcpip, classes: { AssociatedTransportFilter: 'MSFT_NetTransportFilter' } },
    `Gets ${table.synopsis}.`,
    function* (call, bound) {
      const all = ofFilter(bound, settingObjects(call, table))
      const key = table.named === undefined ? {} : { [table.named.property]: table.named.property }
      const found = chooseFrom(call, bound, table.className, all, key, 'key')
      const { [table.named?.property ?? '']: _, ...more } = names(table)
      for (const one of chooseFrom(call, bound, table.className, found, more, 'silent')) yield* call.emit(one)
    },
  )

/** Undefined: it is out of its range. */
function given(bound: Bound, { name, usual, range }: SettingField): Json | undefined {
  if (range !== undefined) {
    const value = bound.number(name) ?? -1
    return value >= range[0] && value <= range[1] ? value : undefined
  }
  if (!isSpan(usual(''))) return bound.text(name) ?? ''
  const value = spanOf(bound.get(name) ?? null)
  return value !== undefined && isSpan(value) ? value.micros : undefined
}

const isSpan = (value: PsValue): value is PsSpan => kindOf(value) === 'span'

const setter = (table: SettingTable): Cmdlet =>
  acting(`Set-${table.noun}`, { ...NetTcpip, className: table.className }, `Sets ${table.synopsis}.`, function* (call, bound) {
    const target = classTarget(table.className)
    const change: { [name: string]: Json } = {}
    const fields = table.fields.filter(({ name, fixed }) => fixed !== true && bound.has(name))
    for (const field of fields) {
      const value = given(bound, field)
      if (value === undefined) return call.error(systemError('The parameter is incorrect. ', 87, target))
      change[field.name] = value
    }
    const filter = table.named === undefined ? {} : { [table.named.property]: table.named.property }
    const chosen = chosenOf(call, bound, table.className, settingObjects(call, table), filter, 'key')
    const live = table.live === undefined ? true : setPorts(call, table, change)
    if (!live) return call.error(systemError('The parameter is incorrect. ', 87, target))
    if (chosen.length > 0)
      warnKept(
        call,
        bound,
        fields.filter(({ heeded }) => heeded !== true).map(({ name }) => name),
      )
    for (const one of chosen) {
      const instance = table.named === undefined ? ONLY : text(property(one, table.named.property) ?? '')
      const props = { ...keptValues(call, table, instance), ...change }
      const done = netOf(call).putKept(table.noun, { name: instance, store: 'PersistentStore', props })
      if (!done.ok) call.error(refusal(done, target))
      else if (bound.flag('PassThru'))
        for (const now of settingObjects(call, table))
          if (table.named === undefined || property(now, table.named.property) === instance) yield* call.emit(now)
    }
  })

/** The ports that the computer itself chooses from are one range for all templates. */
function setPorts(call: Call, table: SettingTable, change: { [name: string]: Json }): boolean {
  const protocol = table === tcpSetting ? 'tcp' : 'udp'
  const [first, count] = netOf(call).dynamicPorts(protocol)
  const { DynamicPortRangeStartPort: start, DynamicPortRangeNumberOfPorts: number } = change
  delete change['DynamicPortRangeStartPort']
  delete change['DynamicPortRangeNumberOfPorts']
  if (start === undefined && number === undefined) return true
  return netOf(call).setDynamicPorts(
    protocol,
    toNumber((start ?? first) as PsValue) ?? 0,
    toNumber((number ?? count) as PsValue) ?? 0,
  ).ok
}

const policies: readonly (readonly [prefix: string, precedence: number, label: number])[] = [
  ['3ffe::/16', 1, 12],
  ['fec0::/10', 1, 11],
  ['::/96', 1, 3],
  ['fc00::/7', 3, 13],
  ['2001::/32', 5, 5],
  ['2002::/16', 30, 2],
  ['::ffff:0:0/96', 35, 4],
  ['::/0', 40, 1],
  ['::1/128', 50, 0],
]

const listing = (noun: string, synopsis: string, by: readonly string[], all: () => readonly Record<string, PsValue>[]): Cmdlet =>
  cmdlet({ ...NetTcpip, name: `Get-${noun}`, synopsis, supports: by }, function* (call, bound) {
    const objects = all().map((props) => cim(`MSFT_${noun}`, props))
    const filters = Object.fromEntries(by.map((name) => [name, name]))
    for (const one of chooseFrom(call, bound, `MSFT_${noun}`, objects, filters, 'key')) yield* call.emit(one)
  })

export const tcpipSettingCmdlets: readonly Cmdlet[] = [
  ...SETTING_TABLES.map(getter),
  ...SETTING_TABLES.map(setter),
  listing('NetPrefixPolicy', 'Gets the prefix policies of IPv6.', ['Prefix', 'Precedence', 'Label'], () =>
    policies.map(([Prefix, Precedence, Label]) => ({ Prefix, Precedence, Label })),
  ),
  listing('NetCompartment', 'Gets the network compartments.', ['CompartmentId'], () => [
    {
      CompartmentId: 1,
      CompartmentDescription: 'Default Compartment',
      CompartmentGuid: '{b1062982-2b18-4b4f-b3d5-a78ddb9cdd49}',
    },
  ]),
]
