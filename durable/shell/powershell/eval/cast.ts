// `[type]value`: conversions, with the texts of Windows PowerShell 5.1.
import { regex as compile } from '../../windows/regex/regex.ts'
import { numberLiteral, toInteger, toNumber, truth } from '../values/convert.ts'
import { text } from '../values/text.ts'
import { CUSTOM, character, isHash, isObject, kindOf, object, PsList, type PsValue, typeName, version } from '../values/value.ts'
import { WHOLE_NUMBERS, type WholeNumber } from '../values/whole-numbers.ts'
import { addressOf, dateOf, spanOf } from './casts.ts'
import { OperatorFault } from './operators.ts'
import { fullType } from './types.ts'

const bad = (value: PsValue, type: string, reason: string, id: string): OperatorFault =>
  new OperatorFault(`Cannot convert value "${text(value)}" to type "${type}". Error: "${reason}"`, id, {
    category: 'InvalidArgument',
  })

const impossible = (value: PsValue, type: string): OperatorFault =>
  new OperatorFault(
    `Cannot convert the "${text(value)}" value of type "${typeName(value)}" to type "${type}".`,
    'ConvertToFinalInvalidCastException',
    { category: 'InvalidArgument' },
  )

const isChar = (value: PsValue): boolean => isObject(value) && value.types[0] === 'System.Char'

function numberOf(value: PsValue, type: string): number {
  if (isChar(value)) return text(value).charCodeAt(0)
  if (Array.isArray(value) && value.length !== 1) throw impossible(value, type)
  if (isHash(value) || kindOf(value) === 'script' || (isObject(value) && value.text === undefined)) throw impossible(value, type)
  const n =
    typeof value === 'string'
      ? value.trim() === ''
        ? 0
        : numberLiteral(value.trim().replace(/,(?=\d{3})/g, ''))
      : toNumber(value)
  if (n !== undefined) return n
  throw bad(value, type, 'Input string was not in a correct format.', 'InvalidCastFromStringToInteger')
}

function whole(value: PsValue, type: string, { low, high, called }: WholeNumber): number {
  const n = toInteger(numberOf(value, type))
  if (n >= low && n <= high) return n
  throw bad(value, type, `Value was either too large or too small for ${called}.`, 'InvalidCastIConvertible')
}

/** `[type]value`; undefined when the type is not simulated. */
export function cast(name: string, value: PsValue): PsValue | undefined {
  const full = fullType(name) ?? name
  const array = /^(.*)\[,*\]$/.exec(full)
  if (array !== null) {
    const items = value === null ? [] : Array.isArray(value) ? value : [value]
    if (/^system\.object$/i.test(array[1] as string)) return [...items]
    const made =
      typeof value === 'string' && array[1] === 'System.Char'
        ? [...value].map(character)
        : items.map((item) => cast(array[1] as string, item))
    return made.some((item) => item === undefined) ? undefined : (made as PsValue[])
  }
  const limits = WHOLE_NUMBERS[full.replace(/^System\./, '')]
  if (limits !== undefined) return whole(value, full, limits)
  switch (full) {
    case 'System.String':
      return text(value)
    case 'System.Double':
    case 'System.Single':
    case 'System.Decimal':
    case 'System.Numerics.BigInteger':
      return numberOf(value, full)
    case 'System.Boolean':
    case 'System.Management.Automation.SwitchParameter':
      return truth(value)
    case 'System.Array':
      return Array.isArray(value) ? value : [value]
    case 'System.Char': {
      if (typeof value === 'number') return character(String.fromCharCode(value))
      const given = text(value)
      if (given.length === 1) return character(given)
      throw bad(value, full, 'String must be exactly one character long.', 'InvalidCastParseTargetInvocation')
    }
    case 'System.Net.IPAddress':
      return addressOf(value) ?? refused(value, full, 'An invalid IP address was specified.')
    case 'System.DateTime':
      return dateOf(value) ?? refused(value, full, 'String was not recognized as a valid DateTime.')
    case 'System.TimeSpan':
      return spanOf(value) ?? refused(value, full, 'String was not recognized as a valid TimeSpan.')
    case 'System.Version':
      return version(text(value)) ?? refused(value, full, 'Version string portion was too short or too long.')
    case 'System.Guid':
      return (
        guidOf(value) ??
        refused(value, full, 'Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).')
      )
    case 'System.Uri':
      return uriOf(text(value))
    case 'System.Text.RegularExpressions.Regex': {
      compile(text(value), false)
      return object(full, { Options: 'None', RightToLeft: false }, text(value))
    }
    case 'System.Net.NetworkInformation.PhysicalAddress':
      return object(full, {}, text(value).replace(/[-:]/g, '').toUpperCase())
    case 'System.Type':
      return kindOf(value) === 'type' ? value : { kind: 'type', name: text(value) }
    case 'System.Void':
      return null
    case 'System.Object':
    case 'System.Management.Automation.ScriptBlock':
    case 'System.Collections.Hashtable':
    case 'System.Management.Automation.PSVariable':
    case 'System.Management.Automation.PSCredential':
    case 'Microsoft.Management.Infrastructure.CimInstance':
      return isObject(value) && full === 'System.Collections.Hashtable'
        ? { kind: 'hash', entries: new Map(value.props), ordered: false }
        : value
    case 'System.Management.Automation.PSCustomObject':
    case 'System.Management.Automation.PSObject':
      return isHash(value) ? { kind: 'object', types: [CUSTOM], props: new Map(value.entries) } : value
    case 'System.Collections.Specialized.OrderedDictionary':
      return isHash(value) ? { ...value, ordered: true } : value
    case 'System.Collections.ArrayList':
      return new PsList(full, value === null ? [] : Array.isArray(value) ? value : [value])
    default:
      return /^System\.Collections\.Generic\.List\[/.test(full)
        ? new PsList(full, value === null ? [] : Array.isArray(value) ? value : [value])
        : undefined
  }
}

function refused(value: PsValue, type: string, reason: string): never {
  throw bad(value, type, reason, 'InvalidCastParseTargetInvocation')
}

function guidOf(value: PsValue): PsValue | undefined {
  const hex = text(value)
    .replace(/[{}()-]/g, '')
    .toLowerCase()
  if (!/^[0-9a-f]{32}$/.test(hex)) return undefined
  const words = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  return object('System.Guid', { Guid: words }, words)
}

function uriOf(written: string): PsValue {
  const m = /^(\w+):\/\/([^/:?#]*)(?::(\d+))?([^?#]*)(\?[^#]*)?/.exec(written)
  const usual: Readonly<Record<string, number>> = { http: 80, https: 443, ftp: 21 }
  return object(
    'System.Uri',
    {
      AbsolutePath: m?.[4] || '/',
      AbsoluteUri: written,
      Host: m?.[2] ?? '',
      Port: Number(m?.[3] ?? usual[m?.[1] ?? ''] ?? -1),
      Scheme: m?.[1] ?? '',
      Query: m?.[5] ?? '',
      OriginalString: written,
    },
    written,
  )
}

/** `-as`: the value or nothing. */
export function castOrNull(name: string, value: PsValue): PsValue {
  try {
    return cast(name, value) ?? null
  } catch (error) {
    if (error instanceof OperatorFault) return null
    throw error
  }
}
