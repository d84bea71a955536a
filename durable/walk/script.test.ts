import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseScript } from './script.ts'

const faults = (pattern: string) => parseScript(`< x = ${pattern}`).faults.length

it.each(['(a+)+$', '(a*)*', '((?:x|y+)z)*', '([0-9]+,?){2,}', '(.*)+', `(${'a'.repeat(300)})`, '(', '[a'])(
  'does not take the pattern %s, which could take for ever or is none',
  (pattern) => expect(faults(pattern)).toBe(1),
)

it.each([
  '(\\S+)',
  '((?:[0-9A-F]{2}-){5}[0-9A-F]{2})',
  '(\\+(?:a\\+)*)',
  '((?:172|192)\\S+/(?:1\\d|2\\d))',
  '(a(b+)c)',
  '([(+]*)',
])('takes the pattern %s', (pattern) => expect(faults(pattern)).toBe(0))

it('takes the patterns of the catalogue', () => {
  const labs = join(import.meta.dirname, '../../labs')
  const scripts = readdirSync(labs, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.script'))
  expect(scripts.length).toBeGreaterThan(30)
  const kept = scripts.flatMap((name) => readFileSync(join(labs, name), 'utf8').match(/^< .+$/gm) ?? [])
  expect(kept.length).toBeGreaterThan(30)
  for (const line of kept) expect([line, parseScript(line).faults]).toEqual([line, []])
})
