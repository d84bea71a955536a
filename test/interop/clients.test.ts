// Real clients, in network namespaces, at ports of a lab.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { able } from './able.ts'
import { Client } from './client.ts'
import { judge } from './judge.ts'
import { type Lab, type Service, startService } from './service.ts'

const definition = readFileSync(join(import.meta.dirname, 'lab.yaml'), 'utf8')
const ANYWHERE = '198.51.100.53'
const SIX = '2001:db8:51::53'
const MEBIBYTES_10 = 10 * 1024 * 1024
const CURL = ['-sS', '--max-time', '160', '-o', '/dev/null', '-w', '%{size_download} %{time_total}\n']
const PORTS = [
  ['the Default Switch', 'pc.default-switch:1'],
  ['the home router', 'home:5'],
] as const

describe.skipIf(!able('real clients', 'udhcpc', 'dhclient', 'dig', 'ping', 'curl'))('a real client', () => {
  let service: Service
  let lab: Lab
  let clients: Client[] = []
  beforeAll(async () => {
    service = await startService()
    lab = await service.lab(definition)
  })
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.unplug()))
    clients = []
  })
  afterAll(() => service.stop())
  const plug = async (port: string): Promise<Client> => {
    const client = await Client.plug(service, lab, port)
    clients.push(client)
    return client
  }
  /** What everything that went through has to be; after this the clients are gone. */
  const judged = async (explained?: RegExp): Promise<number> => {
    const errors = await Promise.all(clients.map((client) => client.kernelErrors()))
    await Promise.all(clients.map((client) => client.unplug()))
    const verdicts = clients.map((client) => judge(client.capture, explained))
    clients = []
    expect(errors.flat()).toEqual([])
    expect(verdicts.flatMap(({ faults }) => faults)).toEqual([])
    return verdicts.reduce((sum, { frames }) => sum + frames, 0)
  }

  describe.each(PORTS)('at %s', (_, port) => {
    it('udhcpc: lease, renewal, release', async () => {
      const client = await plug(port)
      const pid = join(service.folder, `${client.ns}.pid`)
      const stays = ['-i', 'eth0', '-n', '-t', '5', '-T', '2', '-p', pid, '-s', join(import.meta.dirname, 'lease-script')]
      const leased = await client.run('udhcpc', ...stays)
      expect(leased.out).toMatch(/lease of \S+ obtained/)
      const { address, gateway } = await client.where()
      expect(leased.out).toContain(`lease of ${address} obtained`)
      expect((await client.run('ping', '-c', '1', '-W', '2', ANYWHERE)).status).toBe(0)
      expect((await client.run('ip', 'neigh', 'show', gateway)).out).toMatch(/lladdr/)
      const server = async () =>
        (await lab.ask<{ leases: { address: string; mac: string; state: string }[] }>('GET', '/leases')).leases.filter(
          (one) => one.mac.toLowerCase().replaceAll('-', ':') === client.mac,
        )
      expect(await server()).toMatchObject([{ address }])
      // SIGUSR1 renews now, SIGUSR2 releases.
      process.kill(Number(readFileSync(pid, 'utf8')), 'SIGUSR1')
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      expect((await client.where()).address).toBe(address)
      process.kill(Number(readFileSync(pid, 'utf8')), 'SIGUSR2')
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      expect((await client.where()).address).toBe('')
      process.kill(Number(readFileSync(pid, 'utf8')), 'SIGTERM')
      const seen = await lab.ask<{ packets: { info: string; where: string }[] }>('GET', '/packets?after=-1&limit=500&filter=dhcp')
      const here = seen.packets.filter(({ where }) => where.startsWith(port)).map(({ info }) => info)
      for (const kind of ['Discover', 'Offer', 'Request', 'ACK', 'Release']) expect(here.join('\n')).toContain(kind)
      await judged()
    })

    it('dhclient: lease, renewal, release', async () => {
      const client = await plug(port)
      const files = [
        ...['-v', '-1', '-sf', join(import.meta.dirname, 'lease-script')],
        ...['-lf', join(service.folder, `${client.ns}.leases`), '-pf', join(service.folder, `${client.ns}.dhclient`)],
        ...['-cf', '/dev/null'],
      ]
      const leased = await client.run('dhclient', ...files, 'eth0')
      expect(leased.out).toMatch(/DHCPACK/)
      const { address } = await client.where()
      expect(leased.out).toContain(`bound to ${address}`)
      // It ends, keeps its lease, and asks for the same address again when it starts.
      await client.run('dhclient', ...files, '-x', 'eth0')
      const again = await client.run('dhclient', ...files, 'eth0')
      expect(again.out).toContain('DHCPREQUEST')
      expect(again.out).not.toContain('DHCPDISCOVER')
      expect((await client.where()).address).toBe(address)
      const released = await client.run('dhclient', ...files, '-r', 'eth0')
      expect(released.out).toContain('DHCPRELEASE')
      await judged()
    })

    it('ping of sizes 0 to 65,507', async () => {
      const client = await plug(port)
      await client.udhcpc()
      const { gateway } = await client.where()
      for (const size of [0, 1, 56, 1_472, 1_473, 2_000, 8_972, 32_768, 65_507]) {
        // Windows answers no echo, so through the Default Switch only what is behind it is asked.
        for (const target of port.startsWith('home') ? [gateway, ANYWHERE] : [ANYWHERE]) {
          const { out, status } = await client.run('ping', '-c', '2', '-i', '0.2', '-W', '3', '-s', String(size), target)
          expect(status, `${size} bytes to ${target}: ${out}`).toBe(0)
          expect(out).toMatch(/2 (packets )?received/)
        }
      }
      await judged()
    })

    it('curl of 10 MiB through the NAT', async () => {
      const client = await plug(port)
      await client.udhcpc()
      const speeds: number[] = []
      for (let times = 0; times < 3; times++) {
        const { out, status } = await client.run('curl', ...CURL, 'http://www.example.test/10MiB')
        expect(status, out).toBe(0)
        const [size = 0, seconds = 1] = out.trim().split('\n').at(-1)?.split(' ').map(Number) ?? []
        expect(size).toBe(MEBIBYTES_10)
        speeds.push(size / 1e6 / seconds)
      }
      console.log(`curl of 10 MiB at ${port}: ${speeds.map((one) => one.toFixed(1)).join(', ')} MB/s`)
      await judged()
    })

    it('dig over UDP and TCP', async () => {
      const client = await plug(port)
      await client.udhcpc()
      const [own = ''] = client.resolvers
      const short = async (...args: string[]) => (await client.run('dig', '+time=3', '+tries=2', '+short', ...args)).out.trim()
      expect(await short(`@${own}`, 'www.example.test')).toBe('198.51.100.53')
      expect(await short('@198.51.100.53', 'www.example.test')).toBe('198.51.100.53')
      expect(await short('+tcp', '@198.51.100.53', 'www.example.test')).toBe('198.51.100.53')
      // The proxy of the Default Switch speaks UDP only (fact sheet 4.5).
      if (port.startsWith('home')) expect(await short('+tcp', `@${own}`, 'www.example.test')).toBe('198.51.100.53')
      expect((await client.run('dig', `@${own}`, 'nothing.example.test')).out).toContain('NXDOMAIN')
      await judged()
    })
  })

  it('dhclient at the home router: renews at half of a short lease, unasked', async () => {
    // A lab of its own, whose leases last 24 seconds.
    const whole = lab
    lab = await service.lab(definition.replace(/lease: \w+/, 'lease: 24s'))
    try {
      const client = await plug('home:5')
      const files = [
        ...['-v', '-1', '-sf', join(import.meta.dirname, 'lease-script')],
        ...['-lf', join(service.folder, `${client.ns}.leases`), '-pf', join(service.folder, `${client.ns}.dhclient`)],
        ...['-cf', '/dev/null'],
      ]
      const leased = await client.run('dhclient', ...files, 'eth0')
      expect(leased.out).toMatch(/bound to \S+ -- renewal in \d+ seconds/)
      const { address, gateway } = await client.where()
      // ISC's client draws its moment between half and the whole of T1 (RFC 2131 section 4.4.5).
      await new Promise((resolve) => setTimeout(resolve, 16_000))
      const filter = encodeURIComponent(`dhcp.option.dhcp == 3 && ip.src == ${address} && ip.dst == ${gateway}`)
      const renewed = await lab.ask<{ packets: { info: string }[] }>('GET', `/packets?after=-1&limit=500&filter=${filter}`)
      expect(renewed.packets.length).toBeGreaterThan(0)
      const acks = encodeURIComponent(`dhcp.option.dhcp == 5 && ip.dst == ${address} && dhcp.ip.client == ${address}`)
      const acked = await lab.ask<{ packets: { info: string }[] }>('GET', `/packets?after=-1&limit=500&filter=${acks}`)
      expect(acked.packets.length).toBeGreaterThan(0)
      expect((await client.where()).address).toBe(address)
      expect((await client.run('dhclient', ...files, '-r', 'eth0')).out).toContain('DHCPRELEASE')
      await judged()
    } finally {
      lab = whole
    }
  })

  it('IPv6 by SLAAC: address, router, name server, ping, download', async () => {
    const client = await Client.plug(service, lab, 'home:5', { ipv6: true })
    clients.push(client)
    let address = ''
    for (let left = 60; address === '' && left > 0; left--) {
      const { out } = await client.run('ip', '-6', '-o', 'addr', 'show', 'dev', 'eth0', 'scope', 'global', '-tentative')
      address = /inet6 (\S+)\//.exec(out)?.[1] ?? ''
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    expect(address).toMatch(/^2001:db8:3::?/)
    expect((await client.run('ip', '-6', 'route')).out).toMatch(/default via fe80::\S+ dev eth0 proto ra/)
    for (const size of [0, 56, 1_452, 1_453, 8_000, 65_507]) {
      const { out, status } = await client.run('ping', '-6', '-c', '2', '-i', '0.2', '-W', '3', '-s', String(size), SIX)
      expect(status, `${size} bytes: ${out}`).toBe(0)
    }
    const short = async (...args: string[]) => (await client.run('dig', '+time=3', '+short', ...args)).out.trim()
    expect(await short(`@${SIX}`, 'AAAA', 'www.example.test')).toBe(SIX)
    expect(await short('+tcp', '@2001:db8:3::1', 'AAAA', 'www.example.test')).toBe(SIX)
    const { out, status } = await client.run('curl', ...CURL, '-6', `http://[${SIX}]/10MiB`)
    expect(status, out).toBe(0)
    expect(Number(out.trim().split('\n').at(-1)?.split(' ')[0])).toBe(MEBIBYTES_10)
    await judged()
  })

  it('curl of 10 MiB over a cable with 2 % loss and 40 ms, without a stall of two seconds', async () => {
    const client = await plug('home:5')
    await client.udhcpc()
    const { out, status } = await client.run(
      'curl',
      ...CURL,
      '--speed-time',
      '2',
      '--speed-limit',
      '1',
      'http://far.example.test/10MiB',
    )
    expect(status, out).toBe(0)
    const [size = 0, seconds = 1] = out.trim().split('\n').at(-1)?.split(' ').map(Number) ?? []
    expect(size).toBe(MEBIBYTES_10)
    console.log(`curl of 10 MiB over the bad line: ${seconds.toFixed(1)} s, ${(size / 1e6 / seconds).toFixed(2)} MB/s`)
    // What a capture shows at the end of a line that loses frames.
    await judged(/Previous segment\(s\) not captured|out-of-order segment|D-SACK Sequence/)
  })

  it('its round trips through the lab are short', async () => {
    const client = await plug('home:5')
    await client.udhcpc()
    const { gateway } = await client.where()
    const { out } = await client.run('ping', '-c', '50', '-i', '0.02', gateway)
    const [, average = '1000'] = /= [\d.]+\/([\d.]+)\//.exec(out) ?? []
    console.log(`ping ${gateway} through the lab: ${out.trim().split('\n').at(-1)}`)
    expect(Number(average)).toBeLessThan(50)
    await judged()
  })

  it('a capture is replayed into the lab with its timing', async () => {
    const fresh = await service.lab(definition)
    const first = await Client.plug(service, fresh, 'home:5')
    clients.push(first)
    await first.udhcpc()
    const { gateway } = await first.where()
    await first.run('ping', '-c', '3', '-i', '0.5', gateway)
    const { capture, mac } = first
    await judged()
    const only = join(service.folder, 'sent.pcap')
    execFileSync('tshark', ['-n', '-r', capture, '-Y', `eth.src == ${mac}`, '-F', 'pcap', '-w', only], { stdio: 'ignore' })
    const args = ['--url', service.url, '--lab', fresh.id, '--port', 'home:6', '--pcap-in', only]
    const env = { ...process.env, SWITCHROOM_TOKEN: await fresh.token('home:6') }
    const begun = performance.now()
    execFileSync('node', ['scripts/run.mjs', 'scripts/attach.ts', ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    expect(performance.now() - begun).toBeGreaterThan(1_000)
    const seen = await fresh.ask<{ packets: { where: string; info: string }[] }>('GET', '/packets?after=-1&limit=500&filter=icmp')
    expect(seen.packets.filter(({ where }) => where.startsWith('home:6')).length).toBeGreaterThanOrEqual(6)
  })

  it('what it sent is recorded, and the session comes out the same when it is run again', async () => {
    const { same, difference } = await lab.ask<{ same: boolean; difference: unknown }>('POST', '/replay')
    expect(difference).toBeNull()
    expect(same).toBe(true)
  })
})
