import type { MachineDefinition } from '../machine/definition.ts'

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
  readonly checks: readonly CheckDefinition[]
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

export type CheckDefinition = {
  readonly id: string
  readonly title: string
  readonly points: number
  /** Sentence for a student when it fails; the engine adds what it saw. */
  readonly hint: string
  readonly verb: CheckVerb
}

/** What a check asks, at the level of intent. Machines by name; `subnet: default-switch` stands for the current prefix. */
export type CheckVerb =
  | { readonly kind: 'has-lease'; readonly machine: string; readonly subnet: string; readonly from: string }
  | { readonly kind: 'reaches'; readonly machine: string; readonly target: string; readonly expect: boolean }
  | {
      readonly kind: 'resolves'
      readonly machine: string
      readonly name: string
      readonly server: string
      readonly tcp: boolean
      readonly to: string
      readonly expect: boolean
    }
  | { readonly kind: 'neighbor'; readonly machine: string; readonly of: string; readonly state: string }
  | {
      readonly kind: 'socket'
      readonly machine: string
      readonly protocol: 'tcp' | 'udp'
      readonly port: number
      readonly owner: string
      readonly expect: boolean
    }
  | { readonly kind: 'command-used'; readonly machine: string; readonly pattern: string }
  | { readonly kind: 'packet-seen'; readonly machine: string; readonly protocol: string; readonly text: string }
  | {
      readonly kind: 'prints'
      readonly machine: string
      readonly line: string
      readonly shows: string
      readonly expect: boolean
    }
  | { readonly kind: 'moved'; readonly machine: string }
