import { z } from 'zod'
import { FORMATS, SUBJECTS } from '../../engine/lab/checks/facts/definition.ts'
import { MACHINE_TABLES } from '../../engine/lab/tables.ts'
import { machineName, text } from '../names.ts'
import { adapter, expect, network, pattern, port, prefix, target, vlanId } from './words.ts'

// Verbs that read the lab as it stands.

const value = z.union([z.string().max(253), z.number(), z.boolean()])

/** What a fact is asked by. */
export const fact = {
  machine: machineName,
  of: z.enum(SUBJECTS).describe('what it is about'),
  name: text(128).optional().describe('which one; default: the only one, the first, or the one that leads out'),
  field: text(40),
}
export const factSource = z.strictObject(fact)
export const format = z.enum(FORMATS)

const comparing = {
  is: value.optional(),
  isNot: value.optional(),
  oneOf: z.array(value).min(1).max(20).optional(),
  has: value.optional().describe('of a list: this is in it'),
  lacks: value.optional(),
  matches: pattern.optional(),
  atLeast: value.optional(),
  atMost: value.optional(),
  in: network.optional(),
  exists: z.boolean().optional(),
  sameAs: factSource.optional().describe('another fact of the lab'),
  changed: z.boolean().optional().describe('since the lab began'),
}
/** `atLeast` and `atMost` go together, every other one stands alone. */
export const COMPARISONS = Object.keys(comparing)

