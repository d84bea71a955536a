// The answers of a live capture, one after the other, are a file that tshark reads to its end.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { captureAfter } from '../../durable/capture.ts'
import { openRuntime } from '../../durable/runtime.ts'
import type { Seen, Sightings } from '../../durable/store/frame-block.ts'

const missing = spawnSync('tshark', ['--version']).status !== 0

it.skipIf(missing)('a live capture is read from a pipe, with interfaces that turn up later', () => {
  const opened = openRuntime(readFileSync('labs/default-switch/lab.yaml', 'utf8'), 1)
  if (!opened.ok) throw new Error('the lab does not build')
  const { lab } = opened
  lab.exec('ubuntu1', 'ping -c 2 www.example.com', 1)
  const seen = lab.sightings(0).map(({ vantage, ...rest }): Seen => ({ ...rest, place: lab.vantages[vantage] as Seen['place'] }))
  // As it would be, were the lab asked after every few packets.
  const log = (upTo: number): Sightings => ({
    revision: 0,
    firstBlocks: () => undefined,
    oldest: () => seen[0]?.sequence,
    *after(after: number) {
      for (const one of seen) if (one.sequence > after && one.sequence <= upTo) yield one
    },
  })
  const chunks: Uint8Array[] = []
  let known: readonly string[] = []
  let after = -1
  for (let upTo = 0; upTo < lab.nextSighting; upTo += 7) {
    const { bytes, next, interfaces } = captureAfter(log(upTo), lab.definition.epochMicros, after, known)
    chunks.push(bytes)
    after = next
    known = interfaces
  }
  const folder = mkdtempSync(join(tmpdir(), 'follow-'))
  writeFileSync(join(folder, 'live'), Buffer.concat(chunks))
  const command = 'cat live | tshark -r - -T fields -e frame.interface_name -e _ws.malformed'
  const text = execFileSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  rmSync(folder, { recursive: true })
  const rows = text.trimEnd().split('\n')
  expect(rows).toHaveLength(after + 1)
  expect(rows.map((row) => row.trim())).toEqual(seen.slice(0, after + 1).map(({ place }) => `${place.machine}/${place.adapter}`))
})
