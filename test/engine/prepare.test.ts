// A lab that begins with what somebody typed before, and checks that type.
import { describe, expect, it } from 'vitest'
import type { StoredLab } from '../../durable/engine/lab/lab-api.ts'
import { openRuntime } from '../../durable/runtime.ts'
import { Walk } from '../../durable/walk/walk.ts'

const yaml = `title: T
summary: S
machines:
  a: { os: ubuntu-24.04, adapters: { eth0: { address: 10.0.0.1/24 } } }
  b: { os: ubuntu-24.04, adapters: { eth0: { address: 10.0.0.2/24 } } }
cables: [{ between: [a/eth0, b/eth0] }]
prepare:
  - a> sudo ip addr add 10.0.9.1/24 dev eth0
  - a> ping -c 1 10.0.0.2
checks:
  - { id: there, check: prints, machine: a, line: ip -br address, shows: '10.0.9.1/24', title: t, hint: h }
  - { id: filled, check: prints, machine: b, line: 'ping -c 1 <address:a>', shows: '1 received', title: t, hint: h }
  - { id: absent, check: prints, machine: b, line: ip -br address, shows: '10.0.9.', expect: false, title: t, hint: h }
  - { id: changes, check: prints, machine: b, line: 'sudo ip link set eth0 down; ip -br link', shows: 'eth0*DOWN', title: t, hint: h }
  - { id: wrong, check: prints, machine: b, line: ip -br address, shows: '10.7.7.7', title: t, hint: h }
  - { id: endless, check: prints, machine: b, line: nc -l 4000, shows: x, title: t, hint: h }
`
const open = (stored?: StoredLab): Walk => {
  const opened = openRuntime(yaml, 7, stored)
  if (!opened.ok) throw new Error(JSON.stringify(opened.faults))
  return new Walk(opened.lab)
}

describe('prepared lines', () => {
  it('have been typed when the lab begins, and nobody sees them', () => {
    const walk = open()
    expect(walk.type('a', 'ip -br address show eth0')).toContain('10.0.9.1/24')
    expect(walk.lab.takeOutput()).toEqual([])
    expect(walk.type('a', 'history')).not.toContain('10.0.9.1')
    expect(walk.lab.consoles().map((one) => one.console)).toEqual(['a', 'b'])
  })

  it('are typed once: not again when the lab is put back', () => {
    const first = open()
    first.type('a', 'sudo ip addr del 10.0.9.1/24 dev eth0')
    const again = open(JSON.parse(JSON.stringify(first.lab.save())) as StoredLab)
    expect(again.type('a', 'ip -br address show eth0')).not.toContain('10.0.9.1')
  })
})

it('a check that types does so in a copy', () => {
  const walk = open()
  const before = walk.lab.save()
  const outcomes = walk.check().map(({ id, outcome }) => `${id} ${outcome}`)
  expect(outcomes).toEqual(['there pass', 'filled pass', 'absent pass', 'changes pass', 'wrong fail', 'endless could-not-run'])
  expect(walk.lab.save()).toEqual(before)
  expect(walk.check().find(({ id }) => id === 'wrong')?.message).toMatch(/^"ip -br address" on b prints no line with "10.7.7.7"/)
})

it('the definition names a line that no machine can type', () => {
  const wrong = yaml.replace('- a> sudo', '- nobody> sudo').replace('- a> ping', '- just words')
  expect(openRuntime(wrong, 1)).toMatchObject({
    ok: false,
    faults: [{ line: 9, path: 'prepare[1]', reason: 'must be `machine> line`' }],
  })
  expect(openRuntime(yaml.replace('- a> sudo', '- nobody> sudo'), 1)).toMatchObject({
    ok: false,
    faults: [{ line: 8, path: 'prepare[0]', reason: 'no machine is named nobody' }],
  })
})
