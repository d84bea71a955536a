// dnsmasq, systemctl and journalctl on a simulated machine: a configuration file, leases, names, the log, and what a restart does; and
// the same when the lab is stored and opened between any two steps.
import { describe, expect, it } from 'vitest'
import { LinuxLab } from './linux-lab.ts'

const CONFIG = [
  'interface=eth0',
  'no-resolv',
  'domain=lan',
  'local=/lan/',
  'expand-hosts',
  'address=/blocked.test/10.9.0.9',
  'dhcp-range=10.9.0.50,10.9.0.60,2h',
  'dhcp-host=00:15:5d:00:00:03,10.9.0.20,carol',
  'dhcp-option=option:ntp-server,10.9.0.1',
  'log-queries',
]

function configured(fragile: boolean): LinuxLab {
  const lab = new LinuxLab({ fragile })
  for (const line of CONFIG) lab.type('alpha', `echo '${line}' | sudo tee -a /etc/dnsmasq.conf`)
  return lab
}

describe.each([
  ['', false],
  [' of a lab that sleeps between all steps', true],
])('dnsmasq%s', (_, fragile) => {
  it('gives addresses and names out, and says so', () => {
    const lab = configured(fragile)
    expect(lab.type('alpha', 'dnsmasq --test')).toBe('dnsmasq: syntax check OK.\n')
    expect(lab.type('alpha', 'systemctl is-active dnsmasq; echo $?')).toBe('inactive\n3\n')
    expect(lab.type('alpha', 'sudo systemctl start dnsmasq')).toBe('')
    expect(lab.type('alpha', 'systemctl status dnsmasq')).toContain('     Active: active (running) since Mon 2026-03-02 12:')
    const log = lab.type('alpha', 'journalctl -u dnsmasq -o cat')
    expect(log).toContain('DHCP, IP range 10.9.0.50 -- 10.9.0.60, lease time 2h\n')
    expect(log).toContain('using only locally-known addresses for lan\n')
    // gamma has asked since it was switched on; now somebody answers.
    expect(lab.type('gamma', 'sudo dhclient -v eth0')).toContain('bound to 10.9.0.20 -- renewal in ')
    expect(lab.type('alpha', 'journalctl -u dnsmasq -n 1 -o cat')).toBe('DHCPACK(eth0) 10.9.0.20 00:15:5d:00:00:03 carol\n')
    expect(lab.type('alpha', 'cat /var/lib/misc/dnsmasq.leases')).toMatch(
      /^\d{10} 00:15:5d:00:00:03 10\.9\.0\.20 carol 01:00:15:5d:00:00:03\n$/,
    )
    expect(lab.type('beta', 'dig @10.9.0.1 carol.lan +short')).toBe('10.9.0.20\n')
    expect(lab.type('beta', 'dig @10.9.0.1 -x 10.9.0.20 +short')).toBe('carol.lan.\n')
    expect(lab.type('beta', 'dig @10.9.0.1 x.blocked.test +short')).toBe('10.9.0.9\n')
    expect(lab.type('beta', 'dig @10.9.0.1 nobody.lan')).toContain('status: NXDOMAIN')
    expect(lab.type('alpha', 'journalctl -u dnsmasq -n 8 -o cat').split('\n')).toEqual([
      'query[A] carol.lan from 10.9.0.2',
      'DHCP carol.lan is 10.9.0.20',
      'query[PTR] 20.0.9.10.in-addr.arpa from 10.9.0.2',
      'DHCP 10.9.0.20 is carol.lan',
      'query[A] x.blocked.test from 10.9.0.2',
      'config x.blocked.test is 10.9.0.9',
      'query[A] nobody.lan from 10.9.0.2',
      'config nobody.lan is NXDOMAIN',
      '',
    ])
  })

  it('serves an address that comes after it was started, and another one instead', () => {
    const lab = configured(fragile)
    lab.type('alpha', 'sudo ip addr flush dev eth0')
    expect(lab.type('alpha', 'sudo systemctl start dnsmasq')).toBe('')
    lab.type('gamma', 'sudo dhclient -v -1 eth0')
    expect(lab.type('gamma', 'ip -4 -br address show eth0')).not.toContain('10.9.0.')
    lab.type('alpha', 'sudo ip addr add 10.9.0.1/24 dev eth0')
    expect(lab.type('gamma', 'sudo dhclient -v eth0')).toContain('bound to 10.9.0.20 -- renewal in ')
    lab.type('alpha', 'sudo ip addr del 10.9.0.1/24 dev eth0')
    lab.type('alpha', 'sudo ip addr add 10.9.0.7/24 dev eth0')
    expect(lab.type('gamma', 'sudo dhclient -v eth0')).toMatch(/DHCPACK of 10\.9\.0\.20 from 10\.9\.0\.7/)
    expect(lab.type('alpha', 'cat /var/lib/misc/dnsmasq.leases')).toMatch(/^\d{10} 00:15:5d:00:00:03 10\.9\.0\.20 carol/)
  })

  it('comes back after a restart of the machine only when it is enabled, with its leases', () => {
    const lab = configured(fragile)
    lab.type('alpha', 'sudo systemctl start dnsmasq')
    lab.type('gamma', 'sudo dhclient eth0')
    lab.type('alpha', 'sudo reboot')
    expect(lab.type('alpha', 'systemctl is-active dnsmasq')).toBe('inactive\n')
    expect(lab.type('alpha', 'sudo systemctl enable --now dnsmasq')).toContain('Created symlink ')
    lab.type('alpha', 'sudo reboot')
    expect(lab.type('alpha', 'systemctl is-active dnsmasq; systemctl is-enabled dnsmasq')).toBe('active\nenabled\n')
    expect(lab.type('beta', 'dig @10.9.0.1 carol.lan +short')).toBe('10.9.0.20\n')
    expect(lab.type('alpha', 'sudo systemctl stop dnsmasq; systemctl status dnsmasq | head -3')).toContain(
      'Active: inactive (dead) since',
    )
    expect(lab.type('beta', 'dig @10.9.0.1 carol.lan +tries=1 +time=1')).toContain('connection refused')
  })

  it('reads the folder beside its file, as Debian starts it, and not what an editor left there', () => {
    const lab = new LinuxLab({ fragile })
    lab.type('alpha', "printf 'interface=eth0\\nno-resolv\\n' | sudo tee /etc/dnsmasq.conf")
    lab.type('alpha', "printf 'address=/here.test/10.9.0.7\\n' | sudo tee /etc/dnsmasq.d/lab.conf")
    lab.type('alpha', "printf 'address=/here.test/10.9.0.8\\n' | sudo tee /etc/dnsmasq.d/lab.conf~")
    lab.type('alpha', 'sudo systemctl start dnsmasq')
    expect(lab.type('beta', 'dig @10.9.0.1 a.here.test +short')).toBe('10.9.0.7\n')
    lab.type('alpha', 'echo nonsense | sudo tee /etc/dnsmasq.d/wrong.conf; sudo systemctl restart dnsmasq')
    expect(lab.type('alpha', 'journalctl -u dnsmasq -o cat')).toContain('at line 1 of /etc/dnsmasq.d/wrong.conf')
  })

  it('follows the journal while it is written', () => {
    const lab = configured(fragile)
    lab.type('alpha', 'sudo systemctl start dnsmasq')
    lab.type('alpha', 'journalctl -f -u dnsmasq -n 0 -o cat')
    expect(lab.type('beta', 'dig @10.9.0.1 x.blocked.test +short')).toContain('[alpha] query[A] x.blocked.test from 10.9.0.2\n')
    lab.interrupt('alpha')
  })

  it('runs in the foreground until Ctrl-C', () => {
    const lab = configured(fragile)
    expect(lab.type('alpha', 'sudo dnsmasq -d')).toContain('dnsmasq: started, version 2.90 cachesize 150\n')
    expect(lab.type('beta', 'dig @10.9.0.1 a.blocked.test +short')).toContain(
      '[alpha] dnsmasq: config a.blocked.test is 10.9.0.9\n',
    )
    expect(lab.interrupt('alpha')).toContain('dnsmasq: exiting on receipt of SIGTERM\n')
    expect(lab.type('alpha', 'systemctl is-active dnsmasq')).toBe('inactive\n')
  })
})

