// What the README shows as output is output: each block marked `golden` stands, letter for letter, in the golden transcript
// of the first lab, which the labs' own test holds against a run.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const golden = readFileSync('labs/default-switch/golden.txt', 'utf8')
const readme = readFileSync('README.md', 'utf8')
const blocks = [...readme.matchAll(/<!-- golden -->\n```\n([\s\S]*?)```/g)].map((match) => match[1] as string)

describe('README.md', () => {
  it('shows output of the first lab', () => {
    expect(blocks.length).toBeGreaterThan(4)
  })

  for (const block of blocks) {
    it(`${block.split('\n')[0]}`, () => expect(golden).toContain(block.trimEnd()))
  }
})

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

describe('links between documents', () => {
  for (const page of pages) {
    it(`of ${page} lead somewhere`, () => {
      const targets = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] as string)
      for (const target of targets) expect(existsSync(join(dirname(page), target)), target).toBe(true)
    })
  }
})

describe('files that the documents name', () => {
  for (const page of pages) {
    it(`of ${page} exist`, () => {
      const named = [
        ...readFileSync(page, 'utf8').matchAll(/`((?:durable|worker|web|labs|scripts|migrations|bench|test)\/[\w./-]+\.\w+)`/g),
      ].map((match) => match[1] as string)
      for (const path of named.filter((name) => !/ntp|mtr|thing/.test(name))) expect(existsSync(path), path).toBe(true)
    })
  }
})
