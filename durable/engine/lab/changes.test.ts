import { describe, expect, it } from 'vitest'
import type { PartRow } from '../sim/part.ts'
import { changesOf } from './changes.ts'

const row = (name: string, kind: string, state: object): PartRow => ({ name, kind, version: 1, data: JSON.stringify(state) })
const nameOf = (_machine: string, index: number) => (index === 2 ? 'eth0' : `#${index}`)
const from = (before: PartRow | undefined, after: PartRow) => changesOf(before, after, 7, nameOf)

describe('a change', () => {
  it('of a cable is that it was pulled', () => {
    const cable = (plugged: boolean) => row('pc-cable', 'cable', { plugged, flying: [[], []] })
    expect(from(cable(true), cable(false))).toEqual([{ at: 7, part: 'pc-cable', field: 'plugged', before: true, after: false }])
    expect(from(cable(true), cable(true))).toEqual([])
  })

  it('of a stack names the interface: its address, its gateway, its servers', () => {
    const stack = (ip: number, gateway: number) =>
      row('ubuntu1/stack', 'stack', {
        interfaces: [[2, { enabled: true, ssid: '', addresses: [[ip, 20, 'dhcp', 'preferred']], dnsServers: [gateway] }]],
        routes: [{ prefixLength: 0, gateway, interface: 2 }],
      })
    expect(
      from(stack(0xac13e95e, 0xac13e001), stack(0xac1a995e, 0xac1a9001)).map(({ field, before, after }) => [
        field,
        before,
        after,
      ]),
    ).toEqual([
      ['eth0 address', '172.19.233.94/20', '172.26.153.94/20'],
      ['eth0 dns', '172.19.224.1', '172.26.144.1'],
      ['gateway', '172.19.224.1 by eth0', '172.26.144.1 by eth0'],
    ])
  })

  it('of IPv6 names addresses, servers and ways', () => {
    const ip6 = (state: string, ownDns: string[] | undefined, hop: string) =>
      row('pc/ip6', 'ip6', {
        interfaces: [
          [
            2,
            {
              enabled: true,
              addresses: [['2001:db8::5', 64, 'ra', state]],
              dns: [['2001:db8::1', null]],
              ...(ownDns && { ownDns }),
            },
          ],
        ],
        routes: [
          ['::', 0, hop, 2],
          ['2001:db8::', 64, '::', 2],
        ],
      })
    const found = from(ip6('tentative', undefined, 'fe80::1'), ip6('preferred', ['2001:db8::53'], 'fe80::2'))
    expect(found.map(({ field, before, after }) => [field, before, after])).toEqual([
      ['eth0 address6', null, '2001:db8::5/64'],
      ['eth0 dns6', '2001:db8::1', '2001:db8::53'],
      ['gateway6', 'fe80::1 by eth0', 'fe80::2 by eth0'],
    ])
  })

  it('of the Default Switch is its subnet, of a virtual machine its state', () => {
    const hyperV = (network: number, power: string) =>
      row('pc/hyper-v', 'hyper-v', { network: { network, prefixLength: 20 }, vms: [['ubuntu1', { power }]] })
    const made = (host: object | null) =>
      row('pc/hyper-v', 'hyper-v', { network: null, vms: [], switches: [{ name: 'Lab', host }] })
    expect(from(made(null), made({})).map(({ field, after }) => [field, after])).toEqual([['switch Lab', 'Internal']])
    expect(from(hyperV(0xac13e000, 'Running'), hyperV(0xac1a9000, 'Saved')).map(({ field, after }) => [field, after])).toEqual([
      ['subnet', '172.26.144.0/20'],
      ['vm ubuntu1', 'Saved'],
    ])
  })

  it('from nothing has no value before', () => {
    expect(from(undefined, row('pc', 'machine', { power: 'on', boots: 1 }))).toContainEqual({
      at: 7,
      part: 'pc',
      field: 'power',
      before: null,
      after: 'on',
    })
  })
})
