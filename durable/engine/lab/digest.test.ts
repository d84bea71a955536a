import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseDefinition } from '../../definition/parse.ts'
import { shells } from '../../runtime.ts'
import { buildLab } from './index.ts'
import { Lab } from './lab.ts'

const parsed = parseDefinition(readFileSync('labs/default-switch/lab.yaml', 'utf8'))
if (!parsed.ok) throw new Error('the lab does not parse')
const { definition } = parsed
const stored = buildLab(definition, 3, shells).save()
const open = (bytes: number, slots = 4096) => new Lab(definition, 3, shells, stored, { slots, bytes })

describe('the digest of what was seen', () => {
  for (const line of ['ping -q -c 300 -s 1400 192.168.3.1', 'ping -q -c 400 -s 8 192.168.3.1'])
    it(`is of all of it, however small the ring: ${line}`, () => {
      const [large, middle, small] = [open(1 << 24, 1 << 16), open(1 << 20), open(1 << 17, 512)]
      for (const lab of [large, middle, small]) expect(lab.exec('ubuntu1', line, 1).exitStatus).toBe(0)
      expect(large.nextSighting).toBeGreaterThan(2_000)
      expect(middle.digest()).toBe(large.digest())
      expect(small.digest()).toBe(large.digest())
    })
})
