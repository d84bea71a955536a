import { expect, test } from 'vitest'
import { read } from './display-filter.ts'

test('what parses is a display filter', () => {
  for (const text of ['dns', 'dhcp.option.dhcp == 5 && eth.src == 00:15:5d:01:68:01', 'not arp', 'ip.addr']) {
    expect([text, read(text).kind]).toEqual([text, 'filter'])
  }
})

test('words stay words', () => {
  for (const text of ['', 'icmp ubuntu1', '172.27.160.1', 'www.example.com', 'who has', '12.0013', 'ubuntu1 / eth0']) {
    expect([text, read(text).kind]).toEqual([text, 'words'])
  }
})

test('a filter that cannot be read says where and why', () => {
  const reading = read('dns && ip.adr == 1.2.3.4')
  if (reading.kind !== 'fault') throw new Error(`it is ${reading.kind}`)
  expect('dns && ip.adr == 1.2.3.4'.slice(reading.fault.from, reading.fault.to)).toBe('ip.adr')
  expect(reading.fault.message).not.toBe('')
  const unfinished = read('ip.ttl ==')
  expect(unfinished.kind === 'fault' && unfinished.fault.to).toBe(9)
  expect(read('ip.adr').kind).toBe('fault')
})
