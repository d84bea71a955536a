import type { Kernel } from '../../engine/machine/kernel.ts'
import type { DnsCacheView } from '../../engine/machine/views.ts'

const numbers: Record<string, number> = { A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, SRV: 33 }
const lengths: Record<string, number> = { A: 4, AAAA: 16 }
const labels: Record<string, string> = {
  A: 'A (Host) Record . . . :',
  AAAA: 'AAAA Record . . . . . :',
  CNAME: 'CNAME Record  . . . . :',
  PTR: 'PTR Record  . . . . . :',
}

export const recordLength = (type: string): number => lengths[type] ?? 8
export const secondsLeft = (kernel: Kernel, one: DnsCacheView): number =>
  Math.max(0, Math.floor((one.expiresAt - kernel.clock().now) / 1_000_000))

/** `ipconfig /displaydns` */
export function dnsCacheLines(kernel: Kernel): string[] {
  const cache = kernel.dnsCache()
  if (cache.length === 0) return ['Could not display the DNS Resolver Cache.']
  const names = [...new Set(cache.map((one) => one.entry))]
  return names.flatMap((name) => [
    '',
    `    ${name}`,
    `    ${'-'.repeat(40)}`,
    ...cache.filter((one) => one.entry === name).flatMap((one) => entryLines(kernel, one)),
  ])
}

function entryLines(kernel: Kernel, one: DnsCacheView): string[] {
  if (!one.found)
    return [one.type === '' || one.type === 'A' ? '    Name does not exist.' : `    No records of type ${one.type}`, '']
  return [
    `    Record Name . . . . . : ${one.name}`,
    `    Record Type . . . . . : ${numbers[one.type] ?? 0}`,
    `    Time To Live  . . . . : ${secondsLeft(kernel, one)}`,
    `    Data Length . . . . . : ${recordLength(one.type)}`,
    '    Section . . . . . . . : Answer',
    `    ${labels[one.type] ?? `${one.type} Record . . . . . :`} ${one.data}`,
    '',
  ]
}
