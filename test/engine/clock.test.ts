// Time that can be moved: live and instant, steps, advances, storms; and a session that is run again.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseDefinition } from '../../durable/definition/parse.ts'
import type { LabDefinition } from '../../durable/engine/lab/definition.ts'
import { Lab } from '../../durable/engine/lab/lab.ts'
import type { Operation } from '../../durable/engine/lab/lab-api.ts'
import { type Recorded, replay } from '../../durable/engine/lab/replay.ts'
import { CorruptPart } from '../../durable/engine/lab/upgrade.ts'
import { DAY, SECOND } from '../../durable/engine/sim/time.ts'
import { shells } from '../../durable/runtime.ts'

const parsed = parseDefinition(readFileSync('labs/default-switch/lab.yaml', 'utf8'))
if (!parsed.ok) throw new Error('the first lab does not parse')
const { definition } = parsed
const open = (change: Partial<LabDefinition> = {}) => new Lab({ ...definition, ...change }, 1, shells)

describe('live time', () => {
  it('lets a command wait for its packets, and prints as they come', () => {
    const lab = open()
    lab.operate({ do: 'mode', mode: 'live' }, 1)
    const begun = lab.exec('ubuntu1', 'ping -c 2 192.168.3.1', 2)
    expect(begun.status).toBe('running')
    expect(begun.endedAt).toBe(begun.startedAt)
    lab.runTo(lab.now + SECOND / 2, 100_000)
    const first = lab
      .takeOutput()
      .map(({ text }) => text)
      .join('')
    expect(first).toContain('icmp_seq=1')
    expect(first).not.toContain('icmp_seq=2')
    lab.runTo(lab.now + 2 * SECOND, 100_000)
    const rest = lab.takeOutput()
    expect(rest.map(({ text }) => text).join('')).toContain('2 received')
    expect(rest.at(-1)?.ended).toEqual({ exitStatus: 0 })
  })

  it('ends a program that never ends by Ctrl-C, with its statistics', () => {
    const lab = open()
    lab.operate({ do: 'mode', mode: 'live' }, 1)
    lab.exec('pc', 'ping -t 192.168.3.1', 2)
    lab.runTo(lab.now + 3 * SECOND, 100_000)
    lab.interrupt('pc')
    const text = lab
      .takeOutput()
      .map((one) => one.text)
      .join('')
    expect(text).toContain('Ping statistics for 192.168.3.1')
    expect(lab.console('pc')?.busy).toBe(false)
  })

  it('goes on by packets', () => {
    const lab = open()
    lab.operate({ do: 'mode', mode: 'live' }, 1)
    lab.exec('ubuntu1', 'ping -c 1 192.168.3.1', 2)
    const seen = lab.nextSighting
    for (let i = 0; i < 4; i++) expect(lab.operate({ do: 'step', kind: 'packet' }, 3 + i).refused).toBeUndefined()
    expect(lab.nextSighting).toBeGreaterThanOrEqual(seen + 4)
  })
})

describe('an advance', () => {
  it('leads to the next renewal of a lease, at half its time', () => {
    const lab = open()
    const at = lab.nextOf('lease-renewal') as number
    const before = lab.nextSighting
    lab.operate({ do: 'advance', to: at }, 1)
    expect(lab.now).toBeGreaterThanOrEqual(at)
    expect(lab.sightings(before).length).toBeGreaterThan(0)
    expect(
      lab
        .kernel('pc')
        ?.interfaces()
        .find((i) => i.name === 'Ethernet')?.lease?.state,
    ).toBe('bound')
  })

  it('over nine days keeps every lease alive', () => {
    const lab = open()
    const addresses = () =>
      lab.machineNames().map((name) =>
        lab
          .kernel(name)
          ?.interfaces()
          .flatMap((i) => i.addresses.map((a) => a.address))
          .join(),
      )
    const before = addresses()
    lab.operate({ do: 'advance', to: lab.now + 9 * DAY }, 1)
    expect(addresses()).toEqual(before)
  })

  for (const [what, to] of [
    ['backwards', -1],
    ['to now', 0],
    ['by eleven years', 11 * 365 * DAY],
    ['to nowhere', Number.NaN],
  ] as const) {
    it(`${what} is refused and changes nothing`, () => {
      const lab = open()
      const before = JSON.stringify(lab.save())
      expect(lab.operate({ do: 'advance', to: lab.now + to }, 1).refused).toContain('at most ten years')
      expect(JSON.stringify(lab.save())).toBe(before)
    })
  }
})

