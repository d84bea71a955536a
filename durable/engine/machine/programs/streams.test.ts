// Programs over TCP, between machines of the first lab: what nc and curl stand on.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDefinition } from '../../../definition/parse.ts'
import { Lab } from '../../lab/lab.ts'
import { scriptShells } from '../../test-support/script-shell.ts'
import { formatIp } from '../../wire/addresses.ts'
import type { Process } from '../process.ts'

const parsed = parseDefinition(readFileSync(join(import.meta.dirname, '../../../../labs/default-switch/lab.yaml'), 'utf8'))
if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
const { definition } = parsed

/** Two machines on a cable that loses, behind each other by 40 ms. */
const LOSSY = `
title: A bad cable
summary: Two machines and two in a hundred frames lost.
starts: 2026-09-14T09:00:00+02:00
machines:
  reader: { os: ubuntu-24.04, adapters: { eth0: { address: 10.0.0.1/24 } } }
  writer: { os: server, adapters: { eth0: { address: 10.0.0.2/24 } }, http: {} }
cables:
  - { name: bad, between: [reader/eth0, writer/eth0], latency: 40ms, loss: 2% }
`

function lab(of = definition, seed = 3) {
  const { sim, machines } = new Lab(of, seed, scriptShells).parts
  const wait = (seconds: number) => void sim.run(sim.now + Math.round(seconds * 1_000_000))
  wait(30)
  const machine = (name: string) => machines.get(name) as NonNullable<ReturnType<typeof machines.get>>
  const run = (name: string, program: string, args: object): Process => {
    const pid = machine(name).spawn(program, args as never, `${name}:9`, 1)
    return machine(name).process(pid) as Process
  }
  const address = (name: string) => {
    for (const via of machine(name).stack.interfaces.values())
      if (via.kind === 'ethernet' && via.primary) return formatIp(via.primary.ip)
    return ''
  }
  return { sim, wait, run, address, machine }
}

type Event = { readonly kind: string; readonly [key: string]: unknown }
const take = (process: Process): Event[] => {
  const events = process.events.splice(0) as unknown as Event[]
  process.touch()
  return events
}
const kinds = (events: readonly Event[]) => events.map(({ kind }) => kind)
const octets = (events: readonly Event[]) => events.map((event) => event['octets'] ?? '').join('')

describe('tcp-listen and tcp-client', () => {
  it('carry what is typed, both ways, and end with it', () => {
    const { wait, run, address } = lab()
    const server = run('ubuntu1', 'tcp-listen', { port: 4000 })
    expect(take(server)).toEqual([{ kind: 'listening', address: '0.0.0.0', port: 4000 }])
    const client = run('ubuntu2', 'tcp-client', { host: address('ubuntu1'), port: 4000 })
    wait(1)
    expect(kinds(take(client))).toEqual(['started', 'connected'])
    expect(kinds(take(server))).toEqual(['accepted'])
    expect(client.write('hello\n')).toEqual({ ok: true })
    expect(server.write('\u00ff\u0000')).toEqual({ ok: true })
    wait(1)
    expect(octets(take(server))).toBe('hello\n')
    expect(octets(take(client))).toBe('\u00ff\u0000')
    client.closeInput()
    wait(1)
    expect(take(server)).toEqual([
      { kind: 'ended', connection: 1 },
      { kind: 'closed', connection: 1, sent: 2, received: 6 },
    ])
    expect(server.exitCode).toBe(0)
    expect(kinds(take(client))).toEqual(['ended', 'finished'])
    expect(client.exitCode).toBe(0)
    expect(client.write('more')).toEqual({ ok: false, error: 'wrong-state' })
  })

  it('hold back a sender that nobody reads, and lose nothing', () => {
    const { wait, run, address, machine } = lab()
    const server = run('ubuntu1', 'tcp-listen', { port: 4000 })
    const client = run('ubuntu2', 'tcp-client', { host: address('ubuntu1'), port: 4000 })
    wait(1)
    take(server)
    let written = 0
    for (let i = 0; i < 100; i++) {
      if (client.write('x'.repeat(50_000)).ok) written += 50_000
      wait(0.1)
    }
    expect(written).toBeLessThan(2_500_000)
    expect(server.pending).toBeLessThanOrEqual(32)
    expect(machine('ubuntu1').stack.tcp.context.memory.used).toBeLessThan(1 << 20)
    let got = 0
    for (let i = 0; i < 200; i++) {
      got += octets(take(server)).length
      wait(0.1)
    }
    expect(got).toBe(written)
    expect(kinds(take(client))).toContain('drained')
  })

  it('with keep, one connection after the other is taken', () => {
    const { wait, run, address } = lab()
    const server = run('ubuntu1', 'tcp-listen', { port: 4000, keep: true })
    for (let i = 1; i <= 3; i++) {
      const client = run('ubuntu2', 'tcp-client', { host: address('ubuntu1'), port: 4000 })
      client.write(`${i}`)
      client.closeInput()
      wait(2)
      expect(octets(take(server))).toBe(`${i}`)
    }
    expect(server.exitCode).toBeNull()
  })

  it('are refused, resolve nothing, and see the port in use', () => {
    const { wait, run, address } = lab()
    const refused = run('ubuntu2', 'tcp-client', { host: address('ubuntu1'), port: 4001 })
    const unknown = run('ubuntu2', 'tcp-client', { host: 'no.such.example', port: 1 })
    run('ubuntu1', 'tcp-listen', { port: 4002 })
    const second = run('ubuntu1', 'tcp-listen', { port: 4002 })
    wait(30)
    expect(kinds(take(refused))).toEqual(['started', 'refused', 'finished'])
    expect(kinds(take(unknown))).toEqual(['unresolved'])
    expect(take(second)).toEqual([{ kind: 'failed', reason: 'in-use' }])
  })

  it('are shown among the sockets, and gone with their process', () => {
    const { wait, run, address, machine } = lab()
    const server = run('ubuntu1', 'tcp-listen', { port: 4000, keep: true })
    const client = run('ubuntu2', 'tcp-client', { host: address('ubuntu1'), port: 4000 })
    wait(1)
    const tcp = (name: string) =>
      machine(name)
        .kernelFor('', 0)
        .sockets()
        .filter((socket) => socket.protocol === 'tcp' && (socket.localPort === 4000 || socket.remotePort === 4000))
        .map(({ state, pid }) => [state, pid])
    expect(tcp('ubuntu1')).toEqual([
      ['LISTENING', server.pid],
      ['ESTABLISHED', server.pid],
    ])
    expect(tcp('ubuntu2')).toEqual([['ESTABLISHED', client.pid]])
    client.interrupt()
    wait(1)
    expect(tcp('ubuntu2').map(([state]) => state)).toEqual(['TIME_WAIT'])
    server.interrupt()
    wait(1)
    expect(tcp('ubuntu1')).toEqual([])
  })
})

