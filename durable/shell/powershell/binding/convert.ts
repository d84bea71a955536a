import { numberLiteral, toInteger, toNumber, truth } from '../values/convert.ts'
import { text } from '../values/text.ts'
import { isObject, kindOf, type PsValue, shortType } from '../values/value.ts'
import { WHOLE_NUMBERS } from '../values/whole-numbers.ts'
import type { Parameter } from './signature.ts'

const integers = new Set(['Int32', 'Int64', 'UInt16', 'UInt32', 'UInt64', 'Int16', 'Byte', 'Nullable'])
const texts = new Set(['String', 'Guid', 'TimeSpan', 'DateTime', 'IPAddress', 'CultureInfo', 'Uri'])
/** Parameter types that only an object of that type can fill. */
const objects = /^(VM|Virtual|Cim|PSObject|Hns|MSFT_|ServiceController$|Process$|PSSession$)/

export type Conversion = { readonly ok: true; readonly value: PsValue } | { readonly ok: false; readonly message: string }

const done = (value: PsValue): Conversion => ({ ok: true, value })

/** How well a value suits a parameter: 2 as it is, 1 after conversion, 0 not at all. */
export function suits(parameter: Parameter, value: PsValue, wanted: string | undefined): 0 | 1 | 2 {
  const items = Array.isArray(value) ? value : [value]
  if (Array.isArray(value) && !parameter.array && parameter.type !== 'Object' && parameter.type !== 'PSObject') return 0
  const { type } = parameter
  if (type === 'Object' || type === 'PSObject') return 2
  let best: 0 | 1 | 2 = 2
  for (const item of items) {
    let one: 0 | 1 | 2
    if (isObject(item)) one = matchesType(item, wanted ?? type) ? 2 : takesObjects(parameter) ? 0 : 1
    else if (type === 'ScriptBlock') one = kindOf(item) === 'script' ? 2 : 0
    else if (takesObjects(parameter)) one = 0
    else if (type === 'String') one = typeof item === 'string' ? 2 : 1
    else one = convertOne(parameter, item).ok ? (typeof item === 'string' ? 1 : 2) : 0
    if (one < best) best = one
  }
  return best
}

export const takesObjects = (parameter: Parameter): boolean =>
  objects.test(parameter.type) && parameter.accepted.length === 0 && !/Type$|State$/.test(parameter.type)

const matchesType = (value: PsValue, wanted: string): boolean =>
  isObject(value) &&
  (value.types.some((name) => name.replace(/^.*[./#]/, '') === wanted) ||
    (wanted === 'CimInstance' && value.types[0].includes('CimInstance')))

export function convert(parameter: Parameter, value: PsValue): Conversion {
  if (parameter.type === 'Object' || parameter.type === 'PSObject') return done(value)
  if (Array.isArray(value) && !parameter.array) {
    if (parameter.type === 'String')
      return {
        ok: false,
        message: `Cannot convert 'System.Object[]' to the type 'System.String' required by parameter '${parameter.name}'. Specified method is not supported.`,
      }
    if (value.length === 1) return convertOne(parameter, value[0])
    if (FLAGS.has(parameter.type)) return combined(parameter, value)
    return {
      ok: false,
      message: `Cannot convert 'System.Object[]' to the type 'System.${parameter.type}' required by parameter '${parameter.name}'. Specified method is not supported.`,
    }
  }
  if (!parameter.array) return convertOne(parameter, value)
  const out: PsValue[] = []
  for (const item of Array.isArray(value) ? value : [value]) {
    const one = convertOne(parameter, item)
    if (!one.ok) return one
    out.push(one.value)
  }
  return done(out)
}

/** Enumerations of bits: several words are one value, `AH, ESP`. */
const FLAGS = new Set(['Profile', 'Profiles', 'IPsecEncapsulation', 'DospKeyModules', 'DospFlags', 'TrafficExemption'])

function combined(parameter: Parameter, values: readonly PsValue[]): Conversion {
  const words: string[] = []
  for (const value of values) {
    const one = convertOne(parameter, value)
    if (!one.ok) return one
    words.push(text(one.value))
  }
  return done(words.join(', '))
}

function convertOne(parameter: Parameter, value: PsValue): Conversion {
  const { type, name } = parameter
  const refuse = (full: string): Conversion => ({
    ok: false,
    message: `Cannot convert value "${text(value)}" to type "System.${full}". Error: "Input string was not in a correct format."`,
  })
  if (parameter.flag) return done(truth(value))
  if (parameter.accepted.length > 0) return accepted(parameter, value)
  if (integers.has(type)) {
    const n = toNumber(value)
    if (n === undefined) return refuse(type)
    const whole = toInteger(n)
    const { low, high } = WHOLE_NUMBERS[type] ?? { low: -9e15, high: 9e15 }
    if (whole < low || whole > high)
      return {
        ok: false,
        message: `Cannot convert value "${text(value)}" to type "System.${type}". Error: "Value was either too large or too small for a ${type}."`,
      }
    return done(whole)
  }
  if (type === 'Boolean') {
    if (typeof value === 'boolean') return done(value)
    if (typeof value === 'number') return done(value !== 0)
    return {
      ok: false,
      message: `Cannot convert value "${text(value)}" to type "System.Boolean". Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0.`,
    }
  }
  if (type === 'Double') {
    const n = typeof value === 'string' ? numberLiteral(value) : toNumber(value)
    return n === undefined ? refuse(type) : done(n)
  }
  if (type === 'ScriptBlock') {
    return kindOf(value) === 'script'
      ? done(value)
      : {
          ok: false,
          message: `Cannot convert the "${text(value)}" value of type "System.String" to type "System.Management.Automation.ScriptBlock".`,
        }
  }
  if (texts.has(type)) return done(kindOf(value) === 'span' || kindOf(value) === 'date' ? value : text(value))
  // The name of a computer stands for a session to it.
  if (type === 'CimSession' && (value === null || typeof value === 'string')) return done(value)
  if (takesObjects(parameter) && !isObject(value)) {
    return {
      ok: false,
      message: `Cannot bind parameter '${name}'. Cannot convert the "${text(value)}" value of type "${value === null ? 'null' : typeof value === 'string' ? 'System.String' : shortType(value)}" to type "${type}".`,
    }
  }
  return done(value)
}

/** Accepted words are matched without regard to case, and enumerations also by a unique beginning. */
function accepted(parameter: Parameter, value: PsValue): Conversion {
  const given = text(value)
  if (typeof value === 'number' && parameter.accepted[0] === 'SilentlyContinue' && value in parameter.accepted)
    return done(parameter.accepted[value] as string)
  const lower = given.toLowerCase()
  const exact = parameter.accepted.find((word) => word.toLowerCase() === lower)
  if (exact !== undefined) return done(exact)
  const starts =
    parameter.type === 'String' ? [] : parameter.accepted.filter((word) => word.toLowerCase().startsWith(lower) && lower !== '')
  if (starts.length === 1) return done(starts[0])
  if (parameter.type === 'String' || parameter.name === 'SwitchType') {
    return {
      ok: false,
      message: `Cannot validate argument on parameter '${parameter.name}'. The argument "${given}" does not belong to the set "${parameter.accepted.join(',')}" specified by the ValidateSet attribute. Supply an argument that is in the set and then try the command again.`,
    }
  }
  return {
    ok: false,
    message: `Cannot bind parameter '${parameter.name}'. Cannot convert value "${given}" to type "${parameter.type}". Error: "Unable to match the identifier name ${given} to a valid enumerator name. Specify one of the following enumerator names and try again: ${parameter.accepted.join(', ')}"`,
  }
}
