// How Windows and Linux differ as DHCP clients: timing and options (fact sheet 4.1).
import { hashText, type RandomStream } from '../sim/random.ts'
import { MINUTE, type Micros, SECOND } from '../sim/time.ts'
import type { Mac } from '../wire/addresses.ts'
import { put32 } from '../wire/bytes.ts'
import { CODE, type Option, option } from '../wire/dhcp.ts'

export type Dialect = 'windows' | 'linux'

/** RFC 2131 section 3.1, step 5: at least this long after a DECLINE, and after a server took back its own offer. */
export const RESTART_DELAY = 10 * SECOND
/** RFC 2131 section 4.4.5: the least time between two renewals. */
export const MIN_RENEW_INTERVAL = MINUTE
/** A new cycle of discovery begins this long after the last one did. */
export const CYCLE = 5 * MINUTE
/** Windows gives itself an address after this long without an answer. */
export const AUTOCONFIGURE_AFTER = 6 * SECOND
const LINUX_CYCLE = MINUTE

/** Waits of 4, 8, 16 and 32 seconds. */
const DISCOVER_TRIES = 4
export const REQUEST_TRIES = 4
export const REBOOT_TRIES = 3

/** Whether the cycle of discovery that began at `startedAt` is over once its last wait is. */
export const cycleOver = (dialect: Dialect, sent: number, startedAt: Micros, now: Micros): boolean =>
  dialect === 'linux' ? now - startedAt >= LINUX_CYCLE : sent >= DISCOVER_TRIES

/** The wait after the message number `sent` of a phase. */
export function backOff(dialect: Dialect, sent: number, random: RandomStream): Micros {
  if (dialect === 'linux') return random.between(3 * SECOND, 10 * SECOND)
  return (2 << Math.min(sent, 4)) * SECOND + random.between(-SECOND, SECOND)
}

const WINDOWS_LIST = option.parameterList([1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252])
const LINUX_LIST = option.parameterList([1, 3, 12, 15, 6, 33, 121, 42])
const WINDOWS_CLASS = option.vendorClass('MSFT 5.0')
/** The largest message that systemd-networkd takes (option 57). */
const LINUX_MAX_SIZE: Option = { code: 57, data: Uint8Array.of(0x05, 0xdc) }

export type Identity = { readonly dialect: Dialect; readonly hostname: string; readonly mac: Mac; readonly machine: string }

/** The options that every message of a client carries, made once. */
export type Words = { readonly clientId: Option; readonly discover: readonly Option[]; readonly request: readonly Option[] }

export function wordsOf({ dialect, hostname, mac, machine }: Identity): Words {
  const name = option.hostName(hostname)
  if (dialect === 'windows') {
    const clientId = option.clientId(mac)
    return {
      clientId,
      discover: [name, WINDOWS_CLASS, WINDOWS_LIST],
      request: [name, option.fqdn(hostname), WINDOWS_CLASS, WINDOWS_LIST],
    }
  }
  const own = [LINUX_LIST, LINUX_MAX_SIZE, name]
  return { clientId: duid(mac, machine), discover: own, request: own }
}

/** RFC 4361: type 255, an identity association of the interface, and a DUID of the enterprise kind (43793 is systemd). */
function duid(mac: Mac, machine: string): Option {
  const data = new Uint8Array(19)
  data[0] = 255
  put32(data, 1, hashText(`${mac}`))
  data[6] = 2
  put32(data, 7, 43793)
  put32(data, 11, hashText(machine))
  put32(data, 15, hashText(`${machine}/machine-id`))
  return { code: CODE.clientId, data }
}
