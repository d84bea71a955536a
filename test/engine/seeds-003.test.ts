// The guide to virtual machines and their networks (docs/seed-coverage.md, 1.4): its designs on the systems that are simulated here,
// and what is said of those that are not.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDefinition } from '../../durable/definition/parse.ts'
import { isPing, SeedLab } from './seed-lab.ts'

describe('routes by hand', () => {
  it('need a next hop on the link, on both systems', () => {
    const lab = new SeedLab()
    expect(lab.type('ubuntu1', 'sudo ip route add 10.8.0.0/16 via 10.99.99.99')).toContain('Nexthop has invalid gateway')
    expect(lab.type('ubuntu1', 'sudo route add -net 10.8.0.0 netmask 255.255.0.0 gw 10.99.99.99')).toContain(
      'Network is unreachable',
    )
    expect(lab.type('pc', 'route add 10.8.0.0 MASK 255.255.0.0 10.99.99.99')).toContain(
      'the gateway does not lie on the same network as the interface',
    )
  })

  it('are for the administrator', () => {
    const lab = new SeedLab()
    expect(lab.type('desk', 'route add -net 10.5.0.0 netmask 255.255.0.0 gw 192.168.3.1')).toContain('Operation not permitted')
    expect(lab.type('desk', 'ip route')).not.toContain('10.5.0.0')
  })

  it('are gone after a restart, those that are kept with -p are not', () => {
    const lab = new SeedLab()
    expect(lab.type('pc', 'route add 10.5.0.0 MASK 255.255.0.0 192.168.3.1')).toContain('OK!')
    expect(lab.type('pc', 'route -p add 10.6.0.0 MASK 255.255.0.0 192.168.3.1')).toContain('OK!')
    expect(lab.type('desk', 'sudo route add -net 10.5.0.0 netmask 255.255.0.0 gw 192.168.3.1; ip route')).toContain(
      '10.5.0.0/16 via',
    )
    lab.type('pc', 'Restart-Computer -Force')
    lab.type('desk', 'sudo reboot')
    expect(lab.type('pc', 'route print -4')).not.toContain('10.5.0.0')
    expect(lab.type('pc', 'route print -4')).toContain('10.6.0.0      255.255.0.0      192.168.3.1')
    expect(lab.type('desk', 'ip route')).not.toContain('10.5.0.0')
  })
})

describe('a port that is to hear everything', () => {
  it('is set to it with ip; the switch still sends it only what is its own', () => {
    const lab = new SeedLab()
    lab.type('ubuntu2', 'sudo ip link set eth0 promisc on')
    expect(lab.type('ubuntu2', 'ip link show eth0')).toContain('<BROADCAST,MULTICAST,PROMISC,UP,LOWER_UP>')
    lab.type('ubuntu1', 'ping -c 1 192.0.2.80')
    expect(lab.passed().some((one) => isPing(one) && one.at === 'ubuntu2/eth0 in')).toBe(false)
  })
})

describe('addresses of the documentation', () => {
  it('are those of this Internet', () => {
    const lab = new SeedLab()
    expect(lab.type('pc', 'ping -4 -n 1 www.example.com')).toContain('Reply from 192.0.2.80')
    const hops = lab.type('pc', 'tracert -4 -d www.example.com')
    expect(hops).toMatch(/ 203\.0\.113\.1 /)
    expect(lab.reaches('ubuntu1', '198.51.100.53')).toBe(true)
  })
})

describe('IPv6 of a link', () => {
  it('needs its interface, by -I or by a zone, even when there is only one', () => {
    const lab = new SeedLab()
    const far = 'fe80::215:5dff:fe03:3201'
    expect(lab.type('ubuntu1', `ping6 -c 1 ${far}`)).toContain('Invalid argument')
    expect(lab.type('ubuntu1', `ping6 -c 1 -I eth0 ${far}`)).toContain(' 1 received')
    expect(lab.type('ubuntu1', `ping6 -c 1 ${far}%eth0`)).toContain(' 1 received')
  })

  it('is there as soon as the link is, without anybody setting it', () => {
    const lab = new SeedLab()
    lab.type('ubuntu1', 'sudo ip link set eth0 down')
    expect(lab.type('ubuntu1', 'ip -6 address show eth0')).not.toContain('fe80::')
    lab.type('ubuntu1', 'sudo ifconfig eth0 up')
    expect(lab.type('ubuntu1', 'ip -6 address show eth0')).toContain('inet6 fe80::215:5dff:fe03:3200/64 scope link')
  })
})

describe('a bridge of a Linux host', () => {
  const YAML = `
title: A bridge
summary: A host with two ports, a computer on each side.
starts: 2026-03-02T12:00:00+00:00
machines:
  host: { os: ubuntu-24.04, role: computer, adapters: { eth0: { mac: '02:00:00:00:00:01' }, tap0: { mac: '02:00:00:00:00:02' } } }
  guest: { os: ubuntu-24.04, role: computer, adapters: { ne3: {} } }
  router:
    os: router
    adapters: { lan: { address: 10.4.0.1/24, mac: '02:00:00:00:00:10' } }
    dhcpServers: [{ adapter: lan, first: 10.4.0.50, last: 10.4.0.99, lease: 1h, domain: home }]
switches: { lan: { label: LAN } }
cables:
  - { name: inside, between: [host/tap0, guest/ne3], latency: 20us }
  - { name: port, between: [host/eth0, lan], latency: 50us }
  - { name: house, between: [router/lan, lan], latency: 50us }
`
  it('puts a guest into the LAN: its DHCP server, its gateway, and the port without an address of its own', () => {
    const lab = new SeedLab('default-switch', () => YAML)
    lab.type('host', 'sudo ip link add br0 type bridge; sudo ip addr flush dev eth0; sudo ip addr flush dev tap0')
    lab.type('host', 'sudo ip link set eth0 master br0; sudo ip link set tap0 master br0; sudo ip link set br0 up')
    expect(lab.type('guest', 'sudo dhclient -v ne3')).toContain('bound to 10.4.0.')
    expect(lab.type('guest', 'ip route')).toContain('default via 10.4.0.1')
    expect(lab.reaches('guest', '10.4.0.1')).toBe(true)
    expect(lab.type('host', 'ip -4 address show tap0')).not.toContain('inet ')
    lab.type('host', 'sudo ip link set tap0 nomaster')
    expect(lab.reaches('guest', '10.4.0.1')).toBe(false)
  })

  it('carries what the host itself takes no part in: IPv6 of the link', () => {
    const lab = new SeedLab('default-switch', () => YAML)
    lab.type('host', 'sudo ip link add br0 type bridge')
    lab.type('host', 'sudo ip link set eth0 master br0; sudo ip link set tap0 master br0; sudo ip link set br0 up')
    expect(lab.type('guest', 'ping6 -c 1 fe80::ff:fe00:10%ne3')).toContain(' 1 received')
  })
})

describe('a system that is not simulated', () => {
  it('is refused when a lab is defined', () => {
    const yaml = readFileSync(join(import.meta.dirname, '../../labs/default-switch/lab.yaml'), 'utf8')
    const parsed = parseDefinition(yaml.replace('  ubuntu2:\n    os: ubuntu-24.04', '  ubuntu2:\n    os: openbsd'))
    expect(parsed.ok).toBe(false)
    if (parsed.ok) return
    expect(parsed.faults.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      'machines.ubuntu2.os: must be `windows-11` or `ubuntu-24.04` or `router` or `server`',
    ])
  })
})
