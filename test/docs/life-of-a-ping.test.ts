// What docs/life-of-a-ping.md shows is what happens: each of its blocks is held against a run of its line.
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseFilter } from '../../durable/engine/wire/filter/index.ts'
import { openRuntime } from '../../durable/runtime.ts'
import { parseScript } from '../../durable/walk/script.ts'
import { transcript, Walk } from '../../durable/walk/walk.ts'
import { framesText } from '../../scripts/lab-frames.ts'

const file = 'docs/life-of-a-ping.md'
const BLOCK = /<!-- (terminal|frames: (.*)) -->\n```\n([\s\S]*?)```/g
const page = readFileSync(file, 'utf8')
const [, line = ''] = /echo '(.*)' \| npm run lab -- labs\/default-switch --script -/.exec(page) ?? []

const opened = openRuntime(readFileSync('labs/default-switch/lab.yaml', 'utf8'), 1)
if (!opened.ok) throw new Error('the lab does not parse')
const walk = new Walk(opened.lab).play(parseScript(line).steps)
const [told] = walk.told

function shown(text: string | undefined): string {
  if (text === undefined) return transcript(walk.told)
  const parsed = parseFilter(text)
  if (!parsed.ok || !told) throw new Error(parsed.ok ? 'nothing was typed' : `${text}: ${parsed.message}`)
  return framesText(told, walk.lab, parsed.filter)
}

// UPDATE_GOLDEN=1 npm test -- test/docs: then read what git says has changed, and whether the text around it is still true.
if (process.env.UPDATE_GOLDEN)
  writeFileSync(
    file,
    page.replace(BLOCK, (_, what: string, filter?: string) => `<!-- ${what} -->\n\`\`\`\n${shown(filter)}\`\`\``),
  )

describe(file, () => {
  const blocks = [...readFileSync(file, 'utf8').matchAll(BLOCK)]

  it('follows a ping that is answered', () => {
    expect(told?.result).toMatchObject({ status: 'done', exitStatus: 0 })
    expect(blocks.length).toBeGreaterThan(4)
  })

  for (const [, what, filter, block] of blocks)
    it(`shows ${what}`, () => {
      expect(block).toBe(shown(filter))
      expect(block).not.toBe('')
    })

  it('follows the request over every hop', () => {
    const hops = shown('icmp.type == 8').match(/into \S+|out of \S+/g)
    expect(hops?.at(0)).toBe('out of ubuntu1/eth0')
    expect(hops?.at(-1)).toBe('into www/eth0')
  })
})