describe('a loop of cables', () => {
  it('storms, is named, and the lab stays usable', () => {
    const attic = { name: 'attic', label: 'Attic', ssid: '' }
    const cable = (name: string, plugged: boolean) => ({ name, a: 'attic', b: 'home-switch', latency: 50, rate: 0, plugged })
    const lab = open({
      switches: [...definition.switches, attic],
      cables: [...definition.cables, cable('first', true), cable('second', false)],
    })
    lab.operate({ do: 'hand', hand: { action: 'plug', link: 'second' } }, 1)
    const { unsettled } = lab.exec('desk', 'ping -c 1 192.168.3.1', 2)
    expect(unsettled.join('\n')).toMatch(/storm: packet \d+ goes round in circles\. home-switch passed it on 1000 times/)
    lab.operate({ do: 'hand', hand: { action: 'unplug', link: 'second' } }, 3)
    lab.operate({ do: 'advance', to: lab.now + 400 * SECOND }, 4)
    expect(lab.exec('desk', 'ping -c 1 192.168.3.1', 5).output).toContain('1 received')
  })
})

const OPERATIONS: readonly Operation[] = [
  { do: 'line', console: 'pc', line: 'ipconfig /all' },
  { do: 'line', console: 'ubuntu1', line: 'ping -c 2 www.example.com' },
  { do: 'line', console: 'win1', line: 'ping -t 192.168.3.1' },
  { do: 'hand', hand: { action: 'unplug', link: 'pc-cable' } },
  { do: 'line', console: 'pc', line: 'netsh wlan connect name="HomeNet"' },
  { do: 'advance', to: 3_000 * SECOND },
  { do: 'interrupt', console: 'win1' },
  { do: 'mode', mode: 'live' },
  { do: 'line', console: 'ubuntu1', line: 'ping -c 3 www.example.com' },
  { do: 'step', kind: 'packet' },
  { do: 'mode', mode: 'instant' },
  { do: 'line', console: 'pc', line: 'Restart-Computer -Force' },
]

function record(lab: Lab): Recorded[] {
  return OPERATIONS.map((operation, at) => {
    const given = { id: at + 1, at: lab.now, operation }
    const { output, exitStatus } = lab.operate(operation, given.id)
    return { ...given, output, exitStatus, digest: lab.digest() }
  })
}

const run = (session: readonly Recorded[], seed = 1) => {
  const steps = replay(definition, seed, shells, session)
  for (let next = steps.next(); ; next = steps.next()) if (next.done) return next.value
}

describe('a session run again', () => {
  it('is the same, byte for byte', () => {
    expect(run(record(open()))).toBeUndefined()
  })

  it('names the first input whose packets differ', () => {
    const session = record(open())
    const other = {
      ...(session[1] as Recorded),
      operation: { do: 'line', console: 'ubuntu1', line: 'ping -c 3 www.example.com' } as const,
    }
    const found = run(session.map((one) => (one.id === 2 ? other : one)))
    expect(found).toMatchObject({ id: 2, what: 'packets' })
    expect((found?.sightings[1] ?? 0) - (found?.sightings[0] ?? 0)).toBeGreaterThan(0)
    expect(run(session, 2)).toMatchObject({ id: 1 })
  })
})

describe('a stored lab with a row that is spoilt', () => {
  it('says which part it is', () => {
    const stored = open().save()
    const spoil = (data: string) => stored.parts.map((row) => (row.name === 'pc/stack' ? { ...row, data } : row))
    const reopen = (data: string) => () => new Lab(definition, 1, shells, { ...stored, parts: spoil(data) })
    expect(reopen('{"powered":tr')).toThrow(CorruptPart)
    expect(reopen('{}')).toThrow('pc/stack')
  })
})
