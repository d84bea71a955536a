// In the first lab: pings of every size through two translators, and names that no server knows.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDefinition } from '../../definition/parse.ts'
import { scriptShells } from '../test-support/script-shell.ts'
import { Lab } from './lab.ts'

const parsed = parseDefinition(readFileSync(join(import.meta.dirname, '../../../labs/default-switch/lab.yaml'), 'utf8'))
if (!parsed.ok) throw new Error('the lab is wrong')
const lab = new Lab(parsed.definition, 5, scriptShells)
let command = 0

const ping = (console: string, host: string, size: number, dialect: string) =>
  lab.exec(console, `ping ${JSON.stringify({ host, count: 1, size, timeoutMs: 4000, intervalMs: 1000, dialect })}`, ++command)
    .output

describe('a ping', () => {
  it.each([0, 1, 1472, 1473, 8192, 65_500, 65_507])('of %i bytes comes back, from a guest through two translators', (size) => {
    expect(ping('ubuntu1', '192.0.2.80', size, 'linux')).toContain(`"bytes":${size},`)
    expect(ping('pc', '192.0.2.80', size, 'windows')).toContain(`"bytes":${size},`)
    expect(ping('pc', 'ubuntu1.mshome.net', size, 'windows')).toContain(`"bytes":${size},`)
  })

  it('of one byte more than a packet holds is refused at home', () => {
    expect(ping('ubuntu1', '192.0.2.80', 65_508, 'linux')).toContain('"reason":"too-big"')
  })
})

describe('a name of the link', () => {
  it('under .local is found by multicast DNS', () => {
    expect(ping('pc', 'ubuntu1.local', 32, 'windows')).toMatch(/"kind":"reply"/)
    expect(ping('ubuntu2', 'ubuntu1.local', 32, 'linux')).toMatch(/"kind":"reply"/)
  })

  it('of a Windows machine is answered through its firewall', () => {
    // The machine tells its address; that it does not answer pings is another matter.
    expect(ping('ubuntu1', 'win1.local', 32, 'linux')).toMatch(/"kind":"started","name":"win1.local","address":"172/)
  })

  it('that nobody has is given up', () => {
    const before = lab.now
    expect(ping('pc', 'nobody.local', 32, 'windows')).toMatch(/"kind":"unresolved".*"temporary":false/)
    expect(lab.now - before).toBe(2_000_000)
  })
})
