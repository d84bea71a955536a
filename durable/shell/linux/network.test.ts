import { describe, expect, it } from 'vitest'
import { fakeKernel, type } from './fake-kernel.ts'
import { bash } from './index.ts'

const gateway = () => {
  const fake = fakeKernel()
  const records = [{ name: '1.160.27.172.in-addr.arpa', type: 'PTR', ttl: 0, data: 'LABHOST.mshome.net' }]
  fake.scripts.set('resolve 1.160.27.172.in-addr.arpa', [{ kind: 'resolved', name: 'x', canonical: '', source: 'dns', records }])
  return fake
}
const out = (line: string, fake = fakeKernel()) => type(bash, fake, line).output

describe('net-tools', () => {
  it('netstat -r cuts names to 15 characters', () => {
    expect(out('netstat -r', gateway())).toBe(`Kernel IP routing table
Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface
default         LABHOST.mshome. 0.0.0.0         UG        0 0          0 eth0
172.27.160.0    0.0.0.0         255.255.240.0   U         0 0          0 eth0
LABHOST.mshome. 0.0.0.0         255.255.255.255 UH        0 0          0 eth0
`)
  })

  it('netstat -rn and route -n', () => {
    expect(out('netstat -rn')).toContain('0.0.0.0         172.27.160.1    0.0.0.0         UG        0 0          0 eth0\n')
    expect(out('route -n')).toBe(`Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
0.0.0.0         172.27.160.1    0.0.0.0         UG    100    0        0 eth0
172.27.160.0    0.0.0.0         255.255.240.0   U     100    0        0 eth0
172.27.160.1    0.0.0.0         255.255.255.255 UH    100    0        0 eth0
`)
  })

  it('arp in its three forms', () => {
    expect(out('arp', gateway())).toBe(`Address                  HWtype  HWaddress           Flags Mask            Iface
LABHOST.mshome.net       ether   00:15:5d:0f:a0:3b   C                     eth0
`)
    expect(out('arp -an')).toBe('? (172.27.160.1) at 00:15:5d:0f:a0:3b [ether] on eth0\n')
    expect(out('arp -a', gateway())).toBe('LABHOST.mshome.net (172.27.160.1) at 00:15:5d:0f:a0:3b [ether] on eth0\n')
    const fake = fakeKernel()
    fake.neighborTable = [{ interface: 2, address: '172.27.160.9', mac: '', state: 'incomplete' }]
    expect(out('arp -n', fake)).toContain('172.27.160.9                     (incomplete)                              eth0\n')
    expect(out('arp 172.27.160.9')).toBe('172.27.160.9 (172.27.160.9) -- no entry\n')
  })

  it('ifconfig', () => {
    expect(out('ifconfig eth0')).toBe(`eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
        inet 172.27.163.10  netmask 255.255.240.0  broadcast 172.27.175.255
        inet6 fe80::215:5dff:fe03:3200  prefixlen 64  scopeid 0x20<link>
        ether 00:15:5d:03:32:00  txqueuelen 1000  (Ethernet)
        RX packets 50  bytes 5120 (5.0 KiB)
        RX errors 0  dropped 0  overruns 0  frame 0
        TX packets 44  bytes 1048576 (1.0 MiB)
        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0

`)
    expect(out('ifconfig')).toContain('lo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536\n        inet 127.0.0.1  netmask 255.0.0.0\n')
    expect(out('ifconfig eth9')).toBe('eth9: error fetching interface information: Device not found\n')
  })

  it('sockets by ss and netstat', () => {
    const fake = fakeKernel()
    fake.socketTable = [
      {
        protocol: 'tcp',
        localAddress: '0.0.0.0',
        localPort: 22,
        remoteAddress: '*',
        remotePort: 0,
        state: 'Listen',
        pid: 7,
        component: '',
        image: 'sshd',
      },
      {
        protocol: 'udp',
        localAddress: '127.0.0.53',
        localPort: 53,
        remoteAddress: '',
        remotePort: 0,
        state: '',
        pid: 5,
        component: '',
        image: 'systemd-resolve',
      },
    ]
    const [head = '', stub = '', server = ''] = out('sudo ss -tulpn', fake).split('\n')
    expect(head.replace(/ +/g, ' ')).toBe('Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port Process ')
    expect(stub.replace(/ +/g, ' ')).toBe('udp UNCONN 0 0 127.0.0.53:53 0.0.0.0:* users:(("systemd-resolve",pid=5,fd=3)) ')
    for (const line of [head, stub, server]) expect(line).toHaveLength(120)
    expect(head.indexOf(':Port')).toBe(stub.indexOf(':53'))
    expect(head.indexOf('Recv-Q')).toBe(stub.indexOf('0 '))
    expect(head.indexOf('Process')).toBe(server.indexOf('users:'))
    // Towards a pipe the columns stay narrow.
    expect(out('ss -tan | cat', fake)).toMatch(
      /^State {2}Recv-Q Send-Q Local Address:Port Peer Address:Port Process\nLISTEN 0 {6}128 {10}0\.0\.0\.0:22/,
    )
    expect(out('netstat -tuln', fake)).toContain('tcp        0      0 0.0.0.0:22              0.0.0.0:*               LISTEN')
  })

  it('hostname, sysctl, getent', () => {
    expect(out('hostname; hostname -I; hostname -f')).toBe('vm1\n172.27.163.10 \nvm1\n')
    const fake = fakeKernel()
    expect(out('sysctl net.ipv4.ip_forward', fake)).toBe('net.ipv4.ip_forward = 0\n')
    expect(out('sudo sysctl -w net.ipv4.ip_forward=1', fake)).toBe('net.ipv4.ip_forward = 1\n')
    expect(fake.calls).toEqual(['setForwarding 2 true'])
    expect(out('sysctl -w net.ipv4.ip_forward=1')).toBe('sysctl: permission denied on key "net.ipv4.ip_forward"\n')
    const records = [{ name: 'vm2.mshome.net', type: 'A', ttl: 0, data: '172.27.165.77' }]
    fake.scripts.set('resolve', [{ kind: 'resolved', name: 'vm2', canonical: 'vm2.mshome.net', source: 'dns', records }])
    expect(out('getent hosts vm2.mshome.net', fake)).toBe('172.27.165.77   vm2.mshome.net\n')
  })
})

