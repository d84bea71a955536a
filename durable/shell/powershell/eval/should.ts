// ShouldProcess: -WhatIf, -Confirm, their preference variables and what asks by default (fact sheet 2.0).
import type { Gen } from '../../windows/program.ts'
import { done } from '../../windows/program.ts'
import { hasWildcard, wildcard } from '../../windows/regex/wildcard.ts'
import type { Binding, Rules } from '../binding/bind.ts'
import type { Parameter } from '../binding/signature.ts'
import type { Ask, Bound, Call, Cmdlet, Impact } from '../cmdlet.ts'
import { cmdletNamed, signatureOf } from '../cmdlets/index.ts'
import { PsError } from '../errors.ts'
import { text } from '../values/text.ts'
import { isObject, type PsObject, type PsValue } from '../values/value.ts'
import { boundOf } from './bound.ts'
import { choose, confirmations } from './prompt.ts'
import type { Frame } from './session.ts'
import { sentences, targetOf } from './should-texts.ts'
import { inform } from './streams.ts'
import { preference } from './variables.ts'

/** What was answered to all of a command. */
export type Decided = { all: boolean; none: boolean }

const RANKS: readonly Impact[] = ['None', 'Low', 'Medium', 'High']

/** Cmdlets that ask without being told to. */
const HIGH = new Set(
  'Remove-VM Restart-VM Restore-VMSnapshot Remove-VMSwitch Remove-NetNat Remove-NetNatStaticMapping Remove-NetIPAddress Remove-NetRoute Remove-NetNeighbor Disable-NetAdapter'.split(
    ' ',
  ),
)
export const impactOf = (spec: Cmdlet): Impact => spec.impact ?? (HIGH.has(spec.name) ? 'High' : 'Medium')

export type Asking = {
  readonly whatIf: boolean
  /** `-Confirm` itself, when it was given. */
  readonly confirm: boolean | undefined
  readonly least: string
  readonly verbose: boolean
}

export function askingOf(bound: Bound, frame: Frame, verbose: boolean): Asking {
  return {
    whatIf: bound.has('WhatIf') ? bound.flag('WhatIf') : preference(frame, 'WhatIfPreference') === 'True',
    confirm: bound.has('Confirm') ? bound.flag('Confirm') : undefined,
    least: preference(frame, 'ConfirmPreference'),
    verbose,
  }
}

const reaches = (impact: Impact, least: string): boolean => {
  const wanted = RANKS.findIndex((one) => one.toLowerCase() === least.toLowerCase())
  return wanted > 0 && RANKS.indexOf(impact) >= wanted
}

/** Whether anything would be said or asked. */
export const asksAnything = (asking: Asking, impact: Impact, force: boolean): boolean =>
  asking.whatIf || asking.verbose || (asking.confirm ?? (reaches(impact, asking.least) && !force))

/** Says what would be done, or asks; true: do it. */
export function* decide(
  ask: Ask,
  impact: Impact,
  asking: Asking,
  decided: Decided,
  frame: Frame,
  verbose: (text: string) => void,
): Gen<boolean> {
  const { session } = frame
  if (asking.whatIf) {
    inform(session, frame.streams, `What if: ${ask.says}`, true)
    return false
  }
  if (asking.verbose) verbose(ask.says)
  if (!(asking.confirm ?? (reaches(ask.impact ?? impact, asking.least) && ask.force !== true))) return true
  if (decided.all) return true
  if (decided.none) return false
  const question = ask.question ?? `Are you sure you want to perform this action?\n${ask.says}`
  const answer = yield* choose(session, `\nConfirm\n${question}`, confirmations, 0)
  if (answer === 1) decided.all = true
  if (answer === 3) decided.none = true
  return answer < 2
}

