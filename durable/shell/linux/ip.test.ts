import { describe, expect, it } from 'vitest'
import { fakeKernel, fakeLink, fakeRoute, type } from './fake-kernel.ts'
import { bash } from './index.ts'

const run = (line: string, fake = fakeKernel()) => type(bash, fake, line)
const out = (line: string, fake = fakeKernel()) => run(line, fake).output

describe('ip', () => {
  it('addr as the fact sheet shows it', () => {
    expect(out('ip addr')).toBe(`1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet6 ::1/128 scope host noprefixroute 
       valid_lft forever preferred_lft forever
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000
    link/ether 00:15:5d:03:32:00 brd ff:ff:ff:ff:ff:ff
    inet 172.27.163.10/20 brd 172.27.175.255 scope global dynamic eth0
       valid_lft 86143sec preferred_lft 86143sec
    inet6 fe80::215:5dff:fe03:3200/64 scope link 
       valid_lft forever preferred_lft forever
`)
    for (const same of ['ip a', 'ip address show', 'ip addr ls', 'ip ad list']) expect(out(same)).toBe(out('ip addr'))
  })

  it('-br addr and -br link', () => {
    expect(out('ip -br addr')).toBe(
      'lo               UNKNOWN        127.0.0.1/8 ::1/128 \neth0             UP             172.27.163.10/20 fe80::215:5dff:fe03:3200/64 \n',
    )
    expect(out('ip -br link')).toContain('eth0             UP             00:15:5d:03:32:00 <BROADCAST,MULTICAST,UP,LOWER_UP> \n')
  })

  it('shows link-local addresses only with -6', () => {
    expect(out('ip -6 addr show eth0')).toBe(
      '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP qlen 1000\n    inet6 fe80::215:5dff:fe03:3200/64 scope link \n       valid_lft forever preferred_lft forever\n',
    )
    expect(out('ip -4 -o addr show eth0')).toBe(
      '2: eth0    inet 172.27.163.10/20 brd 172.27.175.255 scope global dynamic eth0\\       valid_lft 86143sec preferred_lft 86143sec\n',
    )
  })

  it('tells an unplugged and a switched-off link', () => {
    const fake = fakeKernel()
    fake.links[1] = fakeLink({ up: false })
    expect(out('ip link show eth0', fake)).toContain(
      'eth0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc mq state DOWN mode DEFAULT',
    )
    fake.links[1] = fakeLink({ enabled: false, up: false })
    expect(out('ip addr show eth0', fake)).toContain('eth0: <BROADCAST,MULTICAST> mtu 1500')
  })

  it('-s link has counters under their headings', () => {
    expect(out('ip -s link show eth0').split('\n').slice(2)).toEqual([
      '    RX:  bytes packets errors dropped  missed   mcast           ',
      '          5120      50      0       0       0       0 ',
      '    TX:  bytes packets errors dropped carrier collsns           ',
      '       1048576      44      0       0       0       0 ',
      '',
    ])
  })

  it('route and neigh as the fact sheet shows them', () => {
    expect(out('ip route')).toBe(`default via 172.27.160.1 dev eth0 proto dhcp src 172.27.163.10 metric 100 
172.27.160.0/20 dev eth0 proto kernel scope link src 172.27.163.10 metric 100 
172.27.160.1 dev eth0 proto dhcp scope link src 172.27.163.10 metric 100 
`)
    expect(out('ip r show default')).toBe('default via 172.27.160.1 dev eth0 proto dhcp src 172.27.163.10 metric 100 \n')
    expect(out('ip neigh')).toBe('172.27.160.1 dev eth0 lladdr 00:15:5d:0f:a0:3b REACHABLE \n')
    const fake = fakeKernel()
    fake.neighborTable.push({ interface: 2, address: '172.27.163.99', mac: '', state: 'unreachable' })
    fake.neighborTable.push({ interface: 2, address: '224.0.0.22', mac: '01005E000016', state: 'permanent' })
    expect(out('ip n', fake).split('\n').slice(1)).toEqual(['172.27.163.99 dev eth0 FAILED ', ''])
  })

  it('route leaves out what stands in the local table', () => {
    const fake = fakeKernel()
    fake.table.push(
      fakeRoute({ destination: '127.0.0.0', prefixLength: 8, gateway: '', interface: 1, origin: 'kernel' }),
      fakeRoute({ destination: '172.27.163.10', prefixLength: 32, gateway: '', origin: 'kernel' }),
      fakeRoute({ destination: '172.27.175.255', prefixLength: 32, gateway: '', origin: 'kernel' }),
      fakeRoute({ destination: '224.0.0.0', prefixLength: 4, gateway: '', origin: 'kernel' }),
    )
    expect(out('ip route', fake)).toBe(out('ip route'))
  })

  it('route get', () => {
    expect(out('ip route get 8.8.8.8')).toBe('8.8.8.8 via 172.27.160.1 dev eth0 src 172.27.163.10 uid 1000 \n    cache \n')
    expect(out('sudo ip route get 172.27.160.1')).toBe('172.27.160.1 dev eth0 src 172.27.163.10 uid 0 \n    cache \n')
    expect(out('ip route get 172.27.163.10')).toBe('local 172.27.163.10 dev lo src 172.27.163.10 uid 1000 \n    cache <local> \n')
    const fake = fakeKernel()
    fake.table = []
    expect(run('ip route get 8.8.8.8', fake)).toMatchObject({ output: 'RTNETLINK answers: Network is unreachable\n', status: 2 })
  })

  it('changes what root may change', () => {
    const fake = fakeKernel()
    for (const line of [
      'sudo ip addr add 10.0.0.1/24 dev eth0',
      'sudo ip addr del 172.27.163.10/20 dev eth0',
      'sudo ip link set eth0 down',
      'sudo ip link set dev eth0 up',
      'sudo ip route add 10.0.0.0/8 via 172.27.160.1',
      'sudo ip route del default',
      'sudo ip route replace default via 172.27.160.9 metric 100',
      'sudo ip neigh flush dev eth0',
      'sudo ip neigh add 172.27.160.7 lladdr 00:15:5d:00:00:07 dev eth0',
    ]) {
      expect(run(line, fake), line).toMatchObject({ output: '', status: 0 })
    }
    expect(fake.calls).toEqual([
      'addAddress 2 10.0.0.1/24',
      'removeAddress 2 172.27.163.10',
      'setInterfaceEnabled 2 false',
      'setInterfaceEnabled 2 true',
      'addRoute 10.0.0.0/8 172.27.160.1 2 0',
      'removeRoute 0.0.0.0/0 ',
      'addRoute 0.0.0.0/0 172.27.160.9 2 100',
      'removeNeighbor 2 172.27.160.1',
      'addNeighbor 2 172.27.160.7 00:15:5d:00:00:07',
    ])
  })

  it('complains as iproute2 does', () => {
    const cases: [string, string, number][] = [
      ['ip addr add 10.0.0.1/24 dev eth0', 'RTNETLINK answers: Operation not permitted\n', 2],
      ['ip link show eth9', 'Device "eth9" does not exist.\n', 1],
      ['sudo ip addr add 10.0.0.1/24 dev eth9', 'Cannot find device "eth9"\n', 1],
      ['sudo ip addr add x dev eth0', 'Error: any valid prefix is expected rather than "x".\n', 1],
      ['sudo ip addr add 10.0.0.1', 'Not enough information: "dev" argument is required.\n', 1],
      ['sudo ip route add default via 10.9.9.9', 'Error: Nexthop has invalid gateway.\n', 2],
      ['sudo ip route add default via 172.27.160.1 metric 100', 'RTNETLINK answers: File exists\n', 2],
      ['sudo ip route add 10.0.0.1/8 via 172.27.160.1', 'Error: Invalid prefix for given prefix length.\n', 2],
      ['sudo ip route del 10.0.0.0/8', 'RTNETLINK answers: No such process\n', 2],
      ['sudo ip neigh flush', 'Flush requires arguments.\n', 1],
      ['ip foo', 'Object "foo" is unknown, try "ip help".\n', 1],
      ['ip addr foo', 'Command "foo" is unknown, try "ip address help".\n', 255],
      ['ip -z', 'Option "-z" is unknown, try "ip -help".\n', 255],
      ['ip netns', 'ip netns is real, but not simulated here yet\n', 1],
      ['ip link set eth0 mtu 1400', 'RTNETLINK answers: Operation not permitted\n', 2],
      ['sudo ip link add x type vxlan', 'ip link add type vxlan is real, but not simulated here yet\n', 1],
    ]
    for (const [line, output, status] of cases) expect(run(line), line).toMatchObject({ output, status })
  })
})
