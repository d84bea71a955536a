import { expect, test } from 'vitest'
import { fakeConsole } from '../../windows/fake-console.ts'

// Expected texts: published captures.

const started = (address: string) => ({ kind: 'started', name: address, address, canonical: '' })

test('a ping', () => {
  const console = fakeConsole(() => ({
    events: [
      started('192.168.3.1'),
      { kind: 'reply', from: '192.168.3.1', fromName: '', sequence: 1, bytes: 32, ttl: 64, micros: 1200 },
    ],
  }))
  expect(console.type('Test-NetConnection 192.168.3.1').trim()).toBe(
    [
      'ComputerName           : 192.168.3.1',
      'RemoteAddress          : 192.168.3.1',
      'InterfaceAlias         : Ethernet',
      'SourceAddress          : 192.168.3.50',
      'PingSucceeded          : True',
      'PingReplyDetails (RTT) : 1 ms',
    ].join('\n'),
  )
})

test('a port that answers', () => {
  const console = fakeConsole(() => ({ events: [started('172.27.163.10'), { kind: 'connected', micros: 300 }] }))
  expect(console.type('Test-NetConnection vm1.mshome.net -Port 22').trim()).toBe(
    [
      'ComputerName     : vm1.mshome.net',
      'RemoteAddress    : 172.27.163.10',
      'RemotePort       : 22',
      'InterfaceAlias   : vEthernet (Default Switch)',
      'SourceAddress    : 172.27.160.1',
      'TcpTestSucceeded : True',
    ].join('\n'),
  )
})

test('a port that does not, on a computer that does not either', () => {
  const console = fakeConsole((program) => ({
    events: [
      started('172.27.163.10'),
      program === 'ping' ? { kind: 'timeout', sequence: 1 } : { kind: 'timeout', micros: 21_000_000 },
    ],
    code: 1,
  }))
  const lines = console.type('tnc vm1.mshome.net -Port 22').split('\n')
  expect(lines.slice(0, 2)).toEqual([
    'WARNING: TCP connect to (172.27.163.10 : 22) failed',
    'WARNING: Ping to 172.27.163.10 failed with status: TimedOut',
  ])
  expect(lines).toContain('PingSucceeded          : False')
  expect(lines).toContain('TcpTestSucceeded       : False')
  expect(console.type('tnc vm1.mshome.net -Port 22 -InformationLevel Quiet -WarningAction SilentlyContinue')).toBe('False\n')
})

test('a name that does not exist', () => {
  const console = fakeConsole(() => ({ events: [{ kind: 'unresolved', name: 'nosuch', temporary: false }], code: 1 }))
  expect(console.type('tnc nosuch')).toMatch(/^WARNING: Name resolution of nosuch failed\n[\s\S]*PingSucceeded {2}: False\n/)
})
