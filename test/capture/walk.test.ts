// The whole walk through the first lab, judged by tshark: no malformed frame, no bad checksum, no expert error, and what
// our packet list says of each frame contains what tshark says.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { LINK_ETHERNET, LINK_RAW_IP, pcapng } from '../../durable/engine/lab/pcapng.ts'
import type { Sighting } from '../../durable/engine/link/recorder.ts'
import { createMemory, dissect } from '../../durable/engine/wire/dissect.ts'
import { openRuntime } from '../../durable/runtime.ts'
import { parseScript } from '../../durable/walk/script.ts'
import { Walk } from '../../durable/walk/walk.ts'

const missing = spawnSync('tshark', ['--version']).status !== 0
const LAB = 'labs/default-switch'
const CHECKSUMS = ['ip.check_checksum:TRUE', 'udp.check_checksum:TRUE', 'tcp.check_checksum:TRUE']
/** Severity codes of tshark's expert information. */
const ERROR = 8388608
const FIELDS = [
  '_ws.col.Protocol',
  '_ws.malformed',
  '_ws.expert.severity',
  'ip.checksum.status',
  'udp.checksum.status',
  'tcp.checksum.status',
  'icmp.checksum.status',
  '_ws.col.Info',
]

type Row = {
  readonly protocol: string
  readonly malformed: string
  readonly severities: number[]
  readonly sums: string[]
  readonly info: string
}

const folder = mkdtempSync(join(tmpdir(), 'walk-'))
afterAll(() => rmSync(folder, { recursive: true }))

function play(): Walk {
  const opened = openRuntime(readFileSync(`${LAB}/lab.yaml`, 'utf8'), 1)
  if (!opened.ok) throw new Error('the lab does not build')
  const script = parseScript(readFileSync(`${LAB}/solutions/walk.script`, 'utf8'))
  const walk = new Walk(opened.lab)
  walk.play(script.steps)
  return walk
}

function tshark(name: string, linkType: number, seen: readonly Sighting[]): Row[] {
  const path = join(folder, `${name.replace(/\W/g, '-')}.pcapng`)
  const packets = seen.map((one) => ({
    interface: 0,
    timeMicros: one.time,
    bytes: one.bytes,
    originalLength: one.length,
    direction: one.direction,
  }))
  writeFileSync(path, pcapng([{ name, linkType }], packets, 0))
  const args = ['-n', '-r', path, ...CHECKSUMS.flatMap((o) => ['-o', o]), '-T', 'fields', ...FIELDS.flatMap((f) => ['-e', f])]
  const text = execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 })
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [protocol, malformed, severities, ip, udp, tcp, icmp, info] = line.split('\t') as [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
      ]
      return {
        protocol,
        malformed,
        severities: severities === '' ? [] : severities.split(',').map(Number),
        sums: [ip, udp, tcp, icmp].join(',').split(','),
        info,
      }
    })
}

/** What another frame tells about this one is not in the frame; words, numbers and names are the values. */
const valuesOf = (info: string): string[] =>
  info
    .replace(/\((?:reply|request) in \d+\)|\(no response found!\)|\[TCP [^\]]+\]/g, '')
    .split(/[\s,()[\]]+/)
    .filter((word) => word !== '')

describe.skipIf(missing)(missing ? 'the walk beside tshark: SKIPPED, tshark is not installed' : 'the walk beside tshark', () => {
  const walk = missing ? undefined : play()
  const byPlace = new Map<number, Sighting[]>()
  for (const one of walk?.sightings ?? []) byPlace.set(one.vantage, [...(byPlace.get(one.vantage) ?? []), one])

  it('lost nothing and crossed many places', () => {
    expect(walk?.lost).toBe(0)
    expect(byPlace.size).toBeGreaterThan(15)
  })

  for (const [number, seen] of byPlace) {
    const place = walk?.lab.vantages[number]
    if (!place) continue
    const name = `${place.machine}/${place.adapter}`
    it(`${name}: ${seen.length} frames`, () => {
      const memory = createMemory()
      const rows = tshark(name, place.linkType === 'raw-ip' ? LINK_RAW_IP : LINK_ETHERNET, seen)
      expect(rows.length).toBe(seen.length)
      for (const [at, row] of rows.entries()) {
        const ours = dissect((seen[at] as Sighting).bytes, place.linkType, memory)
        const about = `frame ${at + 1}: ${row.protocol} ${row.info}`
        expect(row.malformed, about).toBe('')
        expect(
          row.severities.filter((severity) => severity >= ERROR),
          about,
        ).toEqual([])
        expect(
          row.sums.filter((status) => status === '0'),
          about,
        ).toEqual([])
        expect(ours.protocol, about).toBe(row.protocol)
        for (const value of valuesOf(row.info)) expect(ours.info, about).toContain(value)
      }
    })
  }
})
