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

  it('is of all of a download too, whose sender has hundreds of segments to send at once; and none is lost to a reader', () => {
    const labs = [open(1 << 24, 1 << 16), open(5 << 16, 3072), open(1 << 17, 512)]
    const read = labs.map((lab) => {
      let next = lab.nextSighting
      lab.readBy(() => {
        const seen = lab.sightings(next)
        expect(seen[0]?.sequence ?? next).toBe(next)
        next = lab.nextSighting
      })
      return lab
    })
    for (const lab of read) expect(lab.exec('ubuntu1', 'curl -so /dev/null http://www.example.com/4MiB', 1).exitStatus).toBe(0)
    const [large, usual, small] = labs
    expect(usual?.digest()).toBe(large?.digest())
    expect(small?.digest()).toBe(large?.digest())
  })
})
