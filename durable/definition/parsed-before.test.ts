import { expect, it } from 'vitest'
import { catalogue } from '../../labs/index.ts'
import { parseDefinition } from './parse.ts'
import { parseAgain } from './parsed-before.ts'

const plain = (parsed: ReturnType<typeof parseDefinition>) => [parsed.ok, parsed.ok ? parsed.definition : parsed.faults]
const withVariants = ['no-network', 'one-way-traffic'].map((slug) => catalogue.find((one) => one.slug === slug)?.yaml ?? '')

it('what was read before is read as it was the first time, for every seed and whatever was done with it', () => {
  for (const seed of [1, 2, 3, 1, 2])
    for (const yaml of withVariants) {
      const again = parseAgain(yaml, seed)
      expect(plain(again)).toEqual(plain(parseDefinition(yaml, seed)))
      if (again.ok) Object.assign(again.definition, { title: 'changed by who asked', machines: [], checks: [] })
    }
})

it('what is wrong is wrong again', () => {
  for (let times = 0; times < 2; times++) {
    expect(plain(parseAgain('title: [', 1))).toEqual(plain(parseDefinition('title: [', 1)))
    expect(parseAgain('title: A', 1).ok).toBe(false)
  }
})
