import { LOG_HEAD } from '../service/firewall/log.ts'
import { MINUTE } from '../sim/time.ts'
import { formatAddress, formatIp, formatMac } from '../wire/addresses.ts'
import { linuxBase, windowsBase } from './base-files.ts'
import { civilTime } from './calendar.ts'
import { LINUX_BUILD, LINUX_RELEASE, leaseFile, linuxHosts, resolvConf, windowsHosts } from './file-texts.ts'
import { Files, type StoredFile, type SystemFiles } from './files.ts'
import { procFiles } from './linux/proc-files.ts'
import { firstFiles } from './linux/system.ts'
import type { Machine } from './machine.ts'

const ETC = 'C:\\Windows\\System32\\drivers\\etc'

/** The files that a machine's system keeps, each made when it is read. */
export function systemFiles(machine: Machine, written: readonly StoredFile[] | undefined): Files {
  const now = () => machine.sim.now
  if (machine.windows)
    return new Files(machine.definition.os, windows(machine), written, { base: windowsBase(machine.user), now })
  const owner = machine.user
  const base = { ...linuxBase(owner), ...firstFiles(machine) }
  const live = () => (machine.linux ? procFiles(machine, machine.linux) : {})
  return new Files(machine.definition.os, linux(machine), written, { base, live, now, owner })
}

function windows(machine: Machine): SystemFiles {
  const files: { [path: string]: () => string } = { [`${ETC}\\hosts`]: windowsHosts }
  files[LOG] = () => firewallLog(machine)
  if (machine.definition.hyperV) files[`${ETC}\\hosts.ics`] = () => machine.hyperV?.hostsIcs() ?? ''
  return files
}

const LOG = 'C:\\Windows\\System32\\LogFiles\\Firewall\\pfirewall.log'

/** What the firewall was told to write down. */
function firewallLog(machine: Machine): string {
  const { epochMicros, zoneMinutes } = machine.world
  const two = (n: number): string => String(n).padStart(2, '0')
  const lines = (machine.firewall?.loggedPackets ?? []).map(([at, line]) => {
    const { year, month, day, hour, minute, second } = civilTime(epochMicros + at + zoneMinutes * MINUTE)
    return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)} ${line}`
  })
  return [...LOG_HEAD, ...lines, ''].join('\r\n')
}

function linux(machine: Machine): SystemFiles {
  const files: { [path: string]: () => string } = {
    '/etc/hostname': () => `${machine.hostname}\n`,
    '/etc/hosts': () => linuxHosts(machine.hostname),
    '/etc/resolv.conf': () => resolvConf(machine.dnsServers().map(formatAddress), machine.suffixes()),
    '/etc/os-release': () =>
      machine.definition.os === 'ubuntu-24.04'
        ? 'PRETTY_NAME="Ubuntu 24.04 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\nID=ubuntu\n'
        : 'NAME="Linux"\nID=linux\n',
    '/proc/cpuinfo': () => 'processor\t: 0\nvendor_id\t: Switchroom\nmodel name\t: Simulated processor\ncpu cores\t: 1\n',
    '/proc/loadavg': () => `0.00 0.00 0.00 1/${100 + machine.running.length} ${1_200 + machine.running.length}\n`,
    '/proc/meminfo': () =>
      'MemTotal:        2014288 kB\nMemFree:         1389608 kB\nMemAvailable:    1676704 kB\nSwapTotal:             0 kB\nSwapFree:              0 kB\n',
    '/proc/uptime': () => {
      const hundredths = Math.floor((machine.sim.now - machine.bootedAt) / 10_000)
      const text = `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`
      return `${text} ${text}\n`
    },
    '/proc/version': () => `Linux version ${LINUX_RELEASE} (Switchroom) ${LINUX_BUILD}\n`,
    '/proc/sys/net/ipv6/conf/all/forwarding': () =>
      [...machine.ip6.interfaces.values()].some((i6) => i6.forwarding) ? '1\n' : '0\n',
  }
  if (machine.definition.dhcpServers.length > 0) {
    files['/tmp/dhcp.leases'] = () =>
      leaseFile(
        machine.clock,
        machine.dhcpServers.flatMap((s) => s.leases()).map((l) => ({ ...l, mac: formatMac(l.mac), address: formatIp(l.ip) })),
      )
  }
  return files
}
