// A real Debian kernel under QEMU boots at a port of a lab.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { able } from './able.ts'
import { type Adapter, boot, makeGuest } from './guest.ts'
import { judge } from './judge.ts'
import { type Lab, type Service, startService } from './service.ts'

const definition = readFileSync(join(import.meta.dirname, 'lab.yaml'), 'utf8')

describe.skipIf(!able('a guest under QEMU', 'qemu-system-x86_64', 'cpio', 'apt-get', 'dpkg'))('a Debian guest under QEMU', () => {
  let service: Service
  let lab: Lab
  beforeAll(async () => {
    makeGuest()
    service = await startService()
    lab = await service.lab(definition)
  })
  afterAll(() => service.stop())

  it.each([
    ['pc.default-switch:1', 'virtio-net-pci'],
    ['home:5', 'e1000'],
  ] as [string, Adapter][])('at %s with %s: boots, takes a lease, pings, resolves, fetches a page', async (port, adapter) => {
    const { said, seconds, capture, log } = await boot(service, lab, port, adapter, {
      ping: '198.51.100.53',
      name: 'www.example.test',
      page: 'http://www.example.test/',
      // The Default Switch has IPv4 only.
      ...(port.startsWith('home') && { ipv6: '2001:db8:51::53' }),
    })
    console.log(`${adapter} at ${port}: ${said.join('; ')}; ${seconds.toFixed(1)} s`)
    expect(
      said.filter((one) => /^(PASS|FAIL)/.test(one)),
      log,
    ).toEqual([
      'PASS lease',
      'PASS ping',
      'PASS resolve',
      'PASS fetch',
      ...(port.startsWith('home') ? ['PASS slaac', 'PASS ping6', 'PASS fetch6'] : []),
    ])
    expect(said.at(-1)).toBe('END')
    expect(judge(capture).faults).toEqual([])
  })
})
