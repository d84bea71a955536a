import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseDocument } from 'yaml'
import { aboutField, offersAt, type Schema } from './lab-schema.ts'
import { placeAt, type Step } from './yaml-place.ts'

const schema = JSON.parse(readFileSync('web/public/lab.schema.json', 'utf8')) as Schema
/** `|` is where the cursor stands. */
const at = (marked: string) => {
  const position = marked.indexOf('|')
  const text = marked.replace('|', '')
  const place = placeAt(text, position)
  return { place, text, labels: offersAt(schema, place, text).map(({ label }) => label) }
}

describe('what is offered', () => {
  it('at the top: the fields that are not there yet', () => {
    const { labels } = at('title: A\nma|\nchecks: []\n')
    expect(labels).toEqual(expect.arrayContaining(['machines', 'cables', 'variants']))
    expect(labels).not.toContain('title')
    expect(labels).not.toContain('checks')
  })
  it('in a machine, written in lines or in brackets', () => {
    for (const text of [
      'machines:\n  pc:\n    os: windows-11\n    |\n',
      'machines:\n  pc: { os: windows-11, h|\n',
      'machines:\n  pc: { os: windows-11, h| }\n  b: {}\n',
    ]) {
      const { labels, place } = at(text)
      expect([text, place.path, place.at]).toEqual([text, ['machines', 'pc'], 'key'])
      expect(labels).toEqual(expect.arrayContaining(['hostname', 'adapters', 'hyperV']))
      expect(labels).not.toContain('os')
    }
  })
  it('as values: what is possible, and machines of the file', () => {
    expect(at('machines:\n  pc:\n    os: |\n').labels).toEqual(expect.arrayContaining(['windows-11', 'ubuntu-24.04', 'router']))
    expect(at('machines:\n  pc: { os: w| }').labels).toContain('windows-11')
    expect(at('around: |').labels).toEqual(['home'])
    const lab = 'machines:\n  pc: { os: windows-11 }\n  vm1:\n    os: router\nchecks:\n  - check: reaches\n    machine: |\n'
    expect(at(lab).labels).toEqual(['pc', 'vm1'])
  })
  it('in a check: the kinds, then only the fields of the kind', () => {
    expect(at('checks:\n  - id: a\n    check: |\n').labels).toEqual(expect.arrayContaining(['has-lease', 'reaches', 'prints']))
    for (const text of [
      'checks:\n  - id: a\n    check: prints\n    |\n    title: T\n',
      'checks:\n- check: prints\n  id: a\n  title: T\n  |\n',
      'checks:\n  - { id: a, check: prints, | title: T }\n',
      'checks:\n  - { id: a, |, check: prints, title: T }\n',
    ]) {
      const { labels, place } = at(text)
      expect([text, place.path]).toEqual([text, ['checks', 0]])
      expect(labels, text).toEqual(expect.arrayContaining(['line', 'shows']))
      for (const not of ['subnet', 'id', 'title', 'check']) expect(labels, text).not.toContain(not)
    }
  })
  it('says what a field is for', () => {
    const text = 'cables:\n  - { between: [a, b], loss: 2% }'
    const place = placeAt(text, text.indexOf('loss'))
    expect(aboutField(schema, place, 'loss')?.info).toContain('how much of what is sent is lost')
  })
})

it('finds the way to every field of the labs that there are', () => {
  let fields = 0
  for (const slug of ['default-switch', 'nat-network', 'private-vlan', 'vlan', 'rogue-dhcp', 'internal-dhcp']) {
    const text = readFileSync(`labs/${slug}/lab.yaml`, 'utf8')
    const visit = (node: unknown, path: readonly Step[]): void => {
      const { items } = node as { items?: readonly { key?: { value: string; range: readonly number[] }; value: unknown }[] }
      for (const [nth, item] of (items ?? []).entries()) {
        if (item?.key === undefined) {
          visit(item, [...path, nth])
          continue
        }
        const place = placeAt(text, item.key.range[0])
        const line = text.slice(0, item.key.range[0]).split('\n').length
        expect([slug, line, place.path, place.at]).toEqual([
          slug,
          line,
          path.map((step) => (typeof step === 'number' ? 0 : step)),
          'key',
        ])
        fields++
        visit(item.value ?? {}, [...path, item.key.value])
      }
    }
    visit(parseDocument(text).contents, [])
  }
  expect(fields).toBeGreaterThan(500)
})
