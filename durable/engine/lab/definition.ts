import type { MachineDefinition } from '../machine/definition.ts'
import type { CheckDefinition } from './checks/definition.ts'

export type {
  AdapterDefinition,
  DhcpServerDefinition,
  DnsServerDefinition,
  HyperVDefinition,
  MachineDefinition,
  VmDefinition,
  VpnDefinition,
  VpnServerDefinition,
  ZoneDefinition,
} from '../machine/definition.ts'

export type { CheckDefinition, CheckVerb } from './checks/definition.ts'

/**
 * What a lab consists of: the value of a `lab.yaml` after validation, plain data. Names are lower-case words with dashes;
 * ends of cables are written `machine/adapter` or `switch` (a free port). Times in microseconds, rates in bits per second.
 */
export type LabDefinition = {
  readonly title: string
  readonly summary: string
  /** UTC at lab time zero, in microseconds, and the zone that consoles show, in minutes east of UTC. */
  readonly epochMicros: number
  readonly zoneMinutes: number
  readonly machines: readonly MachineDefinition[]
  readonly switches: readonly SwitchDefinition[]
  readonly cables: readonly CableDefinition[]
  readonly radios: readonly RadioDefinition[]
  /** Typed when everything is powered on, before the lab begins, at a terminal that is gone afterwards. */
  readonly prepare?: readonly { readonly machine: string; readonly line: string }[]
  /** What teachers plan with: minutes that it takes, and the tasks of the brief with the checks of each. */
  readonly lesson?: {
    readonly minutes: number
    readonly objectives: readonly string[]
    readonly tasks: readonly { readonly title: string; readonly checks: readonly string[] }[]
  }
  readonly checks: readonly CheckDefinition[]
  /** What all points together must be; absent: whatever they are. */
  readonly total?: number
}

export type SwitchDefinition = { readonly name: string; readonly label: string; readonly ssid: string }
export type CableDefinition = {
  readonly name: string
  readonly a: string
  readonly b: string
  readonly latency: number
  readonly rate: number
  /** Of a million frames, how many are lost; absent: none. */
  readonly loss?: number
  readonly plugged: boolean
}
/** Radio reach: the Wi-Fi adapter can join the access point (a switch with an SSID). */
export type RadioDefinition = {
  readonly adapter: string
  readonly accessPoint: string
  readonly latency: number
  readonly rate: number
}
