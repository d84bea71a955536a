// Shapes of the verbs that read the lab as it stands. What is absent is not asked for.

import type { MachineTable } from '../tables.ts'
import type { Comparing, Fact } from './facts/definition.ts'

export type StateVerb =
  | {
      readonly kind: 'has-address'
      readonly machine: string
      readonly adapter?: string
      /** A network, a range `a-b`, or `default-switch`. */
      readonly in?: string
      readonly prefixLength?: number
      readonly origin?: string
      readonly expect: boolean
    }
  | {
      readonly kind: 'has-lease'
      readonly machine: string
      readonly adapter?: string
      readonly subnet: string
      readonly from: string
    }
  | {
      readonly kind: 'has-route'
      readonly machine: string
      /** `default` or a network. */
      readonly to: string
      readonly via?: string
      readonly adapter?: string
      /** So many, and no more. */
      readonly count?: number
      readonly expect: boolean
    }
  | {
      readonly kind: 'dns-server'
      readonly machine: string
      readonly adapter?: string
      readonly server: string
      /** And no other. */
      readonly only: boolean
      readonly expect: boolean
    }
  | {
      readonly kind: 'neighbor'
      readonly machine: string
      readonly of: string
      readonly state: string
      readonly mac?: string
      readonly expect?: boolean
    }
  | {
      readonly kind: 'socket'
      readonly machine: string
      readonly protocol: 'tcp' | 'udp'
      readonly port: number
      readonly owner: string
      readonly expect: boolean
    }
  | {
      readonly kind: 'connection'
      readonly machine: string
      /** Of the machine itself. */
      readonly port?: number
      /** A machine, or an address. */
      readonly remote?: string
      readonly remotePort?: number
      /** The adapter at which the machine saw the packet that opened it. */
      readonly openedOver?: string
      readonly expect: boolean
    }
  | {
      readonly kind: 'adapter'
      readonly machine: string
      readonly adapter: string
      readonly enabled?: boolean
      readonly up?: boolean
      readonly dhcp?: boolean
      readonly mac?: string
      readonly mtu?: number
      readonly forwarding?: boolean
      /** Of a virtual machine's adapter, or the computer's own virtual one: the switch that it is connected to. */
      readonly switch?: string
      readonly expect: boolean
    }
  | {
      readonly kind: 'switch'
      readonly machine: string
      readonly name: string
      readonly type?: 'Internal' | 'Private' | 'External'
      readonly shared?: boolean
      /** The physical adapter of an external one, by name or description. */
      readonly uplink?: string
      readonly expect: boolean
    }
  | {
      readonly kind: 'vlan'
      readonly machine: string
      readonly adapter?: string
      readonly mode?: 'Untagged' | 'Access' | 'Trunk' | 'Isolated' | 'Community' | 'Promiscuous'
      readonly vlan?: number
      readonly native?: number
      readonly allowed?: readonly number[]
      readonly secondary?: readonly number[]
      readonly expect: boolean
    }
  | {
      readonly kind: 'acl'
      readonly machine: string
      readonly adapter?: string
      readonly action?: 'Allow' | 'Deny' | 'Meter'
      readonly direction?: 'Inbound' | 'Outbound'
      readonly remote?: string
      readonly local?: string
      readonly protocol?: 'tcp' | 'udp' | 'icmp'
      readonly localPort?: number
      readonly remotePort?: number
      readonly stateful?: boolean
      readonly expect: boolean
    }
  | {
      readonly kind: 'nat'
      readonly machine: string
      /** The network inside. */
      readonly inside?: string
      readonly protocol?: 'tcp' | 'udp'
      readonly port?: number
      readonly to?: string
      readonly toPort?: number
      readonly expect: boolean
    }
  | {
      readonly kind: 'firewall'
      readonly machine: string
      /** A pattern of the shown name. */
      readonly rule?: string
      readonly enabled?: boolean
      readonly direction?: 'Inbound' | 'Outbound'
      readonly action?: 'Allow' | 'Block'
      readonly protocol?: 'tcp' | 'udp' | 'icmp'
      readonly port?: number
      readonly expect: boolean
    }
  | ({ readonly kind: 'property' } & Fact & Comparing)
  | {
      readonly kind: 'table'
      readonly machine: string
      readonly table: MachineTable
      /** Patterns by column. */
      readonly row: { readonly [column: string]: string }
      readonly atLeast?: number
      readonly atMost?: number
      readonly expect: boolean
    }
  | { readonly kind: 'moved'; readonly machine: string }
  | {
      readonly kind: 'unchanged'
      /** Absent: all of them. */
      readonly machines?: readonly string[]
      /** Patterns of `machine: what`, as the message names it. */
      readonly except: readonly string[]
    }
