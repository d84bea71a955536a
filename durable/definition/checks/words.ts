import { z } from 'zod'
import { parseCidr, parseCidr6, parseIp } from '../../engine/wire/addresses.ts'
import { parseFilter } from '../../engine/wire/filter/index.ts'
import { text } from '../names.ts'
import { duration } from '../units.ts'

// Words that several verbs have.

const DAY = 86_400_000_000
export const target = text(253)
export const expect = z.boolean().default(true).describe('false: passes when it is not so')
export const adapter = text(64).describe('by its name on the machine')
export const span = duration(400 * DAY)
export const pattern = text(200).describe('upper and lower case alike; `*` stands for anything, `?` for one character')

export const isRange = (word: string): boolean => {
  const [first, last, more] = word.split('-').map((one) => parseIp(one.trim()))
  return first !== undefined && last !== undefined && more === undefined && first <= last
}
/** A network, a range, or the Default Switch's. */
export const network = text(64).refine(
  (word) => word === 'default-switch' || parseCidr(word) !== undefined || parseCidr6(word) !== undefined || isRange(word),
  'must be `default-switch`, a prefix such as 192.168.3.0/24, or a range such as 192.168.3.50-192.168.3.99',
)
export const prefix = text(64).refine(
  (word) => parseCidr(word) !== undefined || parseCidr6(word) !== undefined,
  'must be a prefix such as 192.168.3.0/24',
)
export const port = z.int().min(1).max(65_535)
export const vlanId = z.int().min(0).max(4094)

export const filter = z
  .string()
  .max(1_000)
  .superRefine((written, context) => {
    const parsed = parseFilter(written)
    if (!parsed.ok)
      context.addIssue({ code: 'custom', message: `is no display filter: ${parsed.message} (at character ${parsed.at + 1})` })
  })
