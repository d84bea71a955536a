// heap.ts LABS GUESTS: bytes that a lab keeps in memory, and bytes of its rows, with so many more guests on the Default Switch.
import type { LabDefinition } from '../../durable/engine/lab/definition.ts'
import type { Lab } from '../../durable/engine/lab/index.ts'
import { HOST, MODEL, newLab, readDefinition, SMALL_RING, type, withGuests } from '../lab.ts'

const [labs = 1, guests = 0] = process.argv.slice(2).map(Number)
const names = Array.from({ length: guests }, (_, at) => `guest${at + 1}`)

const text = JSON.stringify(withGuests(readDefinition(), names))

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
