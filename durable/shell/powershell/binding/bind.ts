import { text } from '../values/text.ts'
import { type PsValue, property } from '../values/value.ts'
import { convert, suits } from './convert.ts'
import { commonParameters, type Parameter, type Signature } from './signature.ts'

/** `raw`: how a bare number was written, for parameters that take text. */
export type Given =
  | { readonly kind: 'named'; readonly name: string; readonly value: PsValue | undefined; readonly raw?: string }
  | { readonly kind: 'value'; readonly value: PsValue; readonly raw?: string }

export type BindFault = {
  readonly message: string
  readonly id: string
  readonly category: string
  readonly given?: number
  /** Mandatory parameters that the console may ask for. */
  readonly missing?: readonly Parameter[]
}

export type Binding = { readonly values: Map<Parameter, PsValue>; sets: readonly number[] }

export type Rules = {
  readonly signature: Signature
  readonly defaultSet: number
  /** The CIM class that a parameter of type CimInstance really takes. */
  readonly classes: Readonly<Record<string, string>>
  /** Whether a parameter has behaviour: the pipeline fills no others. */
  works(parameter: Parameter): boolean
}

const allowed = (parameter: Parameter, sets: readonly number[]): boolean =>
  parameter.sets === undefined || parameter.sets.some((set) => sets.includes(set))
const narrow = (sets: readonly number[], parameter: Parameter): readonly number[] =>
  parameter.sets === undefined ? sets : sets.filter((set) => parameter.sets?.includes(set))

/** The parameter that a name, an alias or an unambiguous beginning means. */
export function findParameter(signature: Signature, name: string): Parameter | readonly Parameter[] {
  const lower = name.toLowerCase()
  const all = [...signature.parameters, ...commonParameters]
  const exact = all.find((one) => one.name.toLowerCase() === lower || one.aliases.some((alias) => alias.toLowerCase() === lower))
  if (exact !== undefined) return exact
  const begin = all.filter(
    (one) => one.name.toLowerCase().startsWith(lower) || one.aliases.some((alias) => alias.toLowerCase().startsWith(lower)),
  )
  const own = begin.filter((one) => !commonParameters.includes(one))
  return own.length === 1 ? own[0] : begin.length === 1 ? begin[0] : begin
}

export const isOne = (found: Parameter | readonly Parameter[]): found is Parameter => !Array.isArray(found)

/** Whether an argument belongs to the parameter named before it: switches take none. */
export const takesValue = (signature: Signature, name: string): boolean => {
  const found = findParameter(signature, name)
  return isOne(found) ? !found.flag : true
}