describe('http', () => {
  const request = (host: string, target: string, more: object = {}) => ({
    host,
    port: 80,
    method: 'GET',
    target,
    headers: [['Host', host]],
    output: 'events',
    ...more,
  })

  it('fetches a page by name, through two translations', () => {
    const { wait, run } = lab()
    const process = run('ubuntu1', 'http', request('www.example.com', '/'))
    wait(5)
    const events = take(process)
    expect(kinds(events)).toEqual(['started', 'connected', 'sent', 'headers', 'data', 'end'])
    expect(events.find(({ kind }) => kind === 'headers')).toMatchObject({ status: 200, version: '1.1' })
    expect(octets(events)).toContain('<h1>www</h1>')
    expect(process.exitCode).toBe(0)
  })

  it('fetches 10 MiB through the home router', () => {
    const { sim, wait, run } = lab()
    const begun = sim.now
    const process = run('desk', 'http', request('192.0.2.80', '/10MiB', { output: 'count' }))
    for (let i = 0; i < 600 && process.exitCode === null; i++) {
      wait(0.1)
      process.events.splice(0, process.events.length - 1)
    }
    const last = take(process).slice(-1)[0]
    expect(last).toMatchObject({ kind: 'end', received: 10 << 20 })
    // The line of the home carries 100 Mb/s.
    expect(sim.now - begun).toBeLessThan(10_000_000)
  })

  it.each([1, 2, 3])(
    'fetches 10 MiB over a cable that loses two in a hundred, never standing still for 2 s (seed %i)',
    (seed) => {
      const bad = parseDefinition(LOSSY)
      if (!bad.ok) throw new Error(JSON.stringify(bad.faults))
      const { sim, wait, run } = lab(bad.definition, seed)
      const process = run('reader', 'http', request('10.0.0.2', '/10MiB', { output: 'count' }))
      let received = 0
      let since = sim.now
      let longest = 0
      while (process.exitCode === null && sim.now < 600_000_000) {
        wait(0.05)
        process.events.splice(0, process.events.length - 1)
        const now = (process.save().state as { received: number }).received
        if (now !== received) {
          if (received > 0) longest = Math.max(longest, sim.now - since)
          since = sim.now
          received = now
        }
      }
      expect(take(process).slice(-1)).toMatchObject([{ kind: 'end', received: 10 << 20 }])
      expect(longest).toBeLessThan(2_000_000)
    },
  )

  it('is held back by a reader that takes nothing, and goes on when it does', () => {
    const { wait, run } = lab()
    const process = run('desk', 'http', request('192.0.2.80', '/2MiB'))
    wait(10)
    expect(process.pending).toBeLessThanOrEqual(32)
    let got = 0
    for (let i = 0; i < 400 && got < 2 << 20; i++) {
      got += octets(take(process)).length
      wait(0.1)
    }
    expect(got).toBe(2 << 20)
  })

  it.each([
    [{ port: 81 }, 'refused'],
    [{ host: '192.0.2.99' }, 'unreachable'],
    [{ host: '192.0.2.99', connectTimeoutMs: 700 }, 'timeout'],
    [{ port: 22 }, 'error'],
  ])('to %j ends with %s', (more, kind) => {
    const { wait, run } = lab()
    const process = run('desk', 'http', request('192.0.2.80', '/', more))
    wait(140)
    expect(kinds(take(process)).slice(-1)).toEqual([kind])
    expect(process.exitCode).toBe(1)
  })
})
