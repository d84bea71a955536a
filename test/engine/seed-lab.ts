// The first lab for the tests of what the product grew from (docs/seed-coverage.md): type, and look at what passed where.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openRuntime } from '../../durable/runtime.ts'
import { Walk } from '../../durable/walk/walk.ts'

const yamlOf = (slug: string) => readFileSync(join(import.meta.dirname, '../../labs', slug, 'lab.yaml'), 'utf8')

export type Passed = {
  /** MACHINE/ADAPTER in or out. */
  readonly at: string
  readonly bytes: Uint8Array
  readonly verdict: string
  readonly detail: string
}

export class SeedLab {
  readonly walk: Walk
  private from = 0

  constructor(slug = 'default-switch', change: (yaml: string) => string = (yaml) => yaml, seed = 1) {
    const opened = openRuntime(change(yamlOf(slug)), seed)
    if (!opened.ok) throw new Error(opened.faults.map((fault) => fault.reason).join('\n'))
    this.walk = new Walk(opened.lab)
    this.from = this.walk.sightings.length
  }

  type(console: string, text: string): string {
    this.from = this.walk.sightings.length
    return this.walk.type(console, text)
  }

  /** What was seen since the last line was typed, in order. */
  passed(): Passed[] {
    return this.walk.sightings.slice(this.from).map(({ vantage, direction, bytes, verdict, detail }) => {
      const { machine, adapter } = this.walk.lab.vantages[vantage]
      return { at: `${machine}/${adapter} ${direction}`, bytes, verdict: String(verdict), detail }
    })
  }

  reaches(from: string, to: string): boolean {
    return this.type(from, `ping -c 1 -W 1 ${to}`).includes(' 1 received')
  }
}

export const isIp4 = (bytes: Uint8Array, protocol: number): boolean =>
  bytes[12] === 8 && bytes[13] === 0 && bytes[14] === 0x45 && bytes[23] === protocol

/** An echo request over IPv4. */
export const isPing = ({ bytes }: Passed): boolean => isIp4(bytes, 1) && bytes[34] === 8

export const octets = (bytes: Uint8Array, at: number): string => bytes.slice(at, at + 4).join('.')
export const port = (bytes: Uint8Array, at: number): number => bytes[at] * 256 + bytes[at + 1]
export const macAt = (bytes: Uint8Array, at: number): string =>
  [...bytes.slice(at, at + 6)].map((octet) => octet.toString(16).padStart(2, '0')).join(':')
