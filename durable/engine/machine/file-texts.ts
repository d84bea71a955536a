// Texts of files that machines keep, made from their state.
import type { Clock } from './views.ts'

/** What Ubuntu 24.04 runs on. */
export const LINUX_RELEASE = '6.8.0-49-generic'
export const LINUX_BUILD = '#49-Ubuntu SMP PREEMPT_DYNAMIC Mon Nov  4 02:06:24 UTC 2024'

/** `hosts` as Windows ships it, in our words: only the lines that matter to a resolver. */
export const windowsHosts = (): string =>
  '# Host names and their addresses, one entry a line: address, then names.\r\n# localhost is resolved by DNS itself.\r\n#\t127.0.0.1       localhost\r\n#\t::1             localhost\r\n'

export const linuxHosts = (hostname: string): string => `127.0.0.1 localhost\n127.0.1.1 ${hostname}\n`

export const resolvConf = (servers: readonly string[], suffixes: readonly string[]): string =>
  `${servers.map((server) => `nameserver ${server}\n`).join('')}${suffixes.length > 0 ? `search ${suffixes.join(' ')}\n` : ''}`

/** dnsmasq's lease file: expiry, MAC, address, name, client id. */
export const leaseFile = (
  clock: Clock,
  leases: readonly { expiresAt: number; mac: string; address: string; hostname: string }[],
): string =>
  leases
    .map((l) => `${Math.floor((clock.epochMicros + l.expiresAt) / 1_000_000)} ${l.mac} ${l.address} ${l.hostname || '*'} *\n`)
    .join('')
