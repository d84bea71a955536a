// open-lab.ts LABS [SLOTS BYTES]: bytes that an open first lab keeps in memory with four consoles used and what they sent in its
// capture, with the ring that labs have or another one.
import type { LabDefinition } from '../../durable/engine/lab/definition.ts'
import type { Lab } from '../../durable/engine/lab/index.ts'
import { newLab, readDefinition, type } from '../lab.ts'

const [labs = 1, slots, bytes] = process.argv.slice(2).map(Number)
const ring = slots === undefined || bytes === undefined ? undefined : { slots, bytes }
/** Some thousand sightings. */
const PINGS = 300

const text = JSON.stringify(readDefinition())

/** As the lab host opens it: a definition of its own, and shells that have been used. */
function open(): Lab {
  const lab = newLab(JSON.parse(text) as LabDefinition, ring)
  const lines = [
    ['pc', 'Get-VMSwitch'],
    ['ubuntu1', 'ip address'],
    ['ubuntu2', `ping -q -c ${PINGS} www.example.com`],
    ['win1', 'ipconfig /all'],
  ] as const
  lines.forEach(([console, line], at) => void type(lab, console, line, at + 1))
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
open()
const kept: Lab[] = []
const before = used()
for (let i = 0; i < labs; i++) kept.push(open())
console.log(JSON.stringify({ bytes: (used() - before) / kept.length }))
