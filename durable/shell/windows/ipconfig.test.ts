import { describe, expect, test } from 'vitest'
import { fakeConsole } from './fake-console.ts'
import { defaultSwitch, ethernet } from './fake-kernel.ts'

// The expected texts are published captures of the real program.

const all = `
Windows IP Configuration

   Host Name . . . . . . . . . . . . : LABHOST
   Primary Dns Suffix  . . . . . . . : 
   Node Type . . . . . . . . . . . . : Hybrid
   IP Routing Enabled. . . . . . . . : No
   WINS Proxy Enabled. . . . . . . . : No
   DNS Suffix Search List. . . . . . : home

Ethernet adapter Ethernet:

   Connection-specific DNS Suffix  . : home
   Description . . . . . . . . . . . : Intel(R) Ethernet Connection (18) I219-LM
   Physical Address. . . . . . . . . : C4-C6-E6-30-3F-37
   DHCP Enabled. . . . . . . . . . . : Yes
   Autoconfiguration Enabled . . . . : Yes
   Link-local IPv6 Address . . . . . : fe80::4d1b:9a2e:7c30:51aa%23(Preferred) 
   IPv4 Address. . . . . . . . . . . : 192.168.3.50(Preferred) 
   Subnet Mask . . . . . . . . . . . : 255.255.255.0
   Lease Obtained. . . . . . . . . . : Thursday, November 20, 2025 8:01:12 AM
   Lease Expires . . . . . . . . . . : Friday, November 21, 2025 8:01:11 AM
   Default Gateway . . . . . . . . . : 192.168.3.1
   DHCP Server . . . . . . . . . . . : 192.168.3.1
   DHCPv6 IAID . . . . . . . . . . . : 113559270
   DHCPv6 Client DUID. . . . . . . . : 00-01-00-01-2B-6A-11-40-C4-C6-E6-30-3F-37
   DNS Servers . . . . . . . . . . . : 192.168.3.1
                                       1.1.1.1
   NetBIOS over Tcpip. . . . . . . . : Enabled

Ethernet adapter vEthernet (Default Switch):

   Connection-specific DNS Suffix  . : 
   Description . . . . . . . . . . . : Hyper-V Virtual Ethernet Adapter
   Physical Address. . . . . . . . . : 00-15-5D-0F-A0-3B
   DHCP Enabled. . . . . . . . . . . : No
   Autoconfiguration Enabled . . . . : Yes
   Link-local IPv6 Address . . . . . : fe80::8167:6b45:b2b0:daa9%15(Preferred) 
   IPv4 Address. . . . . . . . . . . : 172.27.160.1(Preferred) 
   Subnet Mask . . . . . . . . . . . : 255.255.240.0
   Default Gateway . . . . . . . . . : 
   DHCPv6 IAID . . . . . . . . . . . : 251663709
   DHCPv6 Client DUID. . . . . . . . : 00-01-00-01-2B-6A-11-40-C4-C6-E6-30-3F-37
   DNS Servers . . . . . . . . . . . : fec0:0:0:ffff::1%1
                                       fec0:0:0:ffff::2%1
                                       fec0:0:0:ffff::3%1
   NetBIOS over Tcpip. . . . . . . . : Enabled
`

