import { LOG_HEAD } from '../service/firewall/log.ts'
import { MINUTE } from '../sim/time.ts'
import { formatAddress, formatIp, formatMac } from '../wire/addresses.ts'
import { civilTime } from './calendar.ts'
import { Files, leaseFile, linuxHosts, resolvConf, type SystemFiles, windowsHosts } from './files.ts'
import { procFiles } from './linux/proc-files.ts'
import { firstFiles } from './linux/system.ts'
import type { Machine } from './machine.ts'

const ETC = 'C:\\Windows\\System32\\drivers\\etc'

/** The files that a machine's system keeps, each made when it is read. */
export function systemFiles(machine: Machine, written: readonly (readonly [string, string])[] | undefined): Files {
  return new Files(
    machine.definition.os,
    machine.windows ? windows(machine) : linux(machine),
    written,
    machine.windows ? {} : firstFiles(machine),
    () => (machine.linux ? procFiles(machine, machine.linux) : {}),
  )
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
        ? 'PRETTY_NAME="Ubuntu 24.04 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\n'
        : 'NAME="Linux"\nID=linux\n',
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
