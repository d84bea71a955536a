import type { LabDefinition } from '../engine/lab/definition.ts'
import { parseCidr, parseIp } from '../engine/wire/addresses.ts'
import type { CheckSource } from './check-schema.ts'
import type { ReferenceFault } from './references.ts'
import type { LabSource } from './schema.ts'
import { cableName, hasTerminal } from './to-definition.ts'

type Tell = (path: readonly PropertyKey[], reason: string) => void

/** What checks may name. */
export type Known = {
  readonly machines: ReadonlyMap<
    string,
    { readonly terminal: boolean; readonly os: string; readonly adapters: ReadonlySet<string> }
  >
  readonly cables: ReadonlySet<string>
  readonly switches: ReadonlySet<string>
}

export function knownOf(lab: LabSource): Known {
  return {
    machines: new Map(
      Object.entries(lab.machines).map(([name, machine]) => [
        name,
        { terminal: hasTerminal(machine), os: machine.os, adapters: new Set(Object.keys(machine.adapters)) },
      ]),
    ),
    cables: new Set(lab.cables.map(({ between, name = cableName(...between) }) => name)),
    switches: new Set(Object.keys(lab.switches)),
  }
}

export function knownIn(lab: LabDefinition): Known {
  return {
    machines: new Map(
      lab.machines.map(({ name, console, os, adapters }) => [
        name,
        { terminal: console, os, adapters: new Set(adapters.map((one) => one.name)) },
      ]),
    ),
    cables: new Set(lab.cables.map(({ name }) => name)),
    switches: new Set(lab.switches.map(({ name }) => name)),
  }
}

type Listed = { readonly checks: readonly CheckSource[]; readonly total?: number | undefined }

/** Everything that checks say about something that stands elsewhere, and about each other. */
export function rubricFaults({ checks, total }: Listed, known: Known): ReferenceFault[] {
  const faults: ReferenceFault[] = []
  const tell: Tell = (path, reason) => faults.push({ path, reason })
  const seen = new Map<string, number>()
  checks.forEach((check, at) => {
    const before = seen.get(check.id)
    if (before !== undefined) tell(['checks', at, 'id'], `another check is named ${check.id}`)
    seen.set(check.id, at)
    checkFaults(check, ['checks', at], known, tell)
  })
  const sum = checks.reduce((all, { points }) => all + points, 0)
  if (total !== undefined && total !== sum) tell(['total'], `is ${total}, but the points of the checks add up to ${sum}`)
  return faults
}

function checkFaults(check: CheckSource, path: readonly PropertyKey[], known: Known, tell: Tell): void {
  const isMachine = (name: string | undefined, field: string) => {
    if (name !== undefined && !known.machines.has(name)) tell([...path, field], `no machine is named ${name}`)
  }
  isMachine(check.machine, 'machine')
  const computer = known.machines.get(check.machine)
  if (check.check === 'prints' && computer && !computer.terminal) tell([...path, 'machine'], `${check.machine} has no terminal`)
  if (check.check === 'has-lease') {
    isMachine(check.from, 'from')
    if (!/^$|^default-switch$/.test(check.subnet) && !parseCidr(check.subnet))
      tell([...path, 'subnet'], 'must be `default-switch` or a prefix')
  }
  if (check.check === 'neighbor' && check.of !== 'gateway' && parseIp(check.of) === undefined) isMachine(check.of, 'of')
}