it('serves a network behind a relay', () => {
  const lab = new LinuxLab({
    yaml: `
title: Relay
summary: A relay between two networks.
starts: 2026-03-02T12:00:00+00:00
machines:
  server: { os: ubuntu-24.04, role: computer, adapters: { eth0: { address: 10.1.0.1/24, mac: '00:15:5d:00:01:01' } }, routes: [{ to: 10.2.0.0/24, via: 10.1.0.2 }] }
  relay: { os: ubuntu-24.04, role: computer, forwarding: true, adapters: { eth0: { address: 10.1.0.2/24, mac: '00:15:5d:00:01:02' }, eth1: { address: 10.2.0.1/24, mac: '00:15:5d:00:02:01' } } }
  client: { os: ubuntu-24.04, role: computer, adapters: { eth0: { mac: '00:15:5d:00:02:02' } } }
switches: { one: { label: One }, two: { label: Two } }
cables:
  - { name: a, between: [server/eth0, one], latency: 50us }
  - { name: b, between: [relay/eth0, one], latency: 50us }
  - { name: c, between: [relay/eth1, two], latency: 50us }
  - { name: d, between: [client/eth0, two], latency: 50us }
`,
  })
  lab.type(
    'server',
    'sudo dnsmasq --port=0 --dhcp-range=10.1.0.100,10.1.0.110 --dhcp-range=10.2.0.100,10.2.0.110,255.255.255.0,1h --dhcp-option=3,10.2.0.1',
  )
  lab.type(
    'relay',
    `echo 'SERVERS="10.1.0.1"' | sudo tee /etc/default/isc-dhcp-relay; echo 'INTERFACES="eth1"' | sudo tee -a /etc/default/isc-dhcp-relay`,
  )
  expect(lab.type('relay', 'sudo systemctl start isc-dhcp-relay')).toBe('')
  expect(lab.type('client', 'sudo dhclient -v eth0')).toMatch(/bound to 10\.2\.0\.1\d\d -- renewal in \d+ seconds\./)
  expect(lab.type('relay', 'journalctl -u isc-dhcp-relay -o cat')).toContain(
    'Forwarded BOOTREPLY for 00:15:5d:00:02:02 to 10.2.0.1',
  )
  expect(lab.type('client', 'ping -c 1 10.1.0.1')).toContain('1 received')
  expect(lab.type('relay', 'sudo systemctl stop isc-dhcp-relay')).toBe('')
  // The same by its name: it says what it does, and where nobody may pass nothing does.
  const forms = lab.type('relay', 'sudo dhcrelay -d -iu eth0 -id eth1 10.1.0.1')
  expect(forms).toContain('Listening on LPF/eth1/00:15:5d:00:02:01\nSending on   LPF/eth1/00:15:5d:00:02:01\n')
  const lease = () => lab.type('client', 'sudo dhclient -r eth0; sudo dhclient -1 -v eth0; echo $?')
  const leased = lease()
  expect(leased).toMatch(/bound to 10\.2\.0\.1\d\d/)
  expect(leased).toContain('Forwarded BOOTREQUEST for 00:15:5d:00:02:02 to 10.1.0.1\n')
  lab.interrupt('relay')
  expect(
    lab.type('relay', 'systemctl is-active isc-dhcp-relay; sudo dhcrelay -i eth9 10.1.0.1; dhcrelay -i eth0; echo $?'),
  ).toMatch(
    /^inactive\n[\s\S]*Failed to get interface index: No such device\n[\s\S]*No servers specified\.\n[\s\S]*exiting\.\n1\n$/,
  )
  expect(lab.type('relay', 'dhcrelay -Z')).toMatch(/\nUnknown command: -Z\nUsage: dhcrelay \[-4\]/)
  expect(lab.type('relay', 'sudo dhcrelay -q -iu eth1 -id eth0 10.1.0.1')).toBe('')
  expect(lease()).toContain('No DHCPOFFERS received.')
})

