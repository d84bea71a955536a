import { expect, test } from 'vitest'
import { fakeConsole, fakeNames } from './fake-console.ts'

// The expected texts are published captures of the real programs.

test('asks for the server name first, then tries the suffix, then the name', () => {
  const console = fakeConsole(fakeNames)
  expect(console.type('nslookup google.co.jp 172.27.160.1')).toBe(`Server:  LABHOST.mshome.net
Address:  172.27.160.1

Non-authoritative answer:
Name:    google.co.jp
Addresses:  2404:6800:400a:80a::2003
          172.217.25.163

`)
  expect(console.kernel.calls.map((call) => /"name":"([^"]*)","type":"(\w+)"/.exec(call)?.slice(1, 3).join(' '))).toEqual([
    '1.160.27.172.in-addr.arpa PTR',
    'google.co.jp.home A',
    'google.co.jp A',
    'google.co.jp AAAA',
  ])
})

test('-vc ends in an unspecified error whether TCP is refused or times out', () => {
  const expected = "Server:  UnKnown\nAddress:  172.27.160.1\n\n*** UnKnown can't find google.co.jp: Unspecified error\n"
  const refused = fakeConsole(fakeNames)
  expect(refused.type('nslookup -vc google.co.jp 172.27.160.1')).toBe(expected)
  expect(refused.code).toBe(1)
  expect(
    fakeConsole(() => ({ events: [{ kind: 'timeout', server: '172.27.160.1', attempt: 1 }] })).type(
      'nslookup -vc google.co.jp 172.27.160.1',
    ),
  ).toBe(expected)
})

test('timeouts, refusal, no such name', () => {
  expect(
    fakeConsole(() => ({ events: [{ kind: 'timeout', server: '', attempt: 1 }] })).type('nslookup x 172.27.160.1'),
  ).toBe(`DNS request timed out.
    timeout was 2 seconds.
Server:  UnKnown
Address:  172.27.160.1

DNS request timed out.
    timeout was 2 seconds.
*** Request to UnKnown timed-out
`)
  expect(fakeConsole(() => ({ events: [{ kind: 'refused', server: '' }] })).type('nslookup x 172.27.160.1')).toContain(
    "*** UnKnown can't find x: No response from server\n",
  )
  expect(fakeConsole(fakeNames).type('nslookup nosuch.example')).toBe(
    "Server:  LABHOST.mshome.net\nAddress:  192.168.3.1\n\n*** LABHOST.mshome.net can't find nosuch.example: Non-existent domain\n",
  )
})

test('interactive mode says that it is not simulated', () => {
  expect(fakeConsole().type('nslookup')).toContain('not simulated here yet')
})
