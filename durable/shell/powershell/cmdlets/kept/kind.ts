// Objects that Windows keeps by name for people (engine/machine/windows/kept-calls.ts) as the cmdlets show, choose and change them.
import type { KeptItem } from '../../../../engine/machine/windows/kept-calls.ts'
import type { Json } from '../../../../engine/sim/json.ts'
import type { Bound, Call } from '../../cmdlet.ts'
import { text } from '../../values/text.ts'
import { isObject, type PsObject, type PsValue, property } from '../../values/value.ts'
import { chooseFrom, cim, classTarget, refusal, systemError } from '../cim.ts'
import { inStore, STORE_SOURCES, STORE_TYPES, storeNamed, storeOf } from '../policy-store.ts'
import { netOf } from '../windows-net.ts'

export type Shape = 'word' | 'list' | 'number' | 'bool' | 'profile' | 'proposals'

/** A parameter whose value is kept. `hidden`: shown by other objects (the filters of a rule), not by this one. */
export type Field = { readonly name: string; readonly usual: Json; readonly shape: Shape; readonly hidden?: true }

export type Kind = {
  /** `NetIPsecRule`: also the key that it is kept under. */
  readonly noun: string
  readonly className: string
  readonly module: string
  /** In words, for Get-Help: `IPsec rule`. */
  readonly thing: string
  /** Said in Get-Help of the cmdlets that change it. */
  readonly limit: string
  /** The parameter and property that name one. */
  readonly id: string
  /** It has DisplayName, Description and Group, and stands in a policy store. */
  readonly policy: boolean
  readonly fields: readonly Field[]
  /** Said as a warning when one is made or enabled: what nobody would see otherwise. */
  readonly warning?: string
  /** Those that stand there before anybody sets anything. */
  readonly preset?: (call: Call) => readonly KeptItem[]
  /** What holds where nothing is configured: shown of the active store. */
  readonly active?: Readonly<Record<string, Json>>
  /** Why it cannot be; undefined: it can. */
  readonly fault?: (props: KeptItem['props'], call: Call) => string | undefined
  /** Parameters that choose by another object: which ones it means. */
  readonly associated?: Readonly<Record<string, (given: PsValue, call: Call) => (item: KeptItem) => boolean>>
  /** The CIM class of what such parameters take. */
  readonly classes?: Readonly<Record<string, string>>
  /** More properties, computed. */
  readonly more?: (item: KeptItem, call: Call) => Record<string, PsValue>
}

const TITLES = ['DisplayName', 'Description', 'Group'] as const

const toValue = (value: Json | undefined): PsValue => {
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) return value.map((one) => toValue(one as Json))
  if (typeof value !== 'object') return value
  const { class: className, ...props } = value as { readonly class?: Json } & { readonly [name: string]: Json }
  const shown = Object.fromEntries(Object.entries(props).map(([name, one]) => [name, toValue(one)]))
  return cim(String(className), shown)
}

