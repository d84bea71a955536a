import { z } from 'zod'
import { ip, machineName, text } from '../names.ts'
import { expect, port, target } from './words.ts'

// Verbs that try something, in a copy of the lab.

export const trialVerbs = {
  reaches: {
    about: 'The machine gets an answer to ping',
    shape: { machine: machineName, target: target.describe('a machine, `gateway`, an address or a DNS name'), expect },
  },
  connects: {
    about: 'The machine opens a TCP connection',
    shape: { machine: machineName, target: target.describe('a machine, `gateway`, an address or a DNS name'), port, expect },
  },
  fetches: {
    about: 'The machine gets a web page; redirects are followed unless one of them is asked for',
    shape: {
      machine: machineName,
      url: z
        .string()
        .max(500)
        .regex(/^http:\/\/[^\s/:]+(:\d{1,5})?(\/\S*)?$/, 'must be an address such as http://www.example.com/page')
        .describe('the host may be a machine of the lab'),
      status: z.int().min(100).max(599).optional().describe('default: any below 400'),
      shows: text(200).optional().describe('part of one line of it'),
      expect,
    },
  },
  resolves: {
    about: 'The machine resolves the name',
    shape: {
      machine: machineName,
      name: target,
      server: text(64).default('').describe('`gateway`, or an address; default: its own DNS servers'),
      tcp: z.boolean().default(false),
      to: ip.optional().describe('default: any address'),
      expect,
    },
  },
  path: {
    about: 'Packets of the machine get there, through these machines',
    shape: {
      machine: machineName,
      target: target.describe('a machine, `gateway`, an address or a DNS name'),
      through: z.array(machineName).max(16).default([]).describe('in this order, with others between them'),
      avoids: z.array(machineName).max(16).default([]),
      expect,
    },
  },
  prints: {
    about: 'A command prints such a line',
    shape: {
      machine: machineName,
      line: text(500).describe(
        'typed at a fresh terminal of the machine; `<address:MACHINE>`, `<address:MACHINE/ADAPTER>` and `<gateway:MACHINE>` are filled in',
      ),
      shows: text(200).describe('part of one line of what it prints; `*` stands for anything, `?` for one character'),
      expect,
    },
  },
} as const
