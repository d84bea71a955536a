// `ip monitor`: what rtnetlink tells, in the order and words that a real one printed for the same doings.
import { describe, expect, it } from 'vitest'
import { LinuxLab } from './linux-lab.ts'

describe.each([false, true])('stored before each line: %s', (fragile) => {
  /** What the monitor printed while something was done. */
  const open = (monitor: string) => {
    const lab = new LinuxLab({ fragile })
    expect(lab.type('alpha:2', monitor)).toBe('')
    const told = (console: string, line: string) => lab.type(console, line).split('[alpha:2] ').slice(1).join('')
    return { lab, told }
  }

  it('tells of links, addresses, routes, neighbours and rules', () => {
    const { lab, told } = open('ip monitor')
    expect(told('alpha', 'ping -c 1 10.9.0.2')).toContain('10.9.0.2 dev eth0 lladdr 00:15:5d:00:00:02 REACHABLE \n')
    expect(told('alpha', 'ping -c 1 -W 1 10.9.0.77')).toBe('10.9.0.77 dev eth0 FAILED \n')
    expect(told('alpha', 'sudo ip route add 10.7.0.0/16 via 10.9.0.2')).toBe('10.7.0.0/16 via 10.9.0.2 dev eth0 \n')
    expect(told('alpha', 'sudo ip route add blackhole 10.8.0.0/16')).toBe('blackhole 10.8.0.0/16 \n')
    expect(told('alpha', 'sudo ip route del 10.7.0.0/16')).toBe('Deleted 10.7.0.0/16 via 10.9.0.2 dev eth0 \n')
    expect(told('alpha', 'sudo ip neigh add 10.9.0.50 lladdr 02:00:00:00:00:50 dev eth0')).toBe(
      '10.9.0.50 dev eth0 lladdr 02:00:00:00:00:50 PERMANENT \n',
    )
    expect(told('alpha', 'sudo ip neigh del 10.9.0.50 dev eth0')).toBe(
      '10.9.0.50 dev eth0 FAILED \nDeleted 10.9.0.50 dev eth0 FAILED \n',
    )
    expect(told('alpha', 'sudo ip rule add from 10.1.0.0/16 lookup 100')).toBe('32765:\tfrom 10.1.0.0/16 lookup 100\n')
    expect(told('alpha', 'sudo ip addr add 10.6.0.1/24 dev eth0')).toBe(
      [
        '2: eth0    inet 10.6.0.1/24 scope global eth0',
        '       valid_lft forever preferred_lft forever',
        'local 10.6.0.1 dev eth0 table local proto kernel scope host src 10.6.0.1 ',
        'broadcast 10.6.0.255 dev eth0 table local proto kernel scope link src 10.6.0.1 ',
        '10.6.0.0/24 dev eth0 proto kernel scope link src 10.6.0.1 ',
        '',
      ].join('\n'),
    )
    expect(told('alpha', 'sudo ip link set eth0 mtu 1400')).toMatch(
      /^2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400 qdisc mq state UP group default \n {4}link\/ether 00:15:5d:00:00:01 brd ff:ff:ff:ff:ff:ff\n$/,
    )
    // Two changes of one line are two, and a stale neighbour is told when it is.
    expect(told('alpha', 'sudo ip route add 10.5.0.0/16 dev eth0; sudo ip route del 10.5.0.0/16')).toBe(
      '10.5.0.0/16 dev eth0 scope link \nDeleted 10.5.0.0/16 dev eth0 scope link \n',
    )
    expect(told('beta', 'sleep 60')).toContain('10.9.0.2 dev eth0 lladdr 00:15:5d:00:00:02 STALE \n')
    const down = told('alpha', 'sudo ip link set eth0 down')
    expect(down).toMatch(/^2: eth0: <BROADCAST,MULTICAST> mtu 1400 .* state DOWN group default \n/)
    expect(down).toContain('Deleted 10.9.0.2 dev eth0 lladdr 00:15:5d:00:00:02 STALE \n')
    expect(lab.interrupt('alpha:2')).toBe('')
    expect(lab.type('alpha:2', 'echo $?')).toBe('130\n')
  })

  it('shows what it is asked for, with labels and times', () => {
    const { told } = open('ip -ts monitor label route address dev eth0')
    expect(told('alpha', 'sudo ip neigh add 10.9.0.50 lladdr 02:00:00:00:00:50 dev eth0')).toBe('')
    expect(told('alpha', 'sudo ip link add d0 type dummy; sudo ip addr add 10.3.0.1/24 dev d0')).toBe('')
    expect(told('alpha', 'sudo ip addr add 2001:db8::1/64 dev eth0; sleep 3')).toMatch(
      new RegExp(
        [
          '^\\[2026-03-02T12:01:\\d\\d\\.\\d{6}\\] \\[ADDR\\]2: eth0    inet6 2001:db8::1/64 scope global tentative ',
          '       valid_lft forever preferred_lft forever',
          '\\[\\S+\\] \\[ROUTE\\]2001:db8::/64 dev eth0 proto kernel metric 256 pref medium',
          '\\[\\S+\\] \\[ADDR\\]2: eth0    inet6 2001:db8::1/64 scope global ',
          '       valid_lft forever preferred_lft forever',
          '\\[\\S+\\] \\[ROUTE\\]local 2001:db8::1 dev eth0 table local proto kernel metric 0 pref medium\n$',
        ].join('\n'),
      ),
    )
  })
})

it('refuses what it does not know', () => {
  const lab = new LinuxLab()
  expect(lab.type('alpha', 'ip monitor foo; echo $?')).toBe('Argument "foo" is unknown, try "ip monitor help".\n255\n')
  expect(lab.type('alpha', 'ip monitor dev nosuch; echo $?')).toBe('Device "nosuch" does not exist.\n255\n')
  expect(lab.type('alpha', 'ip monitor nsid')).toContain('not simulated')
})