describe('ipconfig', () => {
  test('/all', () => {
    expect(fakeConsole().type('ipconfig /all')).toBe(all)
  })

  test('in a guest: one adapter, no state words', () => {
    const guest = {
      ...ethernet,
      index: 6,
      dnsSuffix: 'mshome.net',
      linkLocal6: 'fe80::1d0c:55ab:90e3:22f1',
      gateways: ['172.27.160.1'],
      addresses: [{ ...ethernet.addresses[0], address: '172.27.165.77', prefixLength: 20 }],
    }
    expect(fakeConsole(undefined, { interfaces: [guest], hyperV: false }).type('ipconfig')).toBe(`
Windows IP Configuration


Ethernet adapter Ethernet:

   Connection-specific DNS Suffix  . : mshome.net
   Link-local IPv6 Address . . . . . : fe80::1d0c:55ab:90e3:22f1%6
   IPv4 Address. . . . . . . . . . . : 172.27.165.77
   Subnet Mask . . . . . . . . . . . : 255.255.240.0
   Default Gateway . . . . . . . . . : 172.27.160.1
`)
  })

  test('APIPA and unplugged', () => {
    const apipa = {
      ...ethernet,
      name: 'Ethernet 2',
      index: 9,
      dnsSuffix: '',
      linkLocal6: 'fe80::c16a:f58d:a7:93b4',
      gateways: [],
      addresses: [{ ...ethernet.addresses[0], address: '169.254.147.180', prefixLength: 16, origin: 'link-local' as const }],
    }
    const unplugged = { ...ethernet, name: 'Ethernet 3', up: false, dnsSuffix: '' }
    const text = fakeConsole(undefined, { interfaces: [apipa, unplugged] }).type('ipconfig')
    expect(text.slice(text.indexOf('Ethernet adapter'))).toBe(`Ethernet adapter Ethernet 2:

   Connection-specific DNS Suffix  . : 
   Link-local IPv6 Address . . . . . : fe80::c16a:f58d:a7:93b4%9
   Autoconfiguration IPv4 Address. . : 169.254.147.180
   Subnet Mask . . . . . . . . . . . : 255.255.0.0
   Default Gateway . . . . . . . . . : 

Ethernet adapter Ethernet 3:

   Media State . . . . . . . . . . . : Media disconnected
   Connection-specific DNS Suffix  . : 
`)
  })

  test('/flushdns and an option that does not exist', () => {
    const console = fakeConsole()
    expect(console.type('ipconfig /flushdns')).toBe(
      '\nWindows IP Configuration\n\nSuccessfully flushed the DNS Resolver Cache.\n',
    )
    expect(console.kernel.calls).toContain('flushDnsCache')
    expect(console.type('ipconfig /bogus')).toContain('Error: unrecognized or incomplete command line.')
    expect(console.code).toBe(1)
  })

  test('/displaydns', () => {
    const entry = {
      entry: 'google.com',
      name: 'google.com',
      type: 'A',
      data: '142.250.74.46',
      expiresAt: 3_600_000_000 + 143_000_000,
      found: true,
    }
    const text = fakeConsole(undefined, { cache: [entry] }).type('ipconfig /displaydns')
    expect(text).toContain(`
    google.com
    ----------------------------------------
    Record Name . . . . . : google.com
    Record Type . . . . . : 1
    Time To Live  . . . . : 143
    Data Length . . . . . : 4
    Section . . . . . . . : Answer
    A (Host) Record . . . : 142.250.74.46
`)
    expect(fakeConsole().type('ipconfig /displaydns')).toContain('Could not display')
  })

  test('/renew reports the server that does not answer, /release an unplugged adapter', () => {
    const late = fakeConsole(() => ({ events: [{ kind: 'failed', reason: 'timeout' }], code: 1 }))
    expect(late.type('ipconfig /renew Ethernet')).toContain(
      'An error occurred while renewing interface Ethernet : unable to contact your DHCP server. Request has timed out.\n',
    )
    expect(late.kernel.calls).toContain('spawn dhcp {"action":"renew","interface":23,"timeoutMs":60000}')
    expect(fakeConsole(undefined, { interfaces: [{ ...ethernet, up: false }] }).type('ipconfig /release')).toContain(
      'No operation can be performed on Ethernet while it has its media disconnected.\n',
    )
    expect(fakeConsole(undefined, { interfaces: [defaultSwitch] }).type('ipconfig /renew')).toContain(
      'The operation failed as no adapter is in the state permissible for \nthis operation.\n',
    )
  })
})
