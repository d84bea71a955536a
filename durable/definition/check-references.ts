import type { CheckVerb, Fact, Step } from '../engine/lab/checks/definition.ts'
import { isIn } from '../engine/lab/checks/facts/formats.ts'
import { fieldsOf } from '../engine/lab/checks/facts/subjects.ts'
import type { LabDefinition } from '../engine/lab/definition.ts'
import { columnsOf } from '../engine/lab/tables.ts'
import { parseAddress, parseCidr } from '../engine/wire/addresses.ts'
import type { CheckSource } from './check-schema.ts'
import { COMPARISONS } from './checks/state.ts'
import type { ReferenceFault } from './references.ts'
import type { LabSource } from './schema.ts'
import { toCheck } from './to-check.ts'
import { cableName, hasTerminal } from './to-definition.ts'

type Path = readonly PropertyKey[]
type Tell = (path: Path, reason: string) => void

/** What checks may name. */
export type Known = {
  readonly machines: ReadonlyMap<string, { readonly terminal: boolean; readonly windows: boolean; readonly hyperV: boolean }>
  readonly cables: ReadonlySet<string>
}

export const knownOf = ({ machines, cables }: LabSource): Known => ({
  machines: new Map(
    Object.entries(machines).map(([name, machine]) => [
      name,
      { terminal: hasTerminal(machine), windows: machine.os === 'windows-11', hyperV: machine.hyperV !== undefined },
    ]),
  ),
  cables: new Set(cables.map(({ between, name = cableName(...between) }) => name)),
})

export const knownIn = ({ machines, cables }: LabDefinition): Known => ({
  machines: new Map(
    machines.map(({ name, console: terminal, os, hyperV }) => [
      name,
      { terminal, windows: os === 'windows-11', hyperV: hyperV !== null },
    ]),
  ),
  cables: new Set(cables.map(({ name }) => name)),
})

type Listed = { readonly checks: readonly CheckSource[]; readonly total?: number | undefined }

/** Everything that checks say about something that stands elsewhere, and about each other. */
export function rubricFaults({ checks, total }: Listed, known: Known): ReferenceFault[] {
  const faults: ReferenceFault[] = []
  const tell: Tell = (path, reason) => faults.push({ path, reason })
  const seen = new Set<string>()
  checks.forEach((source, at) => {
    const check = toCheck(source)
    if (seen.has(check.id)) tell(['checks', at, 'id'], `another check is named ${check.id}`)
    seen.add(check.id)
    for (const [step, { cost }] of (check.hints ?? []).entries())
      if (cost > check.points) tell(['checks', at, 'hints', step, 'cost'], `is more than the ${check.points} points of the check`)
    verbFaults(check.verb, ['checks', at], known, tell, false)
  })
  const sum = checks.reduce((all, { points }) => all + points, 0)
  if (total !== undefined && total !== sum) tell(['total'], `is ${total}, but the points of the checks add up to ${sum}`)
  return faults
}

