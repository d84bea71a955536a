import { expect, test } from 'vitest'
import type { PacketRow } from '../../../../durable/protocol.ts'
import { familyOf } from './family.ts'
import { filterRows } from './filter.ts'

const row = (sequence: number, protocol: string, source: string, info: string): PacketRow => ({
  sequence,
  time: 1_500_000,
  packet: sequence,
  cause: 0,
  command: 0,
  where: 'vm1 / eth0',
  direction: 'in',
  verdict: 'delivered',
  verdictText: '',
  source,
  destination: '172.27.160.1',
  protocol,
  info,
  length: 98,
})
const rows = [row(1, 'DNS', '172.27.163.10', 'Standard query A example.com'), row(2, 'ARP', 'aa:bb', 'Who has 172.27.160.1?')]
const sequences = (filter: string, subset: ReadonlySet<number> | null = null) =>
  filterRows(rows, filter, subset).map((one) => one.sequence)

test('every word must be found, in whichever column', () => {
  expect(sequences('dns')).toEqual([1])
  expect(sequences('172.27.160.1')).toEqual([1, 2])
  expect(sequences('dns who')).toEqual([])
  expect(sequences('EXAMPLE 1.500000')).toEqual([1])
})

test('a word with an exclamation mark must not be found', () => {
  expect(sequences('!arp')).toEqual([1])
  expect(sequences('!')).toEqual([1, 2])
})

test('a subset is a further condition', () => {
  expect(sequences('', new Set([2]))).toEqual([2])
  expect(sequences('dns', new Set([2]))).toEqual([])
})

test('families go by the name of the protocol', () => {
  expect(['ARP', 'DHCP', 'mDNS', 'ICMP', 'TCP', 'UDP', 'STP'].map(familyOf)).toEqual([
    'arp',
    'dhcp',
    'dns',
    'icmp',
    'tcp',
    'udp',
    'other',
  ])
})