/** For a cmdlet that does not ask itself: its binding with what may be changed, or undefined when that is nothing. */
export function* permitted(spec: Cmdlet, rules: Rules, binding: Binding, bound: Bound, call: Call): Gen<Binding | undefined> {
  const named = new Map(rules.signature.parameters.map((one) => [one.name, one]))
  const [parameter, targets] = yield* targetsOf(spec, named, bound, call)
  const kept: PsValue[] = []
  for (const target of targets) {
    const force = bound.flag('Force')
    if (yield* call.should({ ...sentences(spec, targetOf(spec, target), target), force })) kept.push(target)
  }
  if (kept.length === 0) return undefined
  if (parameter === undefined || kept.length === targets.length) return binding
  const values = new Map(binding.values)
  values.set(parameter, parameter.array ? kept : (kept[0] as PsValue))
  return { ...binding, values }
}

/** The parameter that names what is changed, and its values one by one. */
function* targetsOf(
  spec: Cmdlet,
  named: ReadonlyMap<string, Parameter>,
  bound: Bound,
  call: Call,
): Gen<[Parameter | undefined, readonly PsValue[]]> {
  for (const [name, parameter] of named) {
    const values = bound.list(name)
    if (values.length > 0 && values.every(isObject) && (parameter.byValue || name === 'InputObject')) return [parameter, values]
  }
  const input = named.get('InputObject')
  if (
    input !== undefined &&
    spec.module !== 'Hyper-V' &&
    /^(Set|Remove|Disable|Enable|Rename|Restart|Reset|Copy)-/.test(spec.name)
  ) {
    const found = yield* sibling(spec, bound, call)
    if (found.length > 0) return [input, found]
  }
  const parameter = ['VMName', 'Name', 'SwitchName', 'Path', 'ComputerName', 'DisplayName']
    .map((name) => named.get(name))
    .find((one) => one !== undefined && bound.has(one.name))
  if (parameter === undefined) return [undefined, [text(firstText(named, bound))]]
  const names = bound.texts(parameter.name)
  return [parameter, spec.module === 'Hyper-V' && parameter.array ? expanded(spec, parameter.name, names, call) : names]
}

const firstText = (named: ReadonlyMap<string, Parameter>, bound: Bound): string => {
  for (const [name, { flag }] of named) if (!flag && bound.has(name)) return text(bound.get(name) ?? null)
  return ''
}

/** Names with wildcards stand for the machines and switches they match. */
function expanded(spec: Cmdlet, parameter: string, names: readonly string[], call: Call): readonly string[] {
  const noun = spec.name.split('-')[1]
  const all =
    parameter === 'VMName' || noun === 'VM'
      ? (call.kernel.hyperV?.vms() ?? []).map(({ name }) => name)
      : noun === 'VMSwitch'
        ? (call.kernel.hyperV?.switches() ?? []).map(({ name }) => name)
        : []
  return names.flatMap((name) => (hasWildcard(name) && all.length > 0 ? all.filter(wildcard(name)) : [name]))
}

/** What the `Get-` of the same noun finds for the same filters. */
function* sibling(spec: Cmdlet, bound: Bound, call: Call): Gen<PsObject[]> {
  const get = cmdletNamed(spec.name.replace(/^\w+-/, 'Get-'))
  if (get === undefined) return []
  const values = new Map<string, PsValue>()
  const mandatory = signatureOf(get).parameters.filter((one) => one.mandatory)
  for (const { name, type } of signatureOf(get).parameters) {
    const value = bound.get(name)
    if (value !== undefined && type !== 'CimSession' && (get.supports === 'all' || get.supports.includes(name)))
      values.set(name, value)
  }
  if (values.size === 0 || mandatory.some(({ name }) => !values.has(name))) return []
  const out: PsObject[] = []
  const quiet: Call = {
    ...call,
    bound: boundOf(values, ''),
    emit: (value) => {
      if (isObject(value)) out.push(value)
      return done()
    },
    error: () => {},
    warn: () => {},
  }
  try {
    const instance = get.start(quiet)
    yield* instance.process?.(quiet.bound, undefined) ?? done()
    yield* instance.end?.() ?? done()
  } catch (error) {
    if (!(error instanceof PsError)) throw error
  }
  return out
}
