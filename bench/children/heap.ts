// heap.ts LABS GUESTS: bytes that a lab keeps in memory, and bytes of its rows, with so many more guests on the Default Switch.
import type { LabDefinition, MachineDefinition } from '../../durable/engine/lab/definition.ts'
import type { Lab } from '../../durable/engine/lab/index.ts'
import { newLab, readDefinition, SMALL_RING, type } from '../lab.ts'

const [labs = 1, guests = 0] = process.argv.slice(2).map(Number)
const HOST = 'pc'
const MODEL = 'ubuntu1'
const names = Array.from({ length: guests }, (_, at) => `guest${at + 1}`)

/** More machines like ubuntu1, each with an address of its own. */
function withGuests(definition: LabDefinition): LabDefinition {
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

const text = JSON.stringify(withGuests(readDefinition()))

/** As the lab host opens it: a definition of its own, and shells that have been used. */
function open(): Lab {
  const lab = newLab(JSON.parse(text) as LabDefinition, SMALL_RING)
  let command = 1
  type(lab, HOST, 'Get-VMSwitch', command++)
  for (const name of [MODEL, ...names]) type(lab, name, 'ip address', command++)
  lab.takeOutput()
  lab.takeChanges()
  return lab
}

function used(): number {
  for (let i = 0; i < 4; i++) globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

// What is made once for all labs: code, tables, caches.
const rows = open().save()
open()
const size = JSON.stringify(rows).length
const kept: Lab[] = []
const before = used()
for (let i = 0; i < labs; i++) kept.push(open())
const bytes = (used() - before) / kept.length
console.log(JSON.stringify({ bytes, rows: size }))