function verbFaults(verb: CheckVerb, path: Path, known: Known, tell: Tell, inside: boolean): void {
  const isMachine = (name: string | undefined, ...field: PropertyKey[]) => {
    if (name !== undefined && !known.machines.has(name)) tell([...path, ...field], `no machine is named ${name}`)
  }
  /** A machine, `machine/adapter`, or an address. */
  const isPlace = (word: string | undefined, words: readonly string[], field: PropertyKey) => {
    if (word !== undefined && !words.includes(word) && parseAddress(word) === undefined) isMachine(word.split('/')[0], field)
  }
  const needs = (what: 'terminal' | 'windows' | 'hyperV', machine: string, field: PropertyKey = 'machine') => {
    const one = known.machines.get(machine)
    if (one && !one[what])
      tell(
        [...path, field],
        `${machine} has no ${{ terminal: 'terminal', windows: 'Windows Firewall', hyperV: 'Hyper-V' }[what]}`,
      )
  }
  if ('machine' in verb && typeof verb.machine === 'string') isMachine(verb.machine, 'machine')
  if ('checks' in verb) {
    for (const [at, inner] of verb.checks.entries()) verbFaults(inner.verb, [...path, 'checks', at], known, tell, true)
  }
  switch (verb.kind) {
    case 'prints':
      return needs('terminal', verb.machine)
    case 'has-lease':
      isMachine(verb.from === '' ? undefined : verb.from, 'from')
      if (!/^$|^default-switch$/.test(verb.subnet) && !parseCidr(verb.subnet))
        tell([...path, 'subnet'], 'must be `default-switch` or a prefix')
      return
    case 'neighbor':
      return isPlace(verb.of, ['gateway'], 'of')
    case 'connection':
      return isPlace(verb.remote, ['gateway'], 'remote')
    case 'dns-server':
      return isPlace(verb.server, ['gateway'], 'server')
    case 'has-route':
      return isPlace(verb.via, ['gateway', 'on-link'], 'via')
    case 'switch':
    case 'moved':
      return needs('hyperV', verb.machine)
    case 'firewall':
      return needs('windows', verb.machine)
    case 'path':
      for (const field of ['through', 'avoids'] as const) for (const [at, one] of verb[field].entries()) isMachine(one, field, at)
      return
    case 'table': {
      const columns = columnsOf(verb.table)
      for (const column of Object.keys(verb.row))
        if (!columns.some((one) => one.toLowerCase() === column.toLowerCase()))
          tell([...path, 'row', column], `is no column of it: they are ${columns.join(', ')}`)
      return
    }
    case 'packets':
      return isMachine(verb.at?.split('/')[0], 'at')
    case 'packet-order':
      for (const [at, step] of verb.steps.entries()) isMachine(step.at?.split('/')[0], 'steps', at, 'at')
      return
    case 'unchanged':
      for (const [at, one] of (verb.machines ?? []).entries()) isMachine(one, 'machines', at)
      return
    case 'property': {
      factFaults(verb, path, known, tell)
      if (verb.sameAs) factFaults(verb.sameAs, [...path, 'sameAs'], known, tell)
      const asked = COMPARISONS.filter((name) => name in verb && verb[name as keyof typeof verb] !== undefined)
      const kinds = asked.filter((name) => name !== 'atMost' || !asked.includes('atLeast'))
      if (kinds.length === 0) tell(path, `compares with nothing: write one of ${COMPARISONS.join(', ')}`)
      if (kinds.length > 1) tell([...path, kinds[1] as string], `stands beside ${kinds[0]}: a check compares in one way`)
      return
    }
    case 'survives':
      return stepFaults(verb.what, [...path, 'what'], known, tell)
    case 'during':
      isMachine(verb.from?.machine, 'from', 'machine')
      return isMachine(verb.until?.machine, 'until', 'machine')
    case 'at-least':
      if (verb.number > verb.checks.length)
        tell([...path, 'number'], `is ${verb.number}, but there are ${verb.checks.length} checks`)
      return
    case 'answer': {
      if (inside) tell([...path, 'check'], 'is a task, and stands by itself')
      if ((verb.value === undefined) === (verb.oneOf === undefined)) tell(path, 'says what is right by `value` or by `oneOf`')
      if (verb.value) factFaults(verb.value, [...path, 'value'], known, tell)
      if (verb.when === 'ever' && verb.after.length > 0) tell([...path, 'after'], 'does not go with `when: ever`')
      if (verb.in !== undefined && isIn('0.0.0.0', verb.in) === undefined)
        tell([...path, 'in'], 'must be a network or a range of addresses')
      stepFaults(verb.after, [...path, 'after'], known, tell)
      const ids = new Set(verb.choices?.map(({ id }) => id))
      for (const [at, one] of (verb.choices ? (verb.oneOf ?? []) : []).entries())
        if (!ids.has(one)) tell([...path, 'oneOf', at], `is no choice: ${one}`)
      return
    }
    case 'names-fault':
      if (inside) tell([...path, 'check'], 'is a task, and stands by itself')
      if (!verb.choices.some(({ id }) => id === verb.fault)) tell([...path, 'fault'], `is no choice: ${verb.fault}`)
      return
  }
}

function factFaults({ machine, of, field }: Fact, path: Path, known: Known, tell: Tell): void {
  if (!known.machines.has(machine)) tell([...path, 'machine'], `no machine is named ${machine}`)
  const fields = of === 'machine' ? [...fieldsOf(of), 'power'] : fieldsOf(of)
  if (!fields.includes(field)) tell([...path, 'field'], `is no field of a ${of}: they are ${fields.join(', ')}`)
}

function stepFaults(steps: readonly Step[], path: Path, known: Known, tell: Tell): void {
  for (const [at, step] of steps.entries()) {
    if ('machine' in step && !known.machines.has(step.machine))
      tell([...path, at, step.do], `no machine is named ${step.machine}`)
    if ('cable' in step && !known.cables.has(step.cable)) tell([...path, at, step.do], `no cable is named ${step.cable}`)
    if (step.do === 'type' && known.machines.get(step.machine)?.terminal === false)
      tell([...path, at, step.do], `${step.machine} has no terminal`)
  }
}
