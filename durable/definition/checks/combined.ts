import { z } from 'zod'
import type { Step } from '../../engine/lab/checks/definition.ts'
import { machineName, ssid, text } from '../names.ts'
import { factSource, format } from './state.ts'
import { pattern, span } from './words.ts'

// Verbs made of other checks, and tasks for people.

/** A check inside another one; the shape is put in by check-schema.ts, since it is made of all verbs. */
export type InnerSource = {
  readonly check: string
  readonly title: string
  readonly weight: number
  readonly worth: number
  readonly [field: string]: unknown
}
let inner: z.ZodType<InnerSource> = z.never() as unknown as z.ZodType<InnerSource>
export const innerIs = (shape: z.ZodType<InnerSource>): void => {
  inner = shape
}
const checks = z
  .array(z.lazy(() => inner))
  .min(1)
  .max(20)
const partial = z.boolean().default(false).describe('what passes brings its part of the points, by weight')

const cable = machineName.describe('a cable, by its name')
/** One thing that is done to a copy: a field that says what, with whom. */
const step = z
  .strictObject({
    reboot: machineName.optional(),
    wait: span.optional().describe('lab time: `9d`'),
    'lease-expiry': machineName.optional().describe('until its lease would have run out'),
    unplug: cable.optional(),
    plug: cable.optional(),
    replug: cable.optional().describe('pulled, and plugged again after 5 s'),
    'power-off': machineName.optional(),
    'power-on': machineName.optional(),
    join: z.strictObject({ machine: machineName, ssid }).optional(),
    type: z.strictObject({ machine: machineName, line: text(500) }).optional(),
  })
  .transform((written, context): Step => {
    const named = Object.entries(written).filter(([, value]) => value !== undefined)
    const [first] = named
    if (first === undefined || named.length > 1) {
      context.issues.push({
        code: 'custom',
        message: 'must name one thing that is done, such as `reboot: pc` or `wait: 9d`',
        input: written,
      })
      return z.NEVER
    }
    const [what, value] = first
    switch (what) {
      case 'wait':
        return { do: what, micros: value as number }
      case 'unplug':
      case 'plug':
      case 'replug':
        return { do: what, cable: value as string }
      case 'join':
        return { do: what, ...(value as { machine: string; ssid: string }) }
      case 'type':
        return { do: what, ...(value as { machine: string; line: string }) }
      default:
        return { do: what as 'reboot', machine: value as string }
    }
  })
const steps = z.array(step).min(1).max(12)

const moment = z.strictObject({ line: pattern, machine: machineName.optional() })
const choices = z
  .array(
    z.strictObject({
      id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,47}$/, 'must be lower-case letters, digits and dashes'),
      text: text(200),
    }),
  )
  .min(2)
  .max(20)
const question = text(300).optional().describe('default: the title')
const attempts = z.int().min(1).max(50).optional().describe('answers that are taken; default: any number')

export const combinedVerbs = {
  all: { about: 'Every one of these checks passes', shape: { checks, partial } },
  any: { about: 'One of these checks passes; each may be worth less than all points', shape: { checks } },
  not: { about: 'None of these checks passes', shape: { checks } },
  'at-least': { about: 'So many of these checks pass', shape: { number: z.int().min(1).max(20), checks, partial } },
  survives: {
    about: 'These checks pass, and still do after something was done to a copy of the lab',
    shape: {
      what: steps.describe('done one after the other'),
      before: z.boolean().default(true).describe('they must pass before it, too'),
      checks,
      partial,
    },
  },
  during: {
    about: 'These checks pass together: in one copy, one after the other; or what happened between two lines',
    shape: { from: moment.optional().describe('the first line like this'), until: moment.optional(), checks },
  },
  answer: {
    about: 'A student types or picks a value; the right one is found out in their own lab',
    shape: {
      question,
      value: factSource.optional().describe('the fact that is asked for'),
      oneOf: z.array(text(253)).min(1).max(20).optional().describe('what is right, where it is no fact of the lab'),
      also: z.array(text(253)).min(1).max(20).optional().describe('other ways to say it that are right, too'),
      in: text(64).optional().describe('only what is in this network or range of addresses is right'),
      format: format.optional().describe('default: that of the fact'),
      list: z.boolean().default(false).describe('several values, in any order'),
      when: z
        .enum(['answered', 'ever', 'now', 'beginning'])
        .default('answered')
        .describe(
          'of which moment the fact is; `ever`: of the beginning, of the answer, and for addresses and networks of any moment between',
        ),
      after: z.array(step).max(12).default([]).describe('done to a copy before the fact is read'),
      choices: choices.optional().describe('to pick from; answers are their ids'),
      attempts,
    },
  },
  'names-fault': {
    about: 'A student picks what is wrong with the lab',
    shape: { question, fault: text(48).describe('id of the right choice'), choices, attempts },
  },
} as const
