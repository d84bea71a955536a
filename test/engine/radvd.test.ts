// A Linux machine that says it is an IPv6 router, and the daemon that tells a computer its guests' addresses.
import { expect, it } from 'vitest'
import type { StoredLab } from '../../durable/engine/lab/lab-api.ts'
import { openRuntime } from '../../durable/runtime.ts'
import { Walk } from '../../durable/walk/walk.ts'

const yaml = `title: T
summary: S
machines:
  a: { os: ubuntu-24.04, adapters: { eth0: { address: 10.0.0.1/24 } } }
  b: { os: ubuntu-24.04, adapters: { eth0: { address: 10.0.0.2/24 } } }
cables: [{ between: [a/eth0, b/eth0] }]
`
const open = (stored?: StoredLab): Walk => {
  const opened = openRuntime(yaml, 3, stored)
  if (!opened.ok) throw new Error(JSON.stringify(opened.faults))
  return new Walk(opened.lab)
}
const stored = (walk: Walk) => open(JSON.parse(JSON.stringify(walk.lab.save())) as StoredLab)
const CONF =
  'interface eth0 { AdvSendAdvert on; prefix 2001:db8:66::/64 { AdvValidLifetime 600; AdvPreferredLifetime 300; }; RDNSS 2001:db8:66::53 { }; };'

function started(conf = CONF): Walk {
  const walk = open()
  walk.type('a', 'sudo sysctl -w net.ipv6.conf.all.forwarding=1')
  walk.type('a', `echo '${conf}' | sudo tee /etc/radvd.conf`)
  walk.type('a', 'sudo systemctl start radvd')
  return walk
}

it('gives everybody on the link a prefix and a router, also after it was put back', () => {
  const walk = stored(started())
  expect(walk.type('b', 'sleep 2; ip -6 address show eth0')).toContain('inet6 2001:db8:66:')
  expect(walk.type('b', 'ip -6 route')).toMatch(/^default via fe80::\S+ dev eth0/m)
})

it('says goodbye when it stops', () => {
  const walk = stored(started())
  expect(walk.type('b', 'sleep 2; ip -6 route')).toContain('default')
  walk.type('a', 'sudo systemctl stop radvd')
  expect(walk.type('b', 'sleep 1; ip -6 route')).not.toContain('default')
})

it('does not start from a file that says nothing it understands, and tells where', () => {
  const walk = started('interface eth0 { prefix somewhere; };')
  expect(walk.type('a', 'systemctl is-active radvd')).toBe('failed\n')
  expect(walk.type('a', 'journalctl -u radvd')).toContain('error parsing or activating the config file: /etc/radvd.conf')
})

it('belongs to no real machine that is not a guest: the daemon of Hyper-V', () => {
  expect(open().type('a', 'systemctl status hv-kvp-daemon')).toContain('could not be found')
})
