// The lab of the catalogue as the benchmarks use it: parsed, built and settled, with the machines that they talk to.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseDefinition } from '../durable/definition/parse.ts'
import type { Stack } from '../durable/engine/ip/stack.ts'
import type { LabDefinition, MachineDefinition } from '../durable/engine/lab/definition.ts'
import { Lab } from '../durable/engine/lab/index.ts'
import type { Ip4 } from '../durable/engine/wire/addresses.ts'
import { shells } from '../durable/runtime.ts'

export const SEED = 1
export const HOST = 'pc'
export const MODEL = 'ubuntu1'
/** Much less than a frame, for figures that leave the capture out. */
export const SMALL_RING = { slots: 16, bytes: 4096 } as const

export function readDefinition(): LabDefinition {
  const parsed = parseDefinition(readFileSync(join(import.meta.dirname, '../labs/default-switch/lab.yaml'), 'utf8'))
  if (!parsed.ok) throw new Error(parsed.faults.map(({ line, reason }) => `line ${line}: ${reason}`).join('\n'))
  return parsed.definition
}

/** Powered on and settled: every guest has its address. */
export const newLab = (definition: LabDefinition = readDefinition(), ring?: { slots: number; bytes: number }): Lab =>
  new Lab(definition, SEED, shells, undefined, ring)

/** Types a line and takes only success for an answer. */
export function type(lab: Lab, console: string, line: string, command: number): string {
  const { status, output, exitStatus } = lab.exec(console, line, command)
  if (status !== 'done' || exitStatus !== 0) throw new Error(`${console}> ${line}\n${output}(${status}, ${exitStatus})`)
  return output
}

export function guestOf(lab: Lab, name: string): { readonly stack: Stack; readonly ip: Ip4 } {
  const stack = lab.parts.machines.get(name)?.stack
  const ip = stack?.byName('eth0')?.primary?.ip
  if (stack === undefined || ip === undefined) throw new Error(`${name} has no address`)
  return { stack, ip }
}

/** More machines like ubuntu1, each with an address of its own. */
export function withGuests(definition: LabDefinition, names: readonly string[]): LabDefinition {
  const model = definition.machines.find(({ name }) => name === MODEL) as MachineDefinition
  const more = names.map((name, at) => ({
    ...model,
    name,
    hostname: name,
    adapters: model.adapters.map((adapter) => ({ ...adapter, mac: `00:15:5d:03:33:${(at + 16).toString(16)}` })),
  }))
  const machines = definition.machines.map((machine) => {
    const vm = machine.hyperV?.vms.find((one) => one.machine === MODEL)
    if (machine.name !== HOST || machine.hyperV === null || vm === undefined) return machine
    return {
      ...machine,
      hyperV: { ...machine.hyperV, vms: [...machine.hyperV.vms, ...names.map((name) => ({ ...vm, name, machine: name }))] },
    }
  })
  return { ...definition, machines: [...machines, ...more] }
}
