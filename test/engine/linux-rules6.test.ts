// Tables and rules of IPv6 as `ip -6 route` and `ip -6 rule` show and change them; the texts are a real kernel's.
import { expect, test } from 'vitest'
import { LinuxLab } from './linux-lab.ts'

function lab() {
  const one = new LinuxLab({ fragile: true })
  const type = (line: string) => one.type('alpha', line)
  type('sudo sysctl -qw net.ipv6.conf.eth0.disable_ipv6=0; sudo ip -6 addr add 2001:db8:1::1/64 dev eth0; sleep 3')
  return type
}

test('rules of IPv6', () => {
  const type = lab()
  type('sudo ip -6 rule add from 2001:db8:2::/64 lookup 100')
  type('sudo ip -6 rule add to 2001:db8:3::5 fwmark 5 iif eth0 prohibit pref 50')
  type('sudo ip -6 rule add goto 32766 pref 60')
  type('sudo ip -6 rule add table 9 suppress_prefixlength 0')
  expect(type('sudo ip -6 rule del pref 4; echo $?')).toBe('RTNETLINK answers: No such file or directory\n2\n')
  const rows = [
    '0:\tfrom all lookup local',
    '49:\tfrom all lookup 9 suppress_prefixlength 0',
    '50:\tfrom all to 2001:db8:3::5 fwmark 0x5 iif eth0 prohibit',
    '60:\tfrom all goto 32766',
    '32765:\tfrom 2001:db8:2::/64 lookup 100',
    '32766:\tfrom all lookup main',
    '',
  ]
  expect(type('ip -6 rule')).toBe(rows.join('\n'))
  expect(type('ip -6 rule show table 100')).toBe(`${rows[4]}\n`)
  expect(type('ip rule')).toBe('0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n')
  expect(JSON.parse(type('ip -6 -j rule'))[4]).toEqual({ priority: 32765, src: '2001:db8:2::', srclen: 64, table: '100' })
  expect(type('sudo ip -6 rule add from 10.0.0.1 lookup 5; echo $?')).toBe(
    'Error: inet6 prefix is expected rather than "10.0.0.1".\n1\n',
  )
  type('sudo ip -6 rule flush')
  expect(type('ip -6 rule')).toBe('0:\tfrom all lookup local\n')
})

test('tables of IPv6', () => {
  const type = lab()
  type('sudo ip -6 rule add from 2001:db8:2::/64 lookup 100')
  expect(type('ip -6 route show table 77; echo $?')).toBe('Error: ipv6: FIB table does not exist.\nDump terminated\n2\n')
  type(
    'sudo ip -6 route add 2001:db8:5::/64 via 2001:db8:1::2 table 100; sudo ip -6 route add default dev eth0 table 100 metric 5',
  )
  type('sudo ip -6 route add blackhole 2001:db8:6::/64; sudo ip -6 route add prohibit 2001:db8:7::/64 table 100')
  type('sudo ip -6 route add 2001:db8:8::/64 via 2001:db8:1::2 src 2001:db8:1::1')
  expect(type('ip -6 route show table 100')).toBe(
    [
      '2001:db8:5::/64 via 2001:db8:1::2 dev eth0 metric 1024 pref medium',
      'prohibit 2001:db8:7::/64 dev lo metric 1024 pref medium',
      'default dev eth0 metric 5 pref medium',
      '',
    ].join('\n'),
  )
  const main = [
    '2001:db8:1::/64 dev eth0 proto kernel metric 256 pref medium',
    'blackhole 2001:db8:6::/64 dev lo metric 1024 pref medium',
    '2001:db8:8::/64 via 2001:db8:1::2 dev eth0 src 2001:db8:1::1 metric 1024 pref medium',
  ]
  expect(type('ip -6 route').split('\n')).toEqual(expect.arrayContaining(main))
  const all = type('ip -6 route show table all')
  expect(all).toMatch(/^2001:db8:5::\/64 via 2001:db8:1::2 dev eth0 table 100 metric 1024 pref medium\n/)
  expect(all).toContain(
    '\nlocal ::1 dev lo table local proto kernel metric 0 pref medium\nlocal 2001:db8:1::1 dev eth0 table local ',
  )
  expect(type('ip -6 route show type blackhole')).toBe(`${main[1]}\n`)
  const source = '2001:db8:2::9'
  expect(type(`ip -6 route get 2001:db8:8::1; ip -6 route get 2001:db8:5::1 from ${source}`)).toBe(
    [
      '2001:db8:8::1 from :: via 2001:db8:1::2 dev eth0 src 2001:db8:1::1 metric 1024 pref medium',
      `2001:db8:5::1 from ${source} via 2001:db8:1::2 dev eth0 table 100 src 2001:db8:1::1 metric 1024 pref medium\n`,
    ].join('\n'),
  )
  expect(type('ip -6 route get 2001:db8:6::1; ip -6 route get 2001:db8:1::1')).toBe(
    'RTNETLINK answers: Invalid argument\nlocal 2001:db8:1::1 from :: dev lo table local proto kernel src 2001:db8:1::1 metric 0 pref medium\n',
  )
  expect(type('sudo ip -6 route change 2001:db8:77::/64 dev eth0')).toBe('Error: Can not replace route - no match found.\n')
  type('sudo ip -6 route flush table 100')
  expect(type('ip -6 route show table 100')).not.toContain('2001')
})
