import { expect, test } from 'vitest'
import { fakeConsole } from './fake-console.ts'

// The expected texts are published captures of the real programs.

test('route print', () => {
  const text = `===========================================================================
Interface List
 23...c4 c6 e6 30 3f 37 ......Intel(R) Ethernet Connection (18) I219-LM
 15...00 15 5d 0f a0 3b ......Hyper-V Virtual Ethernet Adapter
  1...........................Software Loopback Interface 1
===========================================================================

IPv4 Route Table
===========================================================================
Active Routes:
Network Destination        Netmask          Gateway       Interface  Metric
          0.0.0.0          0.0.0.0      192.168.3.1     192.168.3.50     25
        127.0.0.0        255.0.0.0         On-link         127.0.0.1    331
        127.0.0.1  255.255.255.255         On-link         127.0.0.1    331
  127.255.255.255  255.255.255.255         On-link         127.0.0.1    331
     172.27.160.0    255.255.240.0         On-link      172.27.160.1   5256
     172.27.160.1  255.255.255.255         On-link      172.27.160.1   5256
   172.27.175.255  255.255.255.255         On-link      172.27.160.1   5256
      192.168.3.0    255.255.255.0         On-link      192.168.3.50    281
     192.168.3.50  255.255.255.255         On-link      192.168.3.50    281
    192.168.3.255  255.255.255.255         On-link      192.168.3.50    281
        224.0.0.0        240.0.0.0         On-link         127.0.0.1    331
        224.0.0.0        240.0.0.0         On-link      172.27.160.1   5256
        224.0.0.0        240.0.0.0         On-link      192.168.3.50    281
  255.255.255.255  255.255.255.255         On-link         127.0.0.1    331
  255.255.255.255  255.255.255.255         On-link      172.27.160.1   5256
  255.255.255.255  255.255.255.255         On-link      192.168.3.50    281
===========================================================================
Persistent Routes:
  None

IPv6 Route Table
===========================================================================
Active Routes:
 If Metric Network Destination      Gateway
  1    331 ::1/128                  On-link
 15   5256 fe80::/64                On-link
 23    281 fe80::/64                On-link
  1    331 ff00::/8                 On-link
 15   5256 ff00::/8                 On-link
 23    281 ff00::/8                 On-link
===========================================================================
Persistent Routes:
  None
`
  expect(fakeConsole().type('route print')).toBe(text)
  expect(fakeConsole().type('netstat -r')).toBe(text)
})

test('a filter and one family', () => {
  const text = fakeConsole().type('route -4 print 172*')
  expect(text.match(/On-link/g)).toHaveLength(3)
  expect(text).not.toContain('IPv6')
})

test('add and delete', () => {
  const console = fakeConsole()
  expect(console.type('route -p add 10.1.0.0 mask 255.255.0.0 192.168.3.9 metric 5')).toBe(' OK!\n')
  expect(console.kernel.calls[0]).toBe(
    'addRoute {"destination":"10.1.0.0","prefixLength":16,"gateway":"192.168.3.9","interface":23,"metric":5,"persistent":true}',
  )
  expect(console.type('route add 10.1.0.1 mask 255.255.0.0 192.168.3.9')).toBe(
    'The route addition failed: The parameter is incorrect.\n\n',
  )
  expect(console.type('route add 10.1.0.0 mask 255.0.255.0 192.168.3.9')).toBe('Route: bad gateway address netmask\n')
  expect(console.type('route add x mask 255.0.0.0 192.168.3.9')).toBe('Route: bad destination address x\n')
  expect(console.type('route delete 10.9.9.0')).toBe('The route deletion failed: Element not found.\n\n')
})