/** Plain data of an object that lies inside another one. */
function toJson(value: PsValue): Json {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(toJson)
  if (!isObject(value)) return text(value)
  const props = Object.fromEntries([...value.props].map(([name, one]) => [name, toJson(one)]))
  return { class: (value.types[0] ?? '').replace(/^.*\//, ''), ...props }
}

export function keptObject(call: Call, kind: Kind, item: KeptItem): PsObject {
  const { props } = item
  const word = (name: string): PsValue => toValue(props[name]) ?? ''
  const shown: Record<string, PsValue> = { [kind.id]: item.name }
  if (kind.policy)
    Object.assign(shown, {
      DisplayName: word('DisplayName'),
      Description: word('Description'),
      DisplayGroup: word('Group'),
      Group: word('Group'),
    })
  for (const { name, usual, hidden } of kind.fields) if (hidden !== true) shown[name] = toValue(props[name] ?? usual)
  Object.assign(shown, kind.more?.(item, call))
  if (kind.policy)
    Object.assign(shown, {
      PrimaryStatus: shown['PrimaryStatus'] ?? 'OK',
      Status: shown['Status'] ?? 'The rule was parsed successfully from the store. (65536)',
      EnforcementStatus: 'NotApplicable',
      PolicyStoreSource: STORE_SOURCES[item.store],
      PolicyStoreSourceType: STORE_TYPES[item.store],
      InstanceID: item.name,
      ElementName: word('DisplayName'),
    })
  return cim(kind.className, shown, kind.policy ? text(word('DisplayName')) : item.name)
}

/** Those of the line; undefined: what one says is told to be wrong. */
export function fieldsGiven(_call: Call, bound: Bound, kind: Kind): { [name: string]: Json } | undefined {
  const given: { [name: string]: Json } = {}
  if (kind.policy) for (const name of TITLES) if (bound.has(name)) given[name] = bound.text(name) ?? ''
  for (const { name, shape } of kind.fields) if (bound.has(name)) given[name] = valueGiven(bound, name, shape)
  return given
}

function valueGiven(bound: Bound, name: string, shape: Shape): Json {
  switch (shape) {
    case 'bool':
      return bound.flag(name)
    case 'number':
      return bound.number(name) ?? 0
    case 'list': {
      const parts = bound.texts(name).flatMap((one) => one.split(',').map((part) => part.trim()))
      return parts.some((one) => /^(any|\*)$/i.test(one)) ? ['Any'] : parts
    }
    case 'proposals':
      return bound.list(name).map(toJson)
    case 'profile':
    case 'word':
      return bound.text(name) ?? ''
    default:
      return shape satisfies never
  }
}

export const targetOf = ({ className }: Kind): string => classTarget(className)

/** False: an error was told. */
export function put(call: Call, kind: Kind, item: KeptItem): KeptItem | undefined {
  const fault = kind.fault?.(item.props, call)
  if (fault !== undefined) {
    call.error(systemError(`${fault} `, 87, targetOf(kind)))
    return undefined
  }
  const done = netOf(call).putKept(kind.noun, item)
  if (done.ok) return { ...item, name: typeof done.value === 'string' ? done.value : item.name }
  call.error(refusal(done, targetOf(kind)))
  return undefined
}

/** What only filters, besides the fields. */
const STATUS = [
  'DisplayGroup',
  'PolicyStoreSource',
  'PolicyStoreSourceType',
  'PrimaryStatus',
  'Status',
  'EnforcementStatus',
] as const

/** Those that are kept, and those that stand there anyhow. */
export function itemsOf(call: Call, kind: Kind): readonly KeptItem[] {
  const kept = netOf(call).keptItems(kind.noun)
  const preset = kind.preset?.(call).filter(({ name }) => !kept.some((one) => one.name.toLowerCase() === name.toLowerCase()))
  return preset === undefined ? kept : [...preset, ...kept]
}

/** As it holds in the end, when the line asks for the active store. */
export function asAsked(call: Call, bound: Bound, kind: Kind, item: KeptItem): KeptItem {
  const store = kind.active && bound.text('PolicyStore')
  if (store === undefined || storeNamed(call, 'PolicyStore', store) !== 'ActiveStore') return item
  const said = Object.entries(item.props).filter(([, value]) => value !== 'NotConfigured')
  return { ...item, props: { ...kind.active, ...Object.fromEntries(said) } }
}

/** Which ones a line means. `fields`: what it says of fields chooses, too; for Set- it says what they are to be. */
export function chosenItems(call: Call, bound: Bound, kind: Kind, fields: boolean): KeptItem[] {
  const all = itemsOf(call, kind)
  if (bound.has('InputObject')) {
    const given = bound.list('InputObject').filter(isObject)
    return given.flatMap((one) => {
      const name = text(property(one, kind.id) ?? '').toLowerCase()
      return all.filter((item) => item.name.toLowerCase() === name && (!kind.policy || item.store === storeOf(one)))
    })
  }
  let items = kind.policy ? inStore(call, bound, all) : [...all]
  for (const [parameter, means] of Object.entries(kind.associated ?? {}))
    if (bound.has(parameter)) items = items.filter(means(bound.get(parameter) ?? null, call))
  const objects = items.map((item) => keptObject(call, kind, item))
  const named = kind.policy ? [kind.id, 'DisplayName'] : [kind.id]
  const filters = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, name]))
  const found = chooseFrom(call, bound, kind.className, objects, filters(named), 'key')
  const titles = kind.policy ? ['Group', ...STATUS] : []
  const more = fields
    ? [...titles, ...(kind.policy ? ['Description'] : []), ...kind.fields.map(({ name }) => name)]
    : titles.filter((name) => /Group$/.test(name))
  const left = new Set(chooseFrom(call, bound, kind.className, found, filters(more), 'silent'))
  return items.filter((_, at) => left.has(objects[at] as PsObject))
}