/** Binds what stands on the command line: names first, then positions. */
export function bindLine(rules: Rules, given: readonly Given[]): Binding | BindFault {
  const { signature } = rules
  const values = new Map<Parameter, PsValue>()
  let sets: readonly number[] = signature.sets.map((_, i) => i)
  const loose: { value: PsValue; raw: string | undefined; at: number }[] = []
  for (const [at, one] of given.entries()) {
    if (one.kind === 'value') {
      loose.push({ value: one.value, raw: one.raw, at })
      continue
    }
    const found = findParameter(signature, one.name)
    if (!isOne(found)) {
      if (found.length === 0)
        return {
          message: `A parameter cannot be found that matches parameter name '${one.name}'.`,
          id: 'NamedParameterNotFound',
          category: 'InvalidArgument',
          given: at,
        }
      const names = found.map((parameter) => `-${parameter.name}`).join(' ')
      return {
        message: `Parameter cannot be processed because the parameter name '${one.name}' is ambiguous. Possible matches include: ${names}.`,
        id: 'AmbiguousParameter',
        category: 'InvalidArgument',
        given: at,
      }
    }
    if (values.has(found)) {
      return {
        message: `Cannot bind parameter because parameter '${found.name}' is specified more than once. To provide multiple values to parameters that can accept multiple values, use the array syntax. For example, "-parameter value1,value2,value3".`,
        id: 'ParameterAlreadyBound',
        category: 'InvalidArgument',
        given: at,
      }
    }
    if (one.value === undefined && !found.flag)
      return {
        message: `Missing an argument for parameter '${found.name}'. Specify a parameter of type 'System.${found.type}${found.array ? '[]' : ''}' and try again.`,
        id: 'MissingArgument',
        category: 'InvalidArgument',
        given: at,
      }
    const value = found.flag && one.value === undefined ? true : (one.value ?? null)
    const fault = put(values, found, found.type === 'String' ? (one.raw ?? value) : value, at)
    if (fault !== undefined) return fault
    sets = narrow(sets, found)
  }
  for (const { value, raw, at } of loose) {
    const found = positional(rules, values, sets, value)
    const more = found === undefined ? signature.parameters.find((one) => one.rest && values.has(one)) : undefined
    if (more !== undefined) {
      const before = values.get(more) ?? null
      values.set(more, [...(Array.isArray(before) ? before : [before]), ...(Array.isArray(value) ? value : [value])])
      continue
    }
    if (found === undefined)
      return {
        message: `A positional parameter cannot be found that accepts argument '${text(value)}'.`,
        id: 'PositionalParameterNotFound',
        category: 'InvalidArgument',
        given: at,
      }
    const fault = put(values, found, found.type === 'String' ? (raw ?? value) : value, at)
    if (fault !== undefined) return fault
    sets = narrow(sets, found)
  }
  if (signature.sets.length > 0 && sets.length === 0) return ambiguous
  return { values, sets }
}

const ambiguous: BindFault = {
  message: 'Parameter set cannot be resolved using the specified named parameters.',
  id: 'AmbiguousParameterSet',
  category: 'InvalidArgument',
}

/** Mandatory texts and lists must hold something. */
function emptyFault(parameter: Parameter, value: PsValue, given: number | undefined): BindFault | undefined {
  const fault = (what: string, id: string): BindFault => ({
    message: `Cannot bind argument to parameter '${parameter.name}' because it is ${what}.`,
    id: `ParameterArgumentValidationError${id}NotAllowed`,
    category: 'InvalidData',
    given,
  })
  if (!parameter.mandatory || /^(Object|PSObject)$/.test(parameter.type) || parameter.name === 'Message') return undefined
  if (value === null) return fault('null', 'Null')
  if (Array.isArray(value)) {
    if (value.length === 0) return fault('an empty array', 'EmptyArray')
    return parameter.type === 'String' && value.includes('') ? fault('an empty string', 'EmptyString') : undefined
  }
  return value === '' && parameter.type === 'String' ? fault('an empty string', 'EmptyString') : undefined
}

export function put(
  values: Map<Parameter, PsValue>,
  parameter: Parameter,
  value: PsValue,
  given?: number,
): BindFault | undefined {
  const empty = emptyFault(parameter, value, given)
  if (empty !== undefined) return empty
  const made = convert(parameter, value)
  if (made.ok) {
    values.set(parameter, made.value)
    return undefined
  }
  const validation = made.message.startsWith('Cannot validate')
  const message =
    made.message.startsWith('Cannot bind') || validation
      ? made.message
      : `Cannot bind parameter '${parameter.name}'. ${made.message}`
  return {
    message,
    id: validation ? 'ParameterArgumentValidationError' : 'CannotConvertArgumentNoMessage',
    category: validation ? 'InvalidData' : 'InvalidArgument',
    given,
  }
}

