// What docs/seed-coverage.yaml says that the product declines, it declines: each line is typed in the first lab.
import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { openRuntime } from '../../durable/runtime.ts'
import { Walk } from '../../durable/walk/walk.ts'
import { findSeedFaults, seedCoverage } from '../../scripts/checks/seed-coverage.ts'

const text = readFileSync('docs/seed-coverage.yaml', 'utf8')
const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined)

const declined = Object.entries(seedCoverage(text).lines).flatMap(([number, { declines }]) =>
  declines.flatMap(({ typed, words }) => (typed === undefined ? [] : [{ number, typed, words }])),
)

const opened = openRuntime(readFileSync('labs/default-switch/lab.yaml', 'utf8'), 1)
if (!opened.ok) throw new Error('the lab is wrong')
const walk = new Walk(opened.lab)

it('all lines are there, what they name is there, and the page is made of them', () => {
  expect(findSeedFaults(text, read('docs/seed-coverage.md'), read)).toEqual([])
})

it.each(declined)('$number: $typed (if it acts now, name its test instead)', ({ typed, words }) => {
  const [, console = '', line = ''] = /^(\S+)> (.*)$/.exec(typed) ?? []
  expect(walk.type(console, line)).toContain(words)
})
