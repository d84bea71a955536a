// What the CIM cmdlets (Net*, DnsClient) share.
import type { Gen } from '../../windows/program.ts'
import { hasWildcard, wildcard } from '../../windows/regex/wildcard.ts'
import type { Bound, Call, Fault } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { object, type PsObject, type PsValue, property } from '../values/value.ts'

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

/** The question is asked before the cmdlet runs (`eval/should.ts`): there is nothing left to refuse. */
export function unconfirmed(call: Call, bound: Bound, command: string): void {
  void [call, bound, command]
}

export const systemError = (message: string, code: number, target = ''): Fault => ({
  message,
  category: code === 5 ? 'PermissionDenied' : code === 87 ? 'InvalidArgument' : 'NotSpecified',
  target,
  exception: 'CimException',
  id: `Windows System Error ${code}`,
})