/** The next free position; among its candidates the default set first, then what the value suits best. */
function positional(
  rules: Rules,
  values: Map<Parameter, PsValue>,
  sets: readonly number[],
  value: PsValue,
): Parameter | undefined {
  const inDefault = sets.includes(rules.defaultSet) ? [rules.defaultSet] : sets
  for (const among of [inDefault, sets]) {
    const free = rules.signature.parameters.filter(
      (one) =>
        one.position !== undefined && !one.flag && !values.has(one) && (rules.signature.sets.length === 0 || allowed(one, among)),
    )
    const ranked = free
      .map((parameter) => ({ parameter, fit: suits(parameter, value, wantedType(rules, parameter)) }))
      .filter(({ fit }) => fit > 0)
      .sort((a, b) => (a.parameter.position ?? 0) - (b.parameter.position ?? 0) || b.fit - a.fit)
    if (ranked.length > 0) return ranked[0].parameter
    if (free.length > 0 && among === sets) return free[0]
  }
  return undefined
}

/** `AssociatedNetFirewallRule` takes a firewall rule, `AssociatedIPInterface` an IP interface. */
export const wantedType = (rules: Rules, parameter: Parameter): string | undefined =>
  rules.classes[parameter.name] ??
  (parameter.type === 'CimInstance' ? parameter.name.replace(/^Associated(Net)?/, 'MSFT_Net') : undefined)

/** A parameter without behaviour that would have taken the object. */
export const refusedInput = (rules: Rules, input: PsValue): Parameter | undefined =>
  rules.signature.parameters.find((one) => one.byValue && !rules.works(one) && suits(one, input, wantedType(rules, one)) === 2)

/** Adds what one pipeline object gives; undefined when no parameter takes it. */
export function bindInput(rules: Rules, line: Binding, input: PsValue): Binding | undefined {
  const values = new Map(line.values)
  let { sets } = line
  const open = (one: Parameter) => !values.has(one) && (rules.signature.sets.length === 0 || allowed(one, sets))
  let bound = false
  const byValue = (fit: 1 | 2): boolean => {
    const takers = rules.signature.parameters.filter(
      (one) => one.byValue && rules.works(one) && open(one) && suits(one, input, wantedType(rules, one)) === fit,
    )
    const taker = takers.find((one) => allowed(one, [rules.defaultSet])) ?? takers[0]
    if (taker === undefined || put(values, taker, input) !== undefined) return false
    sets = narrow(sets, taker)
    return (bound = true)
  }
  if (!byValue(2)) {
    for (const one of rules.signature.parameters) {
      if (!one.byName || !rules.works(one) || !open(one)) continue
      const value = [one.name, ...one.aliases].map((name) => property(input, name)).find((item) => item !== undefined)
      if (value === undefined || value === null || put(values, one, value) !== undefined) continue
      sets = narrow(sets, one)
      bound = true
    }
    if (!bound) byValue(1)
  }
  return bound ? { values, sets } : undefined
}

/** Settles the parameter set; a fault when a mandatory parameter is missing in every candidate. */
export function settle(rules: Rules, binding: Binding, pipelineComing: boolean): BindFault | string {
  const { signature } = rules
  const missing = (set: number): Parameter[] =>
    signature.parameters.filter(
      (one) =>
        one.mandatory && !binding.values.has(one) && allowed(one, [set]) && !(pipelineComing && (one.byValue || one.byName)),
    )
  if (signature.sets.length === 0) {
    const none = signature.parameters.filter(
      (one) => one.mandatory && !binding.values.has(one) && !(pipelineComing && (one.byValue || one.byName)),
    )
    return none.length > 0 ? missingFault(none) : ''
  }
  const order = binding.sets.includes(rules.defaultSet)
    ? [rules.defaultSet, ...binding.sets.filter((set) => set !== rules.defaultSet)]
    : binding.sets
  const whole = order.find((set) => missing(set).length === 0)
  if (whole !== undefined) return signature.sets[whole]
  if (order.length > 1 && !binding.sets.includes(rules.defaultSet)) return ambiguous
  return missingFault(missing(order[0]))
}

const missingFault = (parameters: readonly Parameter[]): BindFault => ({
  message: `Cannot process command because of one or more missing mandatory parameters: ${parameters.map(({ name }) => name).join(' ')}.`,
  id: 'MissingMandatoryParameter',
  category: 'InvalidArgument',
  missing: parameters,
})
