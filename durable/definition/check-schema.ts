import { z } from 'zod'
import { ip, machineName, text } from './names.ts'

const common = {
  id: z.string().regex(/^[a-z][a-z0-9-]{0,47}$/, 'must be lower-case letters, digits and dashes, at most 48'),
  title: text(160),
  points: z.int().min(0).max(100).default(1),
  hint: text(500).optional().describe('for a student whose lab fails the check: free, and told with the result'),
  hints: z
    .array(z.strictObject({ text: text(500), cost: z.number().min(0).max(100).multipleOf(0.01).default(0).describe('points') }))
    .min(1)
    .max(6)
    .optional()
    .describe('a ladder: read one after the other on demand, each for its cost'),
  pass: text(300).optional().describe('said when it passes, before what was seen'),
  fail: text(300).optional().describe('said when it fails, before what was seen'),
}

const target = text(253)
const expect = z.boolean().default(true).describe('false: passes when it does not work')

// One line a verb. What each asks is done by the check of the same name in the engine.
const verbs = [
  z
    .strictObject({
      ...common,
      check: z.literal('has-lease'),
      machine: machineName,
      subnet: text(32).default('').describe('`default-switch`, or a prefix; default: any'),
      from: machineName.optional().describe('the DHCP server; default: any'),
    })
    .describe('The machine holds a lease'),
  z
    .strictObject({
      ...common,
      check: z.literal('reaches'),
      machine: machineName,
      target: target.describe('a machine, an address or a DNS name'),
      expect,
    })
    .describe('The machine gets an answer to ping, tried in a copy of the lab'),
  z
    .strictObject({
      ...common,
      check: z.literal('resolves'),
      machine: machineName,
      name: target,
      server: text(64).default('').describe('`gateway`, or an address; default: its own DNS servers'),
      tcp: z.boolean().default(false),
      to: ip.optional().describe('default: any address'),
      expect,
    })
    .describe('The machine resolves the name, tried in a copy of the lab'),
  z
    .strictObject({
      ...common,
      check: z.literal('neighbor'),
      machine: machineName,
      of: text(64).describe('a machine, `gateway`, or an address'),
      state: text(16).default(''),
    })
    .describe('The machine has it in its neighbor table'),
  z
    .strictObject({
      ...common,
      check: z.literal('socket'),
      machine: machineName,
      protocol: z.enum(['tcp', 'udp']),
      port: z.int().min(1).max(65_535),
      owner: text(32).default('').describe('service or image'),
      expect,
    })
    .describe('A socket is open on the machine'),
  z
    .strictObject({
      ...common,
      check: z.literal('command-used'),
      machine: machineName,
      pattern: text(200).describe('part of the line, upper and lower case alike; `*` stands for anything, `?` for one character'),
    })
    .describe('Somebody has typed such a line'),
  z
    .strictObject({
      ...common,
      check: z.literal('packet-seen'),
      machine: machineName,
      protocol: text(16),
      text: text(100).default('').describe('part of the description'),
    })
    .describe('Such a packet was seen on an adapter of the machine'),
  z
    .strictObject({
      ...common,
      check: z.literal('prints'),
      machine: machineName,
      line: text(500).describe(
        'typed at a fresh terminal of the machine, in a copy of the lab; `<address:MACHINE>`, `<address:MACHINE/ADAPTER>` and `<gateway:MACHINE>` are filled in',
      ),
      shows: text(200).describe('part of one line of what it prints; `*` stands for anything, `?` for one character'),
      expect,
    })
    .describe('A command prints such a line'),
  z
    .strictObject({ ...common, check: z.literal('moved'), machine: machineName })
    .describe('The Default Switch of the computer has another subnet than when the lab began'),
] as const

export const check = z.discriminatedUnion('check', verbs)
export type CheckSource = z.infer<typeof check>
