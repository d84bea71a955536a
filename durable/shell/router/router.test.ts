import { expect, it } from 'vitest'
import { fakeKernel, type } from '../linux/fake-kernel.ts'
import { router } from './index.ts'

it('is a small Linux with a translation table', () => {
  const fake = fakeKernel()
  fake.user = 'root'
  fake.files.write('/tmp/dhcp.leases', '86400 00:15:5d:03:32:00 192.168.3.50 LABHOST *\n')
  const natted = {
    ...fake,
    natSessions: () => [
      {
        protocol: 'UDP' as const,
        inside: '192.168.3.50',
        insidePort: 5000,
        outside: '203.0.113.10',
        outsidePort: 40_000,
        remote: '8.8.8.8',
        remotePort: 53,
        expiresAt: 29_000_000,
        phase: 'established' as const,
      },
      {
        protocol: 'ICMP' as const,
        inside: '192.168.3.50',
        insidePort: 1,
        outside: '203.0.113.10',
        outsidePort: 9,
        remote: '8.8.8.8',
        remotePort: 0,
        expiresAt: 9_000_000,
        phase: 'opening' as const,
      },
    ],
  }
  expect(router.prompt({ kernel: fake, memory: {} })).toBe('root@vm1:~# ')
  expect(type(router, fake, 'cat /tmp/dhcp.leases').output).toContain('LABHOST')
  expect(type(router, natted, 'conntrack -L').output).toBe(
    `udp      17 29 src=192.168.3.50 dst=8.8.8.8 sport=5000 dport=53 src=8.8.8.8 dst=203.0.113.10 sport=53 dport=40000 mark=0 use=1
icmp     1 9 src=192.168.3.50 dst=8.8.8.8 type=8 code=0 id=1 src=8.8.8.8 dst=203.0.113.10 type=0 code=0 id=9 mark=0 use=1
conntrack v1.4.8 (conntrack-tools): 2 flow entries have been shown.
`,
  )
  expect(type(router, fake, 'nosuch').output).toBe('-ash: nosuch: not found\n')
})
