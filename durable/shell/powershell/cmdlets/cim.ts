// What the CIM cmdlets (Net*, DnsClient) share.
import type { Outcome } from '../../../engine/machine/kernel.ts'
import type { Gen } from '../../windows/program.ts'
import { hasWildcard, wildcard } from '../../windows/regex/wildcard.ts'
import type { Bound, Call, Fault } from '../cmdlet.ts'
import { NotSimulated } from '../errors.ts'
import { text } from '../values/text.ts'
import { isObject, object, type PsObject, type PsValue, property } from '../values/value.ts'

export const cim = (className: string, props: Record<string, PsValue>, words?: string): PsObject =>
  object(`Microsoft.Management.Infrastructure.CimInstance#ROOT/StandardCimv2/${className}`, props, words ?? className)

export const INFINITE = 'Infinite ([TimeSpan]::MaxValue)'

/** Which property each parameter filters by. */
export type Filters = Readonly<Record<string, string>>

const fault = (message: string, id: string, target: string): Fault => ({
  message,
  category: 'ObjectNotFound',
  target,
  exception: 'CimJobException',
  id,
})

/** Puts out what passes every filter given. `key`: a plain value without a match is told for itself; else one query is told. */
export function* select(
  call: Call,
  bound: Bound,
  className: string,
  items: readonly PsObject[],
  filters: Filters,
  style: 'key' | 'query',
): Gen {
  const chosen = chooseFrom(call, bound, className, items, filters, style)
  for (const item of chosen) yield* call.emit(item)
}

export function chooseFrom(
  call: Call,
  bound: Bound,
  className: string,
  items: readonly PsObject[],
  filters: Filters,
  style: 'key' | 'query' | 'silent',
): PsObject[] {
  let chosen = [...items]
  const asked: [name: string, values: readonly string[], numeric: boolean][] = []
  for (const [parameter, name] of Object.entries(filters)) {
    if (!bound.has(parameter)) continue
    const values = bound.texts(parameter)
    const tests = values.map((value) => wildcard(value))
    if (style === 'key') {
      for (const [i, value] of values.entries()) {
        if (hasWildcard(value) || items.some((item) => tests[i](text(property(item, name) ?? null)))) continue
        call.error(
          fault(
            `No ${className} objects found with property '${name}' equal to '${value}'.  Verify the value of the property and retry.`,
            `CmdletizationQuery_NotFound_${name}`,
            `${value}:${typeof bound.list(parameter)[i] === 'number' ? 'UInt32' : 'String'}`,
          ),
        )
      }
    }
    asked.push([name, values, typeof bound.list(parameter)[0] === 'number'])
    chosen = chosen.filter((item) => tests.some((test) => test(text(property(item, name) ?? null))))
  }
  if (style === 'query' && chosen.length === 0 && asked.length > 0 && !asked.some(([, values]) => values.some(hasWildcard))) {
    const where = asked
      .map(
        ([name, values, numeric]) =>
          `(${values.map((value) => (numeric ? `(${name} = ${value})` : `(${name} LIKE '${value}')`)).join(' OR ')})`,
      )
      .join(' AND ')
    call.error(
      fault(
        `No matching ${className} objects found by CIM query for instances of the ROOT/StandardCimv2/${className} class on the  CIM server: SELECT * FROM ${className}  WHERE ${where}. Verify query parameters and retry.`,
        'CmdletizationQuery_NotFound',
        `${className}:String`,
      ),
    )
  }
  return chosen
}

export const systemError = (message: string, code: number, target = ''): Fault => ({
  message,
  category: code === 5 ? 'PermissionDenied' : code === 87 ? 'InvalidArgument' : 'NotSpecified',
  target,
  exception: 'CimException',
  id: `Windows System Error ${code}`,
})

/** `MSFT_NetRoute:root/standardcimv2/MSFT_NetRoute`, as errors name a class. */
export const classTarget = (className: string): string => `${className}:root/standardcimv2/${className}`

type Words = { readonly [error: string]: readonly [message: string, code: number] }

const WORDS: Words = {
  'access-denied': ['Access is denied. ', 5],
  exists: ['Cannot create a file when that file already exists. ', 183],
  'in-use': ['The process cannot access the file because it is being used by another process. ', 32],
  'not-found': ['The system cannot find the file specified. ', 2],
  exhausted: ['Not enough storage is available to process this command. ', 8],
}
/** How TCP/IP says some of them. */
export const IP_WORDS: Words = { exists: ['The object already exists. ', 5010], 'not-found': ['Element not found. ', 1168] }

/** Why a system call did not do it, as a CIM cmdlet tells it; what is not among the words is a wrong parameter, and what is not simulated ends the statement. */
export function refusal(done: Outcome & { ok: false }, target: string, words: Words = {}): Fault {
  if (done.error === 'not-simulated') throw new NotSimulated(done.detail ?? 'This is real, but it is not simulated here yet.')
  const [message, code] = words[done.error] ?? WORDS[done.error] ?? ['The parameter is incorrect. ', 87]
  return systemError(message, code, target)
}

/** The objects that a changing cmdlet means: of the pipeline, else what its filters choose. `key`: given ones are looked up again. */
export function chosenOf(
  call: Call,
  bound: Bound,
  className: string,
  items: readonly PsObject[],
  filters: Filters,
  style: 'key' | 'query' | 'silent',
  key: readonly string[] = [],
): PsObject[] {
  if (!bound.has('InputObject')) return chooseFrom(call, bound, className, items, filters, style)
  const given = bound.list('InputObject').filter(isObject)
  if (key.length === 0) return given
  const keyOf = (one: PsValue): string => key.map((name) => text(property(one, name) ?? null)).join(' ')
  const wanted = new Set(given.map(keyOf))
  return items.filter((one) => wanted.has(keyOf(one)))
}

/** Says which parameters of the line only change what is shown: nobody would see otherwise that no frame heeds them. */
export function warnKept(call: Call, bound: Bound, names: readonly string[]): void {
  const given = names.filter((name) => bound.has(name))
  if (given.length > 0) call.warn(`Kept and shown, but without effect on any frame here: ${given.join(', ')}.`)
}

/** Those of the IP interface that `-AssociatedIPInterface` brings. */
export function ofInterface(bound: Bound, items: readonly PsObject[]): readonly PsObject[] {
  const on = bound.get('AssociatedIPInterface')
  if (on === undefined) return items
  const key = (one: PsValue): string =>
    `${text(property(one, 'ifIndex') ?? null)} ${text(property(one, 'AddressFamily') ?? null)}`
  const wanted = key(on)
  return items.filter((one) => key(one) === wanted)
}