export const stateVerbs = {
  'has-address': {
    about: 'An adapter of the machine has an address, wherever from',
    shape: {
      machine: machineName,
      adapter: adapter.optional(),
      in: network.optional().describe('default: any'),
      prefixLength: z.int().min(0).max(128).optional(),
      origin: z.enum(['dhcp', 'manual', 'link-local', 'ics', 'ppp', 'ra', 'temporary']).optional(),
      expect,
    },
  },
  'has-lease': {
    about: 'The machine holds a lease',
    shape: {
      machine: machineName,
      adapter: adapter.optional(),
      subnet: text(32).default('').describe('`default-switch`, or a prefix; default: any'),
      from: machineName.optional().describe('the DHCP server; default: any'),
    },
  },
  'has-route': {
    about: 'The machine has a route',
    shape: {
      machine: machineName,
      to: z.union([z.literal('default'), prefix]),
      via: text(128).optional().describe('a machine, `machine/adapter`, an address, or `on-link`'),
      adapter: adapter.optional(),
      count: z.int().min(0).max(100).optional().describe('so many of them, no more and no less'),
      expect,
    },
  },
  'dns-server': {
    about: 'The machine asks this name server',
    shape: {
      machine: machineName,
      adapter: adapter.optional(),
      server: text(128).describe('a machine, `gateway`, or an address'),
      only: z.boolean().default(false).describe('and no other of its family'),
      expect,
    },
  },
  neighbor: {
    about: 'The machine has it in its neighbor table',
    shape: {
      machine: machineName,
      of: text(64).describe('a machine, `gateway`, or an address'),
      state: text(16).default(''),
      mac: text(32).optional(),
      expect,
    },
  },
  socket: {
    about: 'A socket is open on the machine',
    shape: {
      machine: machineName,
      protocol: z.enum(['tcp', 'udp']),
      port,
      owner: text(32).default('').describe('service or image'),
      expect,
    },
  },
  connection: {
    about: 'A TCP connection is established on the machine',
    shape: {
      machine: machineName,
      port: port.optional().describe('of the machine itself'),
      remote: target.optional().describe('a machine, or an address'),
      remotePort: port.optional(),
      openedOver: adapter.optional().describe('of the machine: where it saw the packet that opened the connection'),
      expect,
    },
  },
  adapter: {
    about: 'An adapter is as it is asked for',
    shape: {
      machine: machineName,
      adapter,
      enabled: z.boolean().optional(),
      up: z.boolean().optional().describe('enabled, and its medium is connected'),
      dhcp: z.boolean().optional(),
      mac: text(32).optional(),
      mtu: z.int().min(68).max(65_535).optional(),
      forwarding: z.boolean().optional(),
      switch: text(128).optional().describe('the virtual switch that it is connected to'),
      expect,
    },
  },
  switch: {
    about: 'The computer has a virtual switch of this name and type',
    shape: {
      machine: machineName,
      name: text(128),
      type: z.enum(['Internal', 'Private', 'External']).optional(),
      shared: z.boolean().optional().describe('the computer itself has an adapter there'),
      uplink: text(128).optional().describe('the physical adapter, by name or description'),
      expect,
    },
  },
  vlan: {
    about: 'VLAN mode and numbers of the port of a virtual machine, or of the computer itself',
    shape: {
      machine: machineName.describe('the machine that runs in the virtual machine'),
      adapter: adapter.optional(),
      mode: z.enum(['Untagged', 'Access', 'Trunk', 'Isolated', 'Community', 'Promiscuous']).optional(),
      vlan: vlanId.optional().describe('access, native or primary VLAN'),
      native: vlanId.optional(),
      allowed: z.array(vlanId).max(100).optional(),
      secondary: z.array(vlanId).max(100).optional(),
      expect,
    },
  },
  acl: {
    about: 'The access list at the port of a virtual machine has such an entry',
    shape: {
      machine: machineName,
      adapter: adapter.optional(),
      action: z.enum(['Allow', 'Deny', 'Meter']).optional(),
      direction: z.enum(['Inbound', 'Outbound']).optional(),
      remote: text(64).optional().describe('an address, a prefix, a MAC address, or `any`'),
      local: text(64).optional(),
      protocol: z.enum(['tcp', 'udp', 'icmp']).optional(),
      localPort: port.optional(),
      remotePort: port.optional(),
      stateful: z.boolean().optional(),
      expect,
    },
  },
  nat: {
    about: 'The machine translates addresses of a network, or forwards a port',
    shape: {
      machine: machineName,
      inside: prefix.optional(),
      protocol: z.enum(['tcp', 'udp']).optional(),
      port: port.optional().describe('outside'),
      to: target.optional().describe('a machine, or an address'),
      toPort: port.optional(),
      expect,
    },
  },
  firewall: {
    about: 'Windows Firewall has such a rule',
    shape: {
      machine: machineName,
      rule: pattern.optional().describe('the name that people see'),
      enabled: z.boolean().optional(),
      direction: z.enum(['Inbound', 'Outbound']).optional(),
      action: z.enum(['Allow', 'Block']).optional(),
      protocol: z.enum(['tcp', 'udp', 'icmp']).optional(),
      port: port.optional().describe('local'),
      expect,
    },
  },
  property: { about: 'Anything that a machine knows of itself, compared', shape: { ...fact, ...comparing } },
  table: {
    about: 'A table of the machine has rows like this',
    shape: {
      machine: machineName,
      table: z.enum(MACHINE_TABLES),
      row: z
        .record(text(40), text(200))
        .refine((cells) => Object.keys(cells).length > 0, 'must name a column at least')
        .describe('patterns by column'),
      atLeast: z.int().min(0).max(1_000).optional().describe('rows; default: 1'),
      atMost: z.int().min(0).max(1_000).optional(),
      expect,
    },
  },
  moved: {
    about: 'The Default Switch of the computer has another subnet than when the lab began',
    shape: { machine: machineName },
  },
  unchanged: {
    about: 'Nothing else was changed: what people configure is as when the lab began',
    shape: {
      machines: z.array(machineName).min(1).max(64).optional().describe('default: all of them, and the cables'),
      except: z
        .array(pattern)
        .max(40)
        .default([])
        .describe('what may differ, as the message names it: `win1: adapter Ethernet: *`, `cable pc-home`'),
    },
  },
} as const
