// A short run of what `npm run bench -- fuzz-frames` does at length: whatever comes, on whatever port, nothing throws and no table
// grows beyond its limit. The seed is printed, so that a failure can be had again.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseDefinition } from '../../definition/parse.ts'
import { MAX_DATAGRAMS } from '../ip/reassembly.ts'
import { FuzzLab } from '../test-support/fuzz-lab.ts'

const parsed = parseDefinition(readFileSync(join(import.meta.dirname, '../../../labs/default-switch/lab.yaml'), 'utf8'))
if (!parsed.ok) throw new Error('the lab is wrong')
const { definition } = parsed

it('random and mutated frames on every type of port', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 0x7fffffff }), (seed) => {
      const rig = new FuzzLab(definition, seed)
      const { exceptions, first, byPort } = rig.run(4000)
      expect(first).toBe('')
      expect(exceptions).toBe(0)
      for (const kind of ['guest', 'virtual switch', 'nat inside', 'nat outside', 'switch or access point', 'server', 'tunnel'])
        expect(byPort.get(kind) ?? 0, kind).toBeGreaterThan(0)
      const tables = rig.tables()
      expect(tables.get('stack.fragments') ?? 0).toBeLessThanOrEqual(MAX_DATAGRAMS)
      for (const [name, size] of tables) expect(size, name).toBeLessThanOrEqual(16_384)
    }),
    { numRuns: 3, verbose: true },
  )
}, 60_000)
