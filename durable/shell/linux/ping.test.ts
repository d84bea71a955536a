import { describe, expect, it } from 'vitest'
import { NO_TRIPS, withTrip } from '../../engine/machine/programs/ping.ts'
import { fakeKernel, type } from './fake-kernel.ts'
import { bash } from './index.ts'

const started = { kind: 'started', name: 'vm2', address: '172.27.165.77', canonical: 'vm2.mshome.net' }
const reply = (sequence: number, micros: number) => ({
  kind: 'reply',
  from: '172.27.165.77',
  fromName: 'win1.mshome.net',
  sequence,
  bytes: 56,
  ttl: 128,
  micros,
})
const finished = (sent: number, received: number, errors: number, micros: number, times: readonly number[] = []) => ({
  kind: 'finished',
  sent,
  received,
  errors,
  trips: times.reduce(withTrip, NO_TRIPS),
  micros,
})

const endless = () => {
  const fake = fakeKernel()
  const noMore = finished(2, 2, 0, 1_001_000)
  fake.scripts.set('ping', { first: [started], endless: [reply(1, 412)], last: [noMore] })
  return fake
}

describe('ping', () => {
  it('prints as the fact sheet shows', () => {
    const fake = fakeKernel()
    fake.scripts.set('ping', [started, reply(1, 412), finished(1, 1, 0, 412, [412])])
    expect(type(bash, fake, 'ping -c 1 vm2')).toMatchObject({
      status: 0,
      output: `PING vm2.mshome.net (172.27.165.77) 56(84) bytes of data.
64 bytes from win1.mshome.net (172.27.165.77): icmp_seq=1 ttl=128 time=0.412 ms

--- vm2.mshome.net ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time 0ms
rtt min/avg/max/mdev = 0.412/0.412/0.412/0.000 ms
`,
    })
    expect(fake.calls).toEqual([
      'spawn ping {"host":"vm2","count":1,"size":56,"timeoutMs":0,"intervalMs":1000,"resolveReverse":true,"dialect":"linux"}',
    ])
  })

  it('counts losses and errors', () => {
    const fake = fakeKernel()
    const unreachable = (sequence: number) => ({
      kind: 'unreachable',
      from: '172.27.163.10',
      sequence,
      code: 'host',
      local: true,
    })
    fake.scripts.set('ping', [started, unreachable(1), unreachable(2), unreachable(3), finished(3, 0, 3, 2_041_000)])
    const { output, status } = type(bash, fake, 'ping -c 3 vm2')
    expect(output).toContain('From 172.27.163.10 icmp_seq=1 Destination Host Unreachable\n')
    expect(output).toContain('3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 2000ms\n')
    expect(status).toBe(1)
    fake.scripts.set('ping', [started, reply(1, 1000), reply(3, 12_345), finished(3, 2, 0, 2_003_000, [1000, 12_345])])
    expect(type(bash, fake, 'ping -n -c 3 vm2').output).toBe(`PING vm2.mshome.net (172.27.165.77) 56(84) bytes of data.
64 bytes from 172.27.165.77: icmp_seq=1 ttl=128 time=1.00 ms
64 bytes from 172.27.165.77: icmp_seq=3 ttl=128 time=12.3 ms

--- vm2.mshome.net ping statistics ---
3 packets transmitted, 2 received, 33.3333% packet loss, time 2000ms
rtt min/avg/max/mdev = 1.000/6.672/12.345/5.673 ms
`)
  })

  it('tells why it cannot begin', () => {
    const fake = fakeKernel()
    fake.scripts.set('ping', [{ kind: 'unresolved', name: 'x', temporary: false }])
    expect(type(bash, fake, 'ping x')).toMatchObject({ output: 'ping: x: Name or service not known\n', status: 2 })
    fake.scripts.set('ping', [{ kind: 'unresolved', name: 'x', temporary: true }])
    expect(type(bash, fake, 'ping x').output).toBe('ping: x: Temporary failure in name resolution\n')
    fake.scripts.set('ping', [started, { kind: 'failed', sequence: 1, reason: 'no-route' }, finished(1, 0, 1, 0)])
    fake.table = []
    expect(type(bash, fake, 'ping 8.8.8.8')).toMatchObject({ output: 'ping: connect: Network is unreachable\n', status: 2 })
  })

  it('checks its options', () => {
    const cases: [string, string][] = [
      ['ping', 'ping: usage error: Destination address required\n'],
      ['ping -c 0 x', "ping: invalid argument: '0': out of range: 1 <= value <= 9223372036854775807\n"],
      ['ping -c abc x', "ping: invalid argument: 'abc'\n"],
      ['ping -t 300 x', "ping: invalid argument: '300': out of range: 0 <= value <= 255\n"],
      ['ping -f x', 'ping: cannot flood, minimal interval for user must be >= 2 ms, use -i 0.002 (or higher)\n'],
      ['ping -Z x', "ping: invalid option -- 'Z'\n"],
      ['ping -I eth9 x', 'ping: unknown iface: eth9\n'],
      ['ping -6 10.0.0.1', 'ping: 10.0.0.1: Address family for hostname not supported\n'],
      ['ping -4 ::1', 'ping: ::1: Address family for hostname not supported\n'],
    ]
    for (const [line, output] of cases) expect(type(bash, fakeKernel(), line).output, line).toBe(output)
    const fake = fakeKernel()
    type(bash, fake, 'ping -c 2 -i 0.2 -W 1.5 -s 1472 -t 5 -M do -I eth0 10.0.0.1')
    expect(fake.calls[0]).toBe(
      'spawn ping {"host":"10.0.0.1","count":2,"size":1472,"timeoutMs":1500,"intervalMs":200,"ttl":5,"dontFragment":true,"source":"172.27.163.10","interface":2,"resolveReverse":false,"dialect":"linux"}',
    )
  })

  it('ends by Ctrl-C with its statistics', () => {
    const fake = endless()
    const { output, status } = type(bash, fake, 'ping vm2; echo after', { interruptAt: 5 })
    expect(output.match(/icmp_seq/g)).toHaveLength(3)
    expect(output).toContain('2 packets transmitted, 2 received, 0% packet loss, time 1000ms')
    expect(output).toContain('after\n')
    expect(status).toBe(0)
    expect(fake.killed).toEqual([101])
  })

  it('streams through a pipe line by line', () => {
    const fake = fakeKernel()
    fake.scripts.set('ping', [started, reply(1, 412), reply(2, 400), finished(2, 2, 0, 1_000_000)])
    const { writes, output } = type(bash, fake, 'ping -c 2 vm2 | grep ttl | cut -d " " -f 1-5')
    expect(output).toBe('64 bytes from win1.mshome.net (172.27.165.77):\n'.repeat(2))
    expect(writes).toHaveLength(2)
  })

  it('is ended by a reader that has enough, and by Ctrl-C in a pipe', () => {
    const fake = endless()
    expect(type(bash, fake, 'ping vm2 | head -n 2').output.split('\n')).toHaveLength(3)
    expect(fake.killed).toEqual([101])
    const other = endless()
    const { status } = type(bash, other, 'ping vm2 | grep ttl; echo no', { interruptAt: 5 })
    expect(status).toBe(130)
    expect(other.killed).toEqual([101])
  })

  it('is taken along when the console goes', () => {
    const fake = endless()
    const run = bash.run('ping vm2 | grep x', { kernel: fake, memory: {}, print: () => {} })
    run.next()
    run.return(0)
    expect(fake.killed).toEqual([101])
  })
})
