// Checks about labs in which people did what nobody had thought of: an adapter with another name, two addresses, only IPv6, a machine
// that is off, another connection beside the one that counts.
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { faultText, parseDefinition } from '../../durable/definition/parse.ts'
import { parseRubric } from '../../durable/definition/rubric.ts'
import type { CheckDefinition } from '../../durable/engine/lab/definition.ts'
import { Lab } from '../../durable/engine/lab/index.ts'
import { shells } from '../../durable/runtime.ts'
import { parseScript } from '../../durable/walk/script.ts'
import { Walk } from '../../durable/walk/walk.ts'
import { readSampleLab } from '../../scripts/checks-page.ts'

function played(script: string): Walk {
  const parsed = parseDefinition(readSampleLab(), 5)
  if (!parsed.ok) throw new Error(parsed.faults.map(faultText).join('\n'))
  const walk = new Walk(new Lab(parsed.definition, 5, shells)).play(parseScript(script).steps)
  expect(walk.told.map(({ fault }) => fault).filter((fault) => fault !== '')).toEqual([])
  return walk
}

function checkOf({ lab }: Walk, check: object): CheckDefinition {
  const rubric = parseRubric(stringify([{ id: 'it', title: 'It', ...check }]), lab.definition)
  if (!rubric.ok) throw new Error(rubric.faults.map(faultText).join('\n'))
  return rubric.checks[0] as CheckDefinition
}

function outcome(walk: Walk, check: object, value?: string) {
  const one = checkOf(walk, check)
  const answers = value === undefined ? [] : [{ line: 99, check: 'it', value, at: walk.lab.now, noted: walk.lab.noted(one) }]
  return walk.lab.grade([one], { ...walk.material(), answers })[0]?.outcome
}

describe('an adapter that was given another name', () => {
  it.each([
    "pc> Rename-NetAdapter -Name Ethernet -NewName 'Home network'",
    'pc> netsh interface set interface name=Ethernet newname=House',
  ])('is the one of the file: %s', (line) => {
    const walk = played(line)
    const its = { machine: 'pc', adapter: 'Ethernet' }
    const fact = { machine: 'pc', of: 'adapter', name: 'Ethernet', field: 'prefix-length' }
    for (const check of [
      { check: 'has-address', ...its, in: '192.168.3.0/24' },
      { check: 'has-lease', ...its, from: 'router' },
      { check: 'has-route', ...its, to: 'default', via: 'router' },
      { check: 'dns-server', ...its, server: '192.168.3.1' },
      { check: 'adapter', ...its, up: true, dhcp: true },
      { check: 'property', ...fact, is: 24 },
    ])
      expect([check.check, outcome(walk, check)]).toEqual([check.check, 'pass'])
    expect(outcome(walk, { check: 'answer', value: fact }, '255.255.255.0')).toBe('pass')
    expect(outcome(walk, { check: 'answer', value: fact }, '255.255.0.0')).toBe('fail')
    // And of what has no such adapter the name says nothing else.
    expect(outcome(walk, { check: 'has-address', machine: 'pc', adapter: 'Ethernet 7' })).toBe('fail')
  })
})

describe('a machine with several addresses', () => {
  const two = `
guest> sudo ip addr add 10.7.7.7/24 dev eth0
other> sudo ip addr add 10.7.7.8/24 dev eth0
pc> Get-VMNetworkAdapter -VMName guest,other | Connect-VMNetworkAdapter -SwitchName Lab
pc> Set-VMNetworkAdapterVlan -VMName other -Untagged
pc> Get-VMNetworkAdapterAcl -VMName other | Remove-VMNetworkAdapterAcl
`
  it('is reached at that of the network in which the other one is', () => {
    const walk = played(two)
    expect(outcome(walk, { check: 'reaches', machine: 'guest', target: 'other' })).toBe('pass')
    expect(outcome(walk, { check: 'has-address', machine: 'guest', in: '10.7.7.0/24' })).toBe('pass')
    const further = played(
      `${two}guest> sudo ip addr add 10.7.9.1/24 dev eth0\nother> sudo ip addr flush dev eth0\nother> sudo ip addr add 172.31.0.9/24 dev eth0\nother> sudo ip addr add 10.7.9.2/24 dev eth0`,
    )
    expect(outcome(further, { check: 'reaches', machine: 'guest', target: 'other' })).toBe('pass')
  })
  it('by IPv6 where it has nothing else', () => {
    const walk = played(`${two}guest> sudo ip -6 addr add fd00:7::1/64 dev eth0
other> sudo ip -4 addr flush dev eth0
other> sudo ip -6 addr add fd00:7::2/64 dev eth0`)
    expect(outcome(walk, { check: 'reaches', machine: 'guest', target: 'other' })).toBe('pass')
    expect(outcome(walk, { check: 'has-address', machine: 'other', in: 'fd00:7::/64' })).toBe('pass')
  })
})

it('a machine that is off makes checks that could not run, and answers that were noted stay right', () => {
  const walk = played('guest> ip address')
  const fact = { machine: 'guest', of: 'adapter', name: 'eth0', field: 'prefix-length' }
  const one = checkOf(walk, { check: 'answer', value: fact })
  const noted = walk.lab.noted(one)
  const [length = ''] = Object.values(noted).flat()
  const mask = `255.255.${256 - 2 ** (24 - Number(length))}.0`
  walk.play(parseScript('@ power-off guest').steps)
  const given = { line: 99, check: 'it', value: mask, at: walk.lab.now, noted }
  expect(walk.lab.grade([one], { ...walk.material(), answers: [given] })[0]?.outcome).toBe('pass')
  expect(outcome(walk, { check: 'has-address', machine: 'guest' })).toBe('could-not-run')
  expect(outcome(walk, { check: 'connection', machine: 'guest' })).toBe('could-not-run')
})

it.each(['sudo dhclient eth0', 'sudo networkctl renew eth0'])(
  'an address of another network, typed in place of a leased one, is no obstacle to %s',
  (line) => {
    const walk = played(`guest> sudo ip addr flush dev eth0\nguest> sudo ip addr add 10.7.7.7/24 dev eth0\nguest> ${line}`)
    expect(outcome(walk, { check: 'has-lease', machine: 'guest', subnet: 'default-switch', from: 'pc' })).toBe('pass')
    expect(outcome(walk, { check: 'has-address', machine: 'guest', in: '10.7.7.0/24', origin: 'manual' })).toBe('pass')
    expect(outcome(walk, { check: 'reaches', machine: 'guest', target: 'server' })).toBe('pass')
  },
)

describe('a connection', () => {
  const opened = 'guest:2& nc 198.51.100.9 80\n'
  it('counts by where it was opened, whatever was opened or closed since', () => {
    const walk = played(`${opened}guest> curl -s http://198.51.100.9/\nguest:3& nc 198.51.100.9 80\n@ interrupt guest:3`)
    expect(outcome(walk, { check: 'connection', machine: 'guest', remote: 'server', remotePort: 80, openedOver: 'eth0' })).toBe(
      'pass',
    )
    expect(outcome(walk, { check: 'connection', machine: 'server', port: 80, remote: 'router/wan', openedOver: 'eth0' })).toBe(
      'pass',
    )
    expect(outcome(walk, { check: 'connection', machine: 'server', port: 80, openedOver: 'eth1' })).toBe('fail')
  })
  it('that was closed is none', () => {
    const walk = played(`${opened}@ interrupt guest:2`)
    expect(outcome(walk, { check: 'connection', machine: 'guest', remotePort: 80 })).toBe('fail')
  })
})