describe('traceroute', () => {
  it('prints a line per hop', () => {
    const fake = fakeKernel()
    const probe = (hop: number, from: string | null, name: string, micros: number, code = '') => ({
      kind: 'probe',
      hop,
      attempt: 1,
      from,
      name,
      micros,
      code,
    })
    fake.scripts.set('trace', [
      { kind: 'started', name: '8.8.8.8', address: '8.8.8.8', canonical: '' },
      probe(1, '172.27.160.1', 'LABHOST.mshome.net', 312),
      probe(1, '172.27.160.1', 'LABHOST.mshome.net', 280),
      probe(1, '172.27.160.1', 'LABHOST.mshome.net', 266),
      { kind: 'hop', hop: 1, reached: false },
      probe(2, null, '', 0),
      probe(2, null, '', 0),
      probe(2, null, '', 0),
      { kind: 'hop', hop: 2, reached: false },
      probe(3, '8.8.8.8', '', 9000, 'port'),
      { kind: 'hop', hop: 3, reached: true },
      { kind: 'finished', reached: true },
    ])
    expect(out('traceroute 8.8.8.8', fake)).toBe(`traceroute to 8.8.8.8 (8.8.8.8), 30 hops max, 60 byte packets
 1  LABHOST.mshome.net (172.27.160.1)  0.312 ms  0.280 ms  0.266 ms
 2  * * *
 3  8.8.8.8 (8.8.8.8)  9.000 ms
`)
    expect(out('mtr 8.8.8.8')).toBe('mtr is real, but not simulated here yet\n')
  })
})

describe('dhclient', () => {
  it('-v tells every message', () => {
    const fake = fakeKernel()
    fake.scripts.set('dhcp', [
      { kind: 'sent', message: 'DISCOVER', destination: '255.255.255.255', interval: 3 },
      { kind: 'received', message: 'OFFER', address: '172.27.163.10', server: '172.27.160.1' },
      { kind: 'sent', message: 'REQUEST', destination: '255.255.255.255', interval: 3 },
      { kind: 'received', message: 'ACK', address: '172.27.163.10', server: '172.27.160.1' },
      { kind: 'bound', address: '172.27.163.10', server: '172.27.160.1', renewSeconds: 41234 },
    ])
    expect(out('sudo dhclient -v eth0', fake)).toContain(`DHCPDISCOVER on eth0 to 255.255.255.255 port 67 interval 3
DHCPOFFER of 172.27.163.10 from 172.27.160.1
DHCPREQUEST for 172.27.163.10 on eth0 to 255.255.255.255 port 67
DHCPACK of 172.27.163.10 from 172.27.160.1
bound to 172.27.163.10 -- renewal in 41234 seconds.
`)
    fake.scripts.set('dhcp', [{ kind: 'failed', reason: 'timeout' }])
    expect(out('sudo dhclient -v eth0', fake)).toContain(
      'No DHCPOFFERS received.\nNo working leases in persistent database - sleeping.\n',
    )
    expect(out('sudo networkctl renew eth0', gateway())).toBe('')
  })

  it('-r releases', () => {
    const fake = fakeKernel()
    fake.scripts.set('dhcp', [
      { kind: 'sent', message: 'RELEASE', destination: '172.27.160.1', interval: 0 },
      { kind: 'released', address: '172.27.163.10', server: '172.27.160.1' },
    ])
    expect(out('sudo dhclient -r -v eth0', fake)).toContain('DHCPRELEASE of 172.27.163.10 on eth0 to 172.27.160.1 port 67\n')
    expect(fake.calls[0]).toContain('"action":"release"')
  })
})
