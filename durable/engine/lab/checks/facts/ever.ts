// What addresses and networks have been until a moment, as what changed in the lab tells: for tasks that ask what was there before.
import type { Change } from '../../query/index.ts'
import type { Fact } from './definition.ts'

const KEPT: { readonly [subject: string]: readonly string[] } = {
  adapter: ['address', 'subnet', 'prefix-length'],
  'default-switch': ['subnet', 'prefix-length'],
}

/** Every value until that lab time, the first one first; none of what is not kept. */
export function everOf(fact: Fact, changes: readonly Change[], until: number): readonly string[] {
  const { machine, of, name = '', field } = fact
  if (KEPT[of]?.includes(field) !== true) return []
  const kept = of === 'adapter' ? `${name} address`.toLowerCase() : 'subnet'
  const its = changes.filter((one) => one.at <= until && one.part.split('/')[0] === machine && one.field.toLowerCase() === kept)
  // An adapter with several addresses has them with blanks between.
  const networks = its.flatMap(({ before, after }) => [before, after].flatMap((value) => `${value ?? ''}`.split(' ')))
  const values = networks.filter((value) => value !== '').map((value) => partOf(value, field))
  return [...new Set(values)]
}

function partOf(network: string, field: string): string {
  const [address = '', length = ''] = network.split('/')
  return field === 'address' ? address : field === 'prefix-length' ? length : network
}
