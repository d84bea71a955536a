import { z } from 'zod'
import { AROUND } from './around.ts'
import { check } from './check-schema.ts'
import { lesson } from './lesson.ts'
import { machine } from './machine-schema.ts'
import { end, machineName, named, ssid, text } from './names.ts'
import { duration, instant, rate, share } from './units.ts'
import { variantsSource } from './variants/schema.ts'

const SECOND = 1_000_000

const networkSwitch = z
  .strictObject({
    label: text(40).optional().describe('what the picture shows; default: the name'),
    ssid: ssid.optional().describe('makes it an access point'),
  })
  .describe('A learning switch, or an access point')

const cable = z
  .strictObject({
    between: z.tuple([end, end]).describe('two ends, each `machine/adapter` or a switch (any free port)'),
    name: machineName.optional().describe('default: made of its ends'),
    latency: duration(10 * SECOND)
      .default(5)
      .describe('default 5us'),
    rate: rate.prefault('1Gbps'),
    loss: share.optional().describe('how much of what is sent is lost, each way: `2%`'),
    plugged: z.boolean().default(true),
  })
  .describe('A cable that people can pull and plug')

const radio = z
  .strictObject({
    adapter: end.describe('`machine/adapter`, a Wi-Fi adapter'),
    accessPoint: machineName.describe('a switch with an SSID'),
    latency: duration(10 * SECOND)
      .default(2_000)
      .describe('default 2ms'),
    rate: rate.prefault('300Mbps'),
  })
  .describe('The adapter is within reach of the access point')

const PREPARED = /^([a-z][a-z0-9-]{0,31})> (.{1,2000})$/

const prepared = z.string().transform((line, context) => {
  const [, machine, text] = PREPARED.exec(line) ?? []
  if (machine !== undefined && text !== undefined) return { machine, line: text }
  context.issues.push({ code: 'custom', message: 'must be `machine> line`', input: line })
  return z.NEVER
})

/** The shape of a lab.yaml. What the parts mean to each other is checked in references.ts. */
export const labSource = z
  .strictObject({
    title: text(100),
    summary: text(500),
    starts: instant.prefault('2026-09-14T07:00:00Z').describe('when the lab begins, with the offset that its consoles show'),
    around: z
      .enum(AROUND)
      .optional()
      .describe('machines, switches and cables that stand around those of this file; home: a home network and the Internet'),
    lesson: lesson.optional(),
    variants: variantsSource.optional(),
    machines: named(machineName, machine, 64).refine((map) => Object.keys(map).length > 0, 'must have at least one machine'),
    switches: named(machineName, networkSwitch, 64).default({}),
    cables: z.array(cable).max(256).default([]),
    radios: z.array(radio).max(128).default([]),
    prepare: z
      .array(prepared)
      .max(50)
      .default([])
      .describe('lines that somebody has typed before the lab begins, `machine> line`; nobody sees them'),
    checks: z.array(check).max(100).default([]),
    total: z.int().min(0).max(10_000).optional().describe('what the points of the checks must add up to'),
  })
  .meta({ title: 'Switchroom lab' })
  .describe('A network lab: machines, what connects them, and what a student should have reached in the end')

export type LabSource = z.infer<typeof labSource>
