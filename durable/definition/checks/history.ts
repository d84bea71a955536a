import { z } from 'zod'
import { parseQuery } from '../../engine/lab/query/index.ts'
import { VERDICTS } from '../../engine/link/verdict.ts'
import { machineName, text } from '../names.ts'
import { expect, filter, pattern, span } from './words.ts'

// Verbs that look back.

const codes = VERDICTS.map(({ code }) => code)
const packet = {
  filter: filter.default('').describe('a display filter; default: any packet'),
  at: text(80).optional().describe('a machine, or `machine/adapter`'),
  direction: z.enum(['in', 'out']).optional(),
  verdict: z
    .enum(['dropped', ...codes])
    .optional()
    .describe('what became of it there'),
  by: pattern.optional().describe('the line that caused it'),
}

export const historyVerbs = {
  'command-used': {
    about: 'Somebody has typed such a line',
    shape: {
      machine: machineName,
      pattern: text(200).describe('part of the line, upper and lower case alike; `*` stands for anything, `?` for one character'),
      succeeded: z.boolean().optional().describe('whether it ended with status 0; default: either'),
      expect,
    },
  },
  'packet-seen': {
    about: 'Such a packet was seen on an adapter of the machine',
    shape: { machine: machineName, protocol: text(16), text: text(100).default('').describe('part of the description') },
  },
  packets: {
    about: 'So many packets that a display filter lets pass were seen, or none',
    shape: {
      ...packet,
      since: span.optional().describe('lab time'),
      until: span.optional(),
      atLeast: z.int().min(1).max(10_000).optional(),
      atMost: z.int().min(0).max(10_000).optional(),
      expect,
    },
  },
  'packet-order': {
    about: 'Packets were seen one after the other',
    shape: {
      steps: z.array(z.strictObject(packet)).min(2).max(12),
      within: span.optional().describe('from each to the next, in lab time'),
      expect,
    },
  },
  history: {
    about: 'Something is so in what happened: a question over packets, commands and changes',
    shape: {
      query: z
        .string()
        .max(2_000)
        .superRefine((written, context) => {
          const parsed = parseQuery(written)
          if (!parsed.ok)
            context.addIssue({ code: 'custom', message: `is no question: ${parsed.message} (at character ${parsed.at + 1})` })
        }),
      expect,
    },
  },
} as const
