// The same lab and script wherever the engine runs: what is compared between Node and workerd.

import type { LabDefinition } from '../lab/definition.ts'
import { Lab } from '../lab/lab.ts'
import { pcapng } from '../lab/pcapng.ts'
import type { Sighting } from '../link/recorder.ts'
import { scriptShells } from './script-shell.ts'

const ping = (host: string, dialect: string) =>
  `ping ${JSON.stringify({ host, count: 2, size: 32, timeoutMs: 1000, intervalMs: 1000, dialect })}`
const query = (name: string, tcp: boolean) =>
  `dns-query ${JSON.stringify({ name, type: 'A', server: null, tcp, recursionDesired: true, timeoutMs: 2000, tries: 2 })}`

const LINES: readonly (readonly [console: string, line: string])[] = [
  ['ubuntu1', `look; ${ping('www.example.com', 'linux')}`],
  ['win1', `${query('www.example.co.jp', false)}; ${query('www.example.co.jp', true)}`],
  ['pc', ping('ubuntu2.mshome.net', 'windows')],
  ['pc', 'vpn {"action":"connect","name":"Campus VPN"}'],
  ['ubuntu1', ping('intranet.campus.example', 'linux')],
  ['pc', 'reboot'],
  ['ubuntu2', 'trace {"host":"www.example.com","maxHops":8,"probes":3,"timeoutMs":1000,"method":"udp","resolveReverse":true}'],
  ['win1', 'tcp-connect {"host":"www.example.com","port":80}'],
]

export type WholeLab = {
  readonly texts: string
  readonly capture: Uint8Array<ArrayBuffer>
  readonly sightings: readonly Sighting[]
}

/** Plays the lines into labs/default-switch and answers what was printed, and every frame as a capture file. */
export function playWholeLab(definition: LabDefinition, seed: number): WholeLab {
  const lab = new Lab(definition, seed, scriptShells)
  const sightings = lab.sightings(0)
  let texts = ''
  LINES.forEach(([console, line], at) => {
    const from = lab.nextSighting
    const { output, status, endedAt } = lab.exec(console, line, at + 1)
    texts += `${console}> ${line}\n${output}${status} ${endedAt}\n`
    for (const other of lab.takeOutput()) texts += `[${other.console}] ${other.text}\n`
    sightings.push(...lab.sightings(from))
  })
  const capture = pcapng(
    lab.vantages.map(({ machine, adapter, linkType }) => ({
      name: `${machine}/${adapter}`,
      linkType: linkType === 'raw-ip' ? 101 : 1,
    })),
    sightings.map((seen) => ({
      interface: seen.vantage,
      timeMicros: seen.time,
      bytes: seen.bytes,
      originalLength: seen.length,
      direction: seen.direction,
      comment: `${seen.packet} ${seen.cause} ${seen.origin} ${seen.verdict} ${seen.detail}`,
    })),
    definition.epochMicros,
  )
  return { texts, capture, sightings }
}
