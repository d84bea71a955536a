import { civil, longDate } from '../../windows/calendar.ts'
import { toInteger, toNumber } from '../values/convert.ts'
import { text } from '../values/text.ts'
import { character, entryOf, isHash, isObject, kindOf, object, PsList, type PsValue, typeName } from '../values/value.ts'
import { dateFrom } from './casts.ts'
import { OperatorFault } from './operators.ts'
import { baseOf, fullType } from './types.ts'

/** `$value.name`; of a list without such a member, that of each item. */
export function member(value: PsValue, name: string): PsValue {
  const own = ownMember(value, name)
  if (own !== undefined) return own
  if (!Array.isArray(value)) return null
  const found: PsValue[] = []
  for (const item of value) {
    const one = ownMember(item, name)
    if (one === undefined || one === null) continue
    if (Array.isArray(one)) found.push(...one)
    else found.push(one)
  }
  return found.length === 0 ? null : found.length === 1 ? found[0] : found
}

export function ownMember(value: PsValue, name: string): PsValue | undefined {
  const lower = name.toLowerCase()
  if (isObject(value)) {
    const found = entryOf(value.props, name)
    if (found !== undefined) return found[1]
  }
  if (isHash(value)) {
    const found = entryOf(value.entries, name)
    if (found !== undefined) return found[1]
    if (lower === 'keys') return [...value.entries.keys()]
    if (lower === 'values') return [...value.entries.values()]
    if (lower === 'count') return value.entries.size
  }
  if (typeof value === 'string' && lower === 'length') return value.length
  if (Array.isArray(value)) return lower === 'count' || lower === 'length' ? value.length : undefined
  const kind = kindOf(value)
  if (kind === 'date') return dateMember((value as { micros: number }).micros, lower)
  if (kind === 'span') return spanMember((value as { micros: number }).micros, lower)
  if (kind === 'type') {
    const found = typeMember(text(value), lower)
    if (found !== undefined) return found
  }
  if (lower === 'psobject') return insides(value)
  if (lower === 'count' || lower === 'length') return value === null ? 0 : 1
  return undefined
}

function typeMember(name: string, member: string): PsValue | undefined {
  const full = fullType(name) ?? name
  const parts: Record<string, PsValue> = {
    name: full.replace(/\[.*\]$/, (rest) => (rest === '[]' ? rest : '`1')).replace(/^.*\./, ''),
    fullname: full,
    namespace: full.replace(/\.[^.]*$/, ''),
    basetype: { kind: 'type', name: baseOf(full) },
    isarray: full.endsWith('[]'),
    isenum: false,
    ispublic: true,
  }
  return parts[member]
}

/** `$x.PSObject`: the names and values of an object's properties as objects. */
function insides(value: PsValue): PsValue {
  const entries = isObject(value) ? [...value.props] : isHash(value) ? [...value.entries] : []
  const custom = isObject(value) && value.types[0]?.endsWith('PSCustomObject')
  const properties = entries.map(([Name, Value]) =>
    object('System.Management.Automation.PSNoteProperty', {
      MemberType: custom ? 'NoteProperty' : 'Property',
      IsSettable: true,
      IsGettable: true,
      Value,
      TypeNameOfValue: typeName(Value),
      Name,
      IsInstance: true,
    }),
  )
  return object('System.Management.Automation.PSMemberSet', {
    Properties: new PsList('System.Management.Automation.PSMemberInfoCollection', properties),
    BaseObject: value,
    TypeNames: isObject(value) ? [...value.types, 'System.Object'] : [typeName(value), 'System.Object'],
  })
}

function dateMember(micros: number, name: string): PsValue | undefined {
  const c = civil(micros)
  const parts: Record<string, PsValue> = {
    year: c.year,
    month: c.month,
    day: c.day,
    hour: c.hour,
    minute: c.minute,
    second: c.second,
    millisecond: Math.floor(c.micro / 1000),
    dayofweek: longDate(c).split(',')[0],
    dayofyear: Math.floor((micros - (dateFrom(c.year, 1, 1)?.micros ?? micros)) / 86_400_000_000) + 1,
    kind: 'Local',
    date: { kind: 'date', micros: micros - (micros % 86_400_000_000) },
    timeofday: { kind: 'span', micros: micros % 86_400_000_000 },
    ticks: micros * 10 + 621_355_968_000_000_000,
  }
  return parts[name]
}

function spanMember(micros: number, name: string): PsValue | undefined {
  const seconds = micros / 1_000_000
  const parts: Record<string, number> = {
    totalmilliseconds: micros / 1000,
    totalseconds: seconds,
    totalminutes: seconds / 60,
    totalhours: seconds / 3600,
    totaldays: seconds / 86_400,
    days: Math.trunc(seconds / 86_400),
    hours: Math.trunc(seconds / 3600) % 24,
    minutes: Math.trunc(seconds / 60) % 60,
    seconds: Math.trunc(seconds) % 60,
    milliseconds: Math.trunc(micros / 1000) % 1000,
    ticks: micros * 10,
  }
  return parts[name]
}

/** `$value[index]` */
export function at(value: PsValue, index: PsValue): PsValue {
  if (Array.isArray(index)) return index.map((one) => at(value, one))
  if (isHash(value) && value.ordered && typeof index === 'number' && entryOf(value.entries, text(index)) === undefined)
    return [...value.entries.values()].at(index) ?? null
  if (isHash(value)) return entryOf(value.entries, text(index))?.[1] ?? null
  if (value === null) throw new OperatorFault('Cannot index into a null array.', 'NullArray')
  const n = toNumber(index)
  if (Array.isArray(value) && n === undefined && value instanceof PsList) {
    // Groups of a match are found by their names, too.
    const named = value.find(
      (one) => isObject(one) && text(one.props.get('Name') ?? null).toLowerCase() === text(index).toLowerCase(),
    )
    return named ?? null
  }
  const list = typeof value === 'string' ? [...value].map(character) : Array.isArray(value) ? value : undefined
  if (list === undefined) {
    if (isObject(value) && n === 0) return value
    throw new OperatorFault(`Unable to index into an object of type ${typeName(value)}.`, 'CannotIndex')
  }
  if (n === undefined)
    throw new OperatorFault(
      `Cannot convert value "${text(index)}" to type "System.Int32". Error: "Input string was not in a correct format."`,
      'InvalidCastFromStringToInteger',
    )
  return list[n < 0 ? list.length + n : toInteger(n)] ?? null
}
