// What every machine has on its disk before anybody touches it. Texts are short and our own; commands are not files here,
// the shell shows them where they would be.
import type { BaseFiles } from './files.ts'

const dir = (mode = 0o755) => ({ directory: mode })
const link = (target: string) => ({ link: target })

const PASSWD = (user: string): string =>
  [
    'root:x:0:0:root:/root:/bin/bash',
    'daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin',
    'bin:x:2:2:bin:/bin:/usr/sbin/nologin',
    'sys:x:3:3:sys:/dev:/usr/sbin/nologin',
    'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
    'systemd-network:x:998:998:systemd Network Management:/:/usr/sbin/nologin',
    'systemd-resolve:x:991:991:systemd Resolver:/:/usr/sbin/nologin',
    'dnsmasq:x:999:65534:dnsmasq:/var/lib/misc:/usr/sbin/nologin',
    ...(user === 'root' ? [] : [`${user}:x:1000:1000:${user}:/home/${user}:/bin/bash`]),
    '',
  ].join('\n')

const GROUP = (user: string): string =>
  [
    'root:x:0:',
    'daemon:x:1:',
    `adm:x:4:${user}`,
    `sudo:x:27:${user}`,
    'nogroup:x:65534:',
    ...(user === 'root' ? [] : [`${user}:x:1000:`]),
    '',
  ].join('\n')

const SERVICES = [
  ['echo', '7/tcp'],
  ['echo', '7/udp'],
  ['discard', '9/tcp'],
  ['ftp', '21/tcp'],
  ['ssh', '22/tcp'],
  ['telnet', '23/tcp'],
  ['smtp', '25/tcp'],
  ['time', '37/tcp'],
  ['domain', '53/tcp'],
  ['domain', '53/udp'],
  ['bootps', '67/udp'],
  ['bootpc', '68/udp'],
  ['tftp', '69/udp'],
  ['http', '80/tcp'],
  ['pop3', '110/tcp'],
  ['ntp', '123/udp'],
  ['imap2', '143/tcp'],
  ['snmp', '161/udp'],
  ['ldap', '389/tcp'],
  ['https', '443/tcp'],
  ['https', '443/udp'],
  ['microsoft-ds', '445/tcp'],
  ['syslog', '514/udp'],
  ['dhcpv6-client', '546/udp'],
  ['dhcpv6-server', '547/udp'],
  ['ms-wbt-server', '3389/tcp'],
  ['mdns', '5353/udp'],
  ['http-alt', '8080/tcp'],
]

const PROTOCOLS = [
  ['ip', '0', 'IP'],
  ['icmp', '1', 'ICMP'],
  ['igmp', '2', 'IGMP'],
  ['tcp', '6', 'TCP'],
  ['udp', '17', 'UDP'],
  ['ipv6', '41', 'IPv6'],
  ['gre', '47', 'GRE'],
  ['esp', '50', 'IPSEC-ESP'],
  ['ah', '51', 'IPSEC-AH'],
  ['ipv6-icmp', '58', 'IPv6-ICMP'],
]

/** Directories with nothing in them yet. */
const EMPTY = [
  '/etc/apt',
  '/etc/cron.d',
  '/etc/default',
  '/etc/dhcp',
  '/etc/init.d',
  '/etc/iproute2',
  '/etc/iptables',
  '/etc/modprobe.d',
  '/etc/modules-load.d',
  '/etc/network/interfaces.d',
  '/etc/nginx',
  '/etc/profile.d',
  '/etc/skel',
  '/etc/ssh',
  '/etc/ssl',
  '/etc/systemd/resolved.conf.d',
  '/etc/systemd/system',
  '/usr/include',
  '/usr/libexec',
  '/usr/local/etc',
  '/usr/local/lib',
  '/usr/local/share',
  '/usr/local/src',
  '/usr/src',
  '/var/backups',
  '/var/cache',
  '/var/mail',
  '/var/opt',
  '/var/spool',
]

export const linuxBase = (user: string): BaseFiles => ({
  ...Object.fromEntries(EMPTY.map((path) => [path, dir()])),
  '/bin': link('usr/bin'),
  '/boot': dir(),
  '/dev': dir(),
  '/etc': dir(),
  '/etc/debian_version': 'trixie/sid\n',
  '/etc/dnsmasq.d': dir(),
  '/etc/group': GROUP(user),
  '/etc/host.conf': 'multi on\n',
  '/etc/issue': 'Ubuntu 24.04 LTS \\n \\l\n\n',
  '/etc/network': dir(),
  '/etc/nsswitch.conf':
    'passwd:         files systemd\ngroup:          files systemd\nhosts:          files dns\nnetworks:       files\n',
  '/etc/passwd': PASSWD(user),
  '/etc/profile': '# Settings of login shells.\n',
  '/etc/protocols': PROTOCOLS.map(([name, number, alias]) => `${name}\t${number}\t${alias}\n`).join(''),
  '/etc/services': SERVICES.map(([name = '', port]) => `${name.padEnd(16)}${port}\n`).join(''),
  '/etc/shells': '/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n',
  '/etc/sysctl.conf': '# Settings of the kernel: NAME = VALUE.\n#net.ipv4.ip_forward=1\n',
  '/etc/sysctl.d': dir(),
  '/etc/systemd/network': dir(),
  '/home': dir(),
  ...(user === 'root'
    ? {}
    : {
        [`/home/${user}`]: dir(0o750),
        [`/home/${user}/.bashrc`]: '# Settings of interactive shells.\n',
        [`/home/${user}/.profile`]: '# Settings of login shells.\n',
      }),
  '/lib': link('usr/lib'),
  '/media': dir(),
  '/mnt': dir(),
  '/opt': dir(),
  '/proc': dir(0o555),
  '/root': dir(0o700),
  '/run': dir(),
  '/sbin': link('usr/sbin'),
  '/srv': dir(),
  '/sys': dir(0o555),
  '/tmp': dir(0o1777),
  '/usr': dir(),
  '/usr/bin': dir(),
  '/usr/lib': dir(),
  '/usr/local': dir(),
  '/usr/local/bin': dir(),
  '/usr/local/sbin': dir(),
  '/usr/sbin': dir(),
  '/usr/share': dir(),
  '/var': dir(),
  '/var/lib': dir(),
  '/var/lib/dhcp': dir(),
  '/var/lib/misc': dir(),
  '/var/log': dir(),
  '/var/run': link('/run'),
  '/var/tmp': dir(0o1777),
  '/var/www/html': dir(),
})

/** Folders that a fresh Windows has; what is hidden from `dir` is not among them. */
export const windowsBase = (user: string): BaseFiles =>
  Object.fromEntries(
    [
      'Program Files',
      'Program Files (x86)',
      'Users',
      'Users\\Public',
      `Users\\${user}`,
      ...['Desktop', 'Documents', 'Downloads', 'Music', 'Pictures', 'Videos'].map((name) => `Users\\${user}\\${name}`),
      'Windows',
      'Windows\\System32',
      'Windows\\Temp',
    ].map((path) => [`C:\\${path}`, dir()]),
  )
