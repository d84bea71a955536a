// A guest that bridges: what leaves it has another address than its adapter. Hyper-V lets that through only with MAC address
// spoofing on (fact sheet 4.11, 4.14).
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { LinuxLab } from './linux-lab.ts'

const yaml = readFileSync('labs/default-switch/lab.yaml', 'utf8')
const BRIDGE = '02:00:00:00:be:ef'

test('frames of a bridge behind an adapter: dropped and visible with spoofing off, both ways with it on', () => {
  const lab = new LinuxLab({ yaml })
  for (const line of [
    'sudo ip link add br0 type bridge',
    `sudo ip link set br0 address ${BRIDGE}`,
    'sudo ip link set eth0 master br0',
    'sudo ip addr flush dev eth0',
    'sudo ip link set br0 up',
  ])
    lab.type('ubuntu1', line)
  const begun = lab.walk.lab.nextSighting
  expect(lab.type('ubuntu1', 'sudo udhcpc -i br0 -n -t 2 -T 1')).toMatch(/no lease/)
  const dropped = lab.walk.lab.sightings(begun).filter(({ verdict }) => verdict === 'source-mac')
  expect(dropped.length).toBeGreaterThan(0)
  expect(lab.walk.lab.vantages[dropped[0]?.vantage ?? 0]).toMatchObject({ machine: 'pc' })

  lab.type('pc', 'Get-VMNetworkAdapter -VMName ubuntu1 | Set-VMNetworkAdapter -MacAddressSpoofing On')
  expect(lab.type('ubuntu1', 'sudo udhcpc -i br0 -n -t 3 -T 1')).toMatch(/lease of \S+ obtained/)
  lab.reopen()
  // Answers find it behind the adapter: the switch has learned where it is.
  const gateway = /default via (\S+)/.exec(lab.type('ubuntu1', 'ip route'))?.[1] ?? ''
  expect(lab.type('ubuntu1', `sudo arping -c 1 -I br0 ${gateway}`)).toContain('Received 1 response')
  expect(lab.type('ubuntu1', 'ping -c 1 192.0.2.80')).toContain('1 received')

  lab.type('pc', 'Get-VMNetworkAdapter -VMName ubuntu1 | Set-VMNetworkAdapter -MacAddressSpoofing Off')
  const after = lab.walk.lab.nextSighting
  expect(lab.type('ubuntu1', 'ping -c 1 -W 1 192.0.2.80')).toContain('0 received')
  expect(lab.walk.lab.sightings(after).some(({ verdict }) => verdict === 'source-mac')).toBe(true)
})
