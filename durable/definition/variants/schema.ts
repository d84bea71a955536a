// The block `variants:` of a lab.yaml: values that the seed of a lab draws, each from a declared range.
import { z } from 'zod'
import { networkOf, parseCidr } from '../../engine/wire/addresses.ts'
import { named, text } from '../names.ts'

const valueName = z
  .string()
  .regex(/^[a-z][A-Za-z0-9-]{0,31}$/, 'must begin with a lower-case letter and have at most 32 letters, digits and dashes')

/** A network as it is written down: no bits beyond its length. */
const pool = z.string().refine((value) => {
  const parsed = parseCidr(value)
  return parsed !== undefined && networkOf(parsed.address, parsed.prefixLength) === parsed.address
}, 'must be a network such as 10.0.0.0/8')

const part = z.union([z.string(), z.int(), z.boolean()])

const network = z
  .strictObject({
    draw: z.literal('network'),
    of: pool.describe('the pool; pools of one lab may not overlap'),
    length: z.int().min(8).max(30).describe('prefix length of what is drawn'),
    except: z.array(pool).max(64).default([]).describe('networks that it must not touch'),
  })
  .describe(
    'A network out of a pool: `{{it}}` is `10.4.7.0/24`, with members network, length, mask, first, last, broadcast, host(N)',
  )

const host = z
  .strictObject({
    draw: z.literal('host'),
    of: z.string().min(1).max(64).describe('a network that is drawn here by its name, or one such as 192.168.3.0/24'),
    from: z.int().min(1).optional().describe('the lowest, counted within the network; default: 1'),
    to: z.int().min(1).optional().describe('the highest; default: the last one below the broadcast address'),
    except: z
      .array(z.union([z.int(), z.string().min(1).max(64)]))
      .max(64)
      .default([])
      .describe('addresses, numbers within the network, or names of other hosts that are drawn here'),
  })
  .describe('An address of a network: `{{it}}` is `10.4.7.23`, with members cidr, network, length, mask, number, reverse')

const number = z
  .strictObject({
    draw: z.literal('number'),
    from: z.int(),
    to: z.int(),
    step: z.int().min(1).default(1),
    except: z.array(z.int()).max(64).default([]),
  })
  .describe('A whole number. Alone in a field, `{{it}}` is a number; `{{it.text}}` is always text; `{{it.plus(N)}}`')

const name = z
  .strictObject({
    draw: z.literal('name'),
    of: z
      .array(z.string().regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be lower-case letters, digits and dashes, at most 20'))
      .min(1)
      .max(256)
      .optional()
      .describe('default: a list of plain words'),
  })
  .describe('A name that no other one drawn from the same list has, with members upper and title')

const mac = z
  .strictObject({
    draw: z.literal('mac'),
    of: z
      .string()
      .regex(
        /^[0-9a-f][02468ace](:[0-9a-f]{2}){2}$/,
        'must be the first three octets of the address of one adapter, such as 00:15:5d',
      )
      .default('00:15:5d'),
  })
  .describe('A MAC address: `{{it}}` is `00:15:5d:1f:07:a2`, with members dashed (00-15-5D-…) and plain (00155D…)')

const one = z
  .strictObject({
    draw: z.literal('one'),
    of: z
      .array(z.union([part, named(valueName, part, 16)]))
      .min(1)
      .max(256)
      .describe('values, which may use others that are drawn; or blocks of fields, then `{{it.field}}`'),
  })
  .describe('One of a list')

const overlay = z
  .object({
    title: text(160).describe('what it is, for teachers and for messages: `{{it.title}}`'),
    words: named(valueName, part, 16).default({}).describe('texts that go with it: `{{it.word}}`'),
    variants: z.never('stands only at the top of the file').optional(),
  })
  .catchall(z.unknown())

const overlays = z
  .strictObject({
    draw: z.literal('overlay'),
    of: named(valueName, overlay, 64).refine((map) => Object.keys(map).length > 0, 'must have at least one entry'),
  })
  .describe(
    'One of several additions to the file, such as faults: fields win over those of the file (null takes one away), and lists such ' +
      'as `prepare` and `checks` are continued. `{{it}}` is its name',
  )

export const draw = z.discriminatedUnion('draw', [network, host, number, name, mac, one, overlays])

export const variantsSource = named(valueName, draw, 64).describe(
  'Values that the seed of a lab draws. `{{name}}` and `{{name.member}}` stand for them anywhere in this file and in the brief',
)

export type DrawSource = z.infer<typeof draw>
export type VariantsSource = z.infer<typeof variantsSource>
export type SourceOf<K extends DrawSource['draw']> = Extract<DrawSource, { draw: K }>