describe('what is wrong is said as dnsmasq says it', () => {
  it.each([
    ['foo=1', 'bad option at line 1'],
    ['dhcp-range=10.9.0.50', 'bad dhcp-range at line 1'],
    ['dhcp-range=10.9.0.50,x', 'bad dhcp-range at line 1'],
    ['port=99999', 'error at line 1'],
    ['address=/a', 'Bad address in --address at line 1'],
    ['no-resolv=1', 'extraneous parameter at line 1'],
    ['listen-address=foo', 'error at line 1'],
    ['dhcp-option=option:nosuch,1', 'bad dhcp-option at line 1'],
    ['dhcp-option=3,foo', 'bad IP address at line 1'],
    ['interface', 'missing parameter at line 1'],
    ['dhcp-lease-max=x', 'error at line 1'],
    ['dhcp-option=abc', 'bad dhcp-option at line 1'],
  ])('%s', (line, text) => {
    const lab = new LinuxLab()
    lab.type('alpha', `echo '${line}' > /tmp/d.conf`)
    expect(lab.type('alpha', 'dnsmasq --test -C /tmp/d.conf')).toBe(`\ndnsmasq: ${text} of /tmp/d.conf\n`)
  })

  it.each([
    'dhcp-host=zz',
    'server=1.2.3',
    'server=/a/',
    'cname=a,b',
    'domain=a_b!',
    'dhcp-range=10.9.0.50,10.9.0.60,255.255.255.0,1h',
    'dhcp-range=10.9.0.50,10.9.0.40,1h',
    '# nothing',
  ])('%s is fine', (line) => {
    const lab = new LinuxLab()
    lab.type('alpha', `echo '${line}' > /tmp/d.conf`)
    expect(lab.type('alpha', 'dnsmasq --test -C /tmp/d.conf')).toBe('dnsmasq: syntax check OK.\n')
  })

  it('a unit that cannot start is failed', () => {
    const lab = new LinuxLab()
    lab.type('alpha', 'echo nonsense | sudo tee /etc/dnsmasq.conf')
    expect(lab.type('alpha', 'sudo systemctl start dnsmasq')).toBe(
      'Job for dnsmasq.service failed because the control process exited with error code.\nSee "systemctl status dnsmasq.service" and "journalctl -xeu dnsmasq.service" for details.\n',
    )
    expect(lab.type('alpha', 'systemctl status dnsmasq')).toMatch(
      /^× dnsmasq[\s\S]*Active: failed \(Result: exit-code\)[\s\S]*bad option at line 1 of \/etc\/dnsmasq\.conf/,
    )
    expect(lab.type('alpha', 'systemctl start nosuch')).toBe('Failed to start nosuch.service: Unit nosuch.service not found.\n')
    expect(lab.type('alpha', 'systemctl status nosuch')).toBe('Unit nosuch.service could not be found.\n')
    expect(lab.type('alpha', 'systemctl start dnsmasq')).toContain('Interactive authentication required.')
  })
})
