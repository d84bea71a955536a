// /etc/network/interfaces with ifup, ifdown, ifquery and networking.service; the texts are those of ifupdown 0.8.41.
import { expect, test } from 'vitest'
import { LinuxLab } from './linux-lab.ts'

const write = (lines: readonly string[]): string =>
  `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} | sudo tee /etc/network/interfaces > /dev/null`

const FILE = [
  'auto lo',
  'iface lo inet loopback',
  '# the cable',
  'auto eth0',
  'allow-hotplug eth1',
  'iface eth0 inet static',
  '  address 10.1.0.5/24',
  '  gateway 10.1.0.1',
  '  mtu 1400',
  '  hwaddress 02:00:00:00:00:05',
  '  up echo UP $IFACE $ADDRFAM $METHOD $IF_ADDRESS',
  '  pre-up echo PREUP',
  '  down echo DOWN',
  'iface eth0 inet6 static',
  '  address 2001:db8::5/64',
  '  gateway 2001:db8::1',
]

function lab(lines: readonly string[], fragile = true) {
  const one = new LinuxLab({ fragile })
  const type = (line: string) => one.type('gamma', line)
  type(`sudo mkdir -p /etc/network; ${write(lines)}; sudo sysctl -qw net.ipv6.conf.eth0.disable_ipv6=0`)
  return type
}

test('an interface comes up and goes down as it is written', () => {
  const type = lab(FILE)
  expect(type('ifquery --list; ifquery -l --allow=hotplug; ifquery --state eth0; echo $?')).toBe('lo\neth0\neth1\n1\n')
  expect(type('ifup -n -v eth0')).toBe(
    `
ifup: configuring interface eth0=eth0 (inet)
echo PREUP
run-parts --exit-on-error --verbose /etc/network/if-pre-up.d
ip addr add 10.1.0.5/255.255.255.0 broadcast 10.1.0.255 \t  dev eth0 label eth0
ip link set dev eth0 mtu 1400 address 02:00:00:00:00:05 up
 ip route add default via 10.1.0.1  dev eth0 onlink 
echo UP $IFACE $ADDRFAM $METHOD $IF_ADDRESS
run-parts --exit-on-error --verbose /etc/network/if-up.d
ifup: configuring interface eth0=eth0 (inet6)
run-parts --exit-on-error --verbose /etc/network/if-pre-up.d
modprobe -q net-pf-10 > /dev/null 2>&1 || true # ignore failure.

sysctl -q -e -w net.ipv6.conf.eth0.accept_ra=0
sysctl -q -e -w net.ipv6.conf.eth0.autoconf=0

ip addr flush dev eth0 mngtmpaddr
ip link set dev eth0 up
ip -6 addr add 2001:db8::5/64  dev eth0 
 ip -6 route replace default via 2001:db8::1  dev eth0 onlink 
run-parts --exit-on-error --verbose /etc/network/if-up.d
`,
  )
  expect(type('ifup eth0')).toBe('ifup: failed to open lockfile /run/network/ifstate.eth0: Permission denied\n')
  expect(type('sudo ifup eth0')).toBe('PREUP\nUP eth0 inet static 10.1.0.5\n')
  expect(type('ip -4 -o addr show eth0; ip route')).toBe(
    '2: eth0    inet 10.1.0.5/24 brd 10.1.0.255 scope global eth0\\       valid_lft forever preferred_lft forever\ndefault via 10.1.0.1 dev eth0 onlink \n10.1.0.0/24 dev eth0 proto kernel scope link src 10.1.0.5 \n',
  )
  expect(type('ip link show eth0; ip -6 addr show eth0; ip -6 route')).toMatch(
    /mtu 1400 [\s\S]*link\/ether 02:00:00:00:00:05[\s\S]*inet6 2001:db8::5\/64 scope global[\s\S]*default via 2001:db8::1 dev eth0 metric 1024/,
  )
  expect(type('sudo ifup eth0; echo $?; ifquery --state')).toBe('ifup: interface eth0 already configured\n0\neth0=eth0\n')
  expect(type('ifquery eth0')).toMatch(
    /^address: 10\.1\.0\.5\ngateway: 10\.1\.0\.1\n[\s\S]*broadcast: 10\.1\.0\.255\nnetmask: 255\.255\.255\.0\naddress: 2001:db8::5\n/,
  )
  expect(type('sudo ifdown eth0 2> /dev/null; ip -o link show eth0')).toMatch(/^DOWN\n2: eth0: <BROADCAST,MULTICAST> /)
  expect(type('ip addr show eth0; ip route')).not.toContain('10.1.0.5')
  expect(type('sudo ifdown eth0; sudo ifup eth9; ifup')).toBe(
    'ifdown: interface eth0 not configured\nifup: unknown interface eth9\nifup: no interface(s) specified\nifup: Use --help for help\n',
  )
})

