// What the packet list says, held against tshark. Run where tshark 4.0 is installed.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LINK_ETHERNET, LINK_RAW_IP, pcapng } from '../lab/pcapng.ts'
import { createMemory, dissect, type Memory } from './dissect.ts'
import { conversation, fragments, type Sample, sampleFrames, samplePacket } from './samples/frames.ts'

const missing = spawnSync('tshark', ['--version']).status !== 0

type Row = { number: number; protocol: string; comment: string; severity: string; info: string }
type Part = { readonly samples: readonly Sample[]; readonly linkType?: number; readonly options?: readonly string[] }

/** Sequence numbers, windows and fragments as one frame alone tells them. */
const FRAME_BY_FRAME = [
  'tcp.relative_sequence_numbers:FALSE',
  'tcp.analyze_sequence_numbers:FALSE',
  'ip.defragment:FALSE',
  'ip.check_checksum:TRUE',
  'udp.check_checksum:TRUE',
  'tcp.check_checksum:TRUE',
]

function tshark({ samples, linkType = LINK_ETHERNET, options = FRAME_BY_FRAME }: Part): Row[] {
  const folder = mkdtempSync(join(tmpdir(), 'capture-'))
  try {
    const path = join(folder, 'frames.pcapng')
    const packets = samples.map(({ name, frame }, i) => {
      const direction = i % 2 === 0 ? ('out' as const) : ('in' as const)
      return { interface: 0, timeMicros: i * 1000, bytes: frame, originalLength: frame.length, direction, comment: name }
    })
    writeFileSync(path, pcapng([{ name: 'eth0', linkType, description: 'a test' }], packets, 1_700_000_000_000_000))
    const fields = ['frame.number', '_ws.col.Protocol', 'frame.comment', '_ws.expert.severity', '_ws.malformed', '_ws.col.Info']
    const args = ['-n', '-r', path, ...options.flatMap((o) => ['-o', o]), '-T', 'fields', ...fields.flatMap((f) => ['-e', f])]
    const text = execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [number, protocol, comment, severity, malformed, info] = line.split('\t')
        return { number: Number(number), protocol, comment, severity: malformed === '' ? severity : 'malformed', info }
      })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Other frames of the capture are not ours to know. */
const withoutFrameNumbers = (info: string): string =>
  info.replace(/ \((?:reply in|request in) \d+\)| \(no response found!\)| \[Reassembled in #\d+\]/g, '').trim()

const WARNING = 6291456

function compare(part: Part, dissected: ReturnType<typeof dissect>[]): void {
  const rows = tshark(part)
  expect(rows.length).toBe(part.samples.length)
  const theirs = rows.map(({ comment, protocol, info }) => `${comment}: ${protocol} | ${withoutFrameNumbers(info)}`)
  const ours = dissected.map(({ protocol, info }, i) => `${part.samples[i].name}: ${protocol} | ${info.trim()}`)
  expect(ours).toEqual(theirs)
}

const oneByOne = (samples: readonly Sample[], memory?: Memory) => samples.map(({ frame }) => dissect(frame, 'ethernet', memory))

describe.skipIf(missing)(missing ? 'beside tshark: SKIPPED, tshark is not installed' : 'beside tshark', () => {
  it('says the same for a frame of each kind', () => {
    compare({ samples: sampleFrames }, oneByOne(sampleFrames))
  })

  it('counts from the start of a conversation when it has a memory', () => {
    compare({ samples: conversation, options: [] }, oneByOne(conversation, createMemory()))
  })

  it('puts fragments together when it has a memory', () => {
    compare({ samples: fragments, options: [] }, oneByOne(fragments, createMemory()))
  })

  it('reads a capture of raw packets', () => {
    compare({ samples: [samplePacket], linkType: LINK_RAW_IP }, [dissect(samplePacket.frame, 'raw-ip')])
  })

  it('finds nothing wrong with what the codecs emit', () => {
    // The comment of a packet and TCP's remarks on flags are expert information too, of a lower severity.
    const remarks = tshark({ samples: sampleFrames }).filter((row) =>
      row.severity.split(',').some((s) => s === 'malformed' || Number(s) >= WARNING),
    )
    // A reset is a warning to tshark, whoever sends it.
    expect(remarks.filter((row) => row.comment !== 'tcp rst').map((row) => `${row.comment}: ${row.severity}`)).toEqual([])
  })
})
