// Lines as nobody should type them end with an answer; fast-check prints the seed of a line that does not.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fakeConsole } from '../windows/fake-console.ts'
import { FuzzLines, slip } from './fuzz-lines.ts'
import { powershell } from './index.ts'

test('generated lines and mutated scripts: no internal error', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const lines = new FuzzLines(seed)
      const console = fakeConsole()
      for (let i = 0; i < 12; i++) {
        const line = lines.next()
        expect(console.type(line), line).not.toMatch(slip)
        expect([0, 1]).toContain(console.code)
        powershell.incomplete(line)
        powershell.complete(line, { kernel: console.kernel, memory: console.memory })
      }
      // What is kept between lines is plain data.
      expect(JSON.parse(JSON.stringify(console.memory))).toEqual(console.memory)
    }),
    { numRuns: 60 },
  )
}, 60_000)

test('an endless loop ends at its budget', () => {
  for (const line of ['while ($true) { }', 'for (;;) { $i++ }', '1 | & { process { while (1) { } } }', '"$(while (1) { })"'])
    expect(fakeConsole().type(line)).toMatch(/^The line was stopped after 200000 steps/)
})
