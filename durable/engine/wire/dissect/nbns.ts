// NetBIOS name service.
import { formatIp } from '../addresses.ts'
import { printable } from '../bytes.ts'
import * as nbns from '../nbns.ts'
import { add, broken, type Context, data, hex16, layer, protocol } from './context.ts'

const two = (n: number): string => `<${n.toString(16).padStart(2, '0')}>`
const shown = ({ name, suffix }: nbns.Name): string => (name === '*' ? `*${two(0).repeat(15)}` : `${name}${two(suffix)}`)

function info(one: nbns.Nbns): string {
  switch (one.kind) {
    case 'query':
      return `Name query ${one.status ? 'NBSTAT' : 'NB'} ${shown(one.name)}`
    case 'found':
      return `Name query response NB ${one.addresses[0] === undefined ? '' : formatIp(one.addresses[0])}`.trimEnd()
    case 'status':
      return 'Name query response NBSTAT'
    default:
      return one satisfies never
  }
}

export function dissectNbns(c: Context, at: number, end: number): void {
  protocol(c, 'NBNS', '')
  const one = nbns.parse(c.b, at, end)
  if (typeof one === 'string') return /not a question|no answer/.test(one) ? data(c, at, end) : broken(c, one, at, end)
  const l = layer(c, 'NetBIOS Name Service', at, end)
  add(l, 'Transaction ID', hex16(one.id), at, 2)
  if (one.kind !== 'status') add(l, 'Name', printable(shown(one.name)), at + 12, 34)
  if (one.kind === 'found') for (const ip of one.addresses) add(l, 'Address', formatIp(ip), end - 4, 4)
  if (one.kind === 'status')
    for (const { group, ...name } of one.names)
      add(l, 'Name', `${printable(shown(name))} ${group ? 'group' : 'unique'}`, at, end - at)
  c.columns.info = printable(info(one))
}