test.each([
  [['iface eth0 inet static', ' netmask 5'], 'missing required variable: address'],
  [['iface eth0 inet bogus'], '/etc/network/interfaces:1: unknown or no method and no inherits keyword specified'],
  [['iface eth0'], '/etc/network/interfaces:1: unknown or no address type and no inherits keyword specified'],
  [['address 5'], '/etc/network/interfaces:1: misplaced option'],
  [['iface eth0 inet static', ' address'], '/etc/network/interfaces:2: option with empty value'],
  [['mapping eth0'], '/etc/network/interfaces:1: mapping is real, but not simulated here yet'],
])('what is wrong in the file is said: %j', (lines, text) => {
  const type = lab(lines)
  expect(type('sudo ifup eth0; echo $?')).toMatch(new RegExp(`^ifup: ${text}\\n(?:ifup: .*\\n)+1\\n$`))
})

test('the service brings up what is automatic, at every start of the machine', () => {
  const one = new LinuxLab({ fragile: true })
  const type = (line: string) => one.type('gamma', line)
  expect(type('systemctl is-active networking; echo $?')).toBe('inactive\n4\n')
  type('sudo sysctl -qw net.ipv6.conf.eth0.disable_ipv6=0')
  type(`sudo mkdir -p /etc/network /etc/network/interfaces.d; ${write(['source interfaces.d/*', 'auto eth0'])}`)
  type(
    `printf '%s\\n' 'iface eth0 inet static' ' address 10.9.0.3' ' netmask 24' ' up echo it is up' | sudo tee /etc/network/interfaces.d/cable`,
  )
  expect(type('systemctl is-enabled networking; systemctl is-active networking')).toBe('enabled\ninactive\n')
  one.type('gamma', 'sudo reboot')
  one.type('alpha', 'sleep 60')
  expect(type('ping -c 1 10.9.0.1')).toContain(' 1 received')
  expect(type('ifquery --state; systemctl status networking')).toMatch(
    /^eth0=eth0\n● networking\.service - Raise network interfaces\n[\s\S]*Active: active \(exited\) since [\s\S]*ifup\[\d+\]: it is up\n/,
  )
  expect(type('sudo systemctl stop networking; ip -4 addr show eth0; ifquery --state; systemctl is-active networking')).toBe(
    'inactive\n',
  )
  expect(type('sudo systemctl start networking; ip -4 -br addr show eth0; jobs')).toMatch(/^eth0 +UP +10\.9\.0\.3\/24 \n$/)
  type('sudo systemctl disable networking')
  one.type('gamma', 'sudo reboot')
  one.type('alpha', 'sleep 60')
  expect(type('systemctl is-active networking; ifquery --state')).toBe('inactive\n')
  type(write(['auto eth0', 'iface eth0 inet nonsense']))
  type('sudo systemctl start networking')
  expect(type('systemctl is-active networking; journalctl -u networking -o cat')).toMatch(
    /^failed\n[\s\S]*unknown or no method[\s\S]*Failed to start networking\.service - Raise network interfaces\.\n$/,
  )
})

test('by DHCP, and let go of', () => {
  const one = new LinuxLab({ fragile: true })
  one.type('alpha', 'sudo dnsmasq --port=0 --dhcp-range=10.9.0.50,10.9.0.60,2h')
  const type = (line: string) => one.type('gamma', line)
  type(`sudo mkdir -p /etc/network; ${write(['iface eth0 inet dhcp'])}`)
  expect(type('sudo ifup eth0')).toMatch(/DHCPACK of 10\.9\.0\.5\d from 10\.9\.0\.1\nbound to 10\.9\.0\.5\d -- renewal/)
  expect(type('sudo ifdown eth0')).toMatch(/DHCPRELEASE of 10\.9\.0\.5\d on eth0 to 10\.9\.0\.1 port 67\n/)
  type('sudo ip link set eth0 up; sudo dhclient -4 -1 -pf /run/d.pid -lf /var/lib/dhcp/d.leases eth0')
  expect(type('ip -4 -br addr show eth0')).toMatch(/10\.9\.0\.5\d\/24/)
  type('sudo dhclient -x eth0')
  expect(type('ip -4 addr show eth0; dhclient -sf /bin/true eth0; dhclient -pf')).toBe(
    'dhclient: option -sf is real, but not simulated here yet\nNo argument for command: -pf\nUsage: dhclient [-4|-6] [-SNTPRI1dvrxi] [-nw] [-p <port>] [-D LL|LLT]\n',
  )
})
