// Of every planted fault of labs/troubleshooting, `why` names the cause that was planted.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { probe, whyNothing } from '../../durable/engine/lab/why/index.ts'
import { shells } from '../../durable/runtime.ts'
import { labOf, planted } from './planted.ts'

it('has every fault of the folder', () => {
  const files = readdirSync(join(import.meta.dirname, '../../labs/troubleshooting/faults')).filter((name) =>
    name.endsWith('.yaml'),
  )
  expect(planted.map(({ file }) => `${file}.yaml`).sort()).toEqual(files.sort())
})

describe.each(planted)('$name', (fault) => {
  it.each([1, 2, 3])('is named, seed %i', (seed) => {
    const { history, command, result } = probe(fault, labOf(fault), seed, shells)
    const [first] = whyNothing(history, command, result).causes
    expect(first && { ...first.cause, text: first.text }).toMatchObject({ kind: fault.kind, machine: fault.machine })
  })
})
