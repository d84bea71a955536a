// `hosts.ics` beside `hosts`: what Internet Connection Sharing knows of names on the Default Switch (fact sheet 4.5).
import { DAY, type Micros } from '../../sim/time.ts'
import { formatIp, type Ip4 } from '../../wire/addresses.ts'
import { civilTime } from '../calendar.ts'

export const DOMAIN = 'mshome.net'
const GUEST_LIFETIME = 7 * DAY
const HOST_LIFETIME = 1825 * DAY

export type HostsEntry = { readonly ip: Ip4; readonly name: string; readonly expiresAt: Micros }

export class HostsIcs {
  entries: HostsEntry[]

  constructor(entries: readonly HostsEntry[] = []) {
    this.entries = [...entries]
  }

  /** The host has a new address: its old line goes, lines of guests stay until they run out. */
  setHost(ip: Ip4, name: string, now: Micros): void {
    this.entries = [{ ip, name, expiresAt: now + HOST_LIFETIME }, ...this.entries.filter((entry) => entry.name !== name)]
  }

  /** A guest took a lease. A name is given to its newest address; other lines of the same address go. */
  setGuest(ip: Ip4, name: string, now: Micros): void {
    this.purge(now)
    this.entries = [
      ...this.entries.filter((entry) => entry.ip !== ip && !sameName(entry.name, name)),
      { ip, name, expiresAt: now + GUEST_LIFETIME },
    ]
  }

  byName(name: string): HostsEntry | undefined {
    return this.entries.find((entry) => sameName(`${entry.name}.${DOMAIN}`, name))
  }

  byAddress(ip: Ip4): HostsEntry | undefined {
    return this.entries.find((entry) => entry.ip === ip)
  }

  purge(now: Micros): void {
    this.entries = this.entries.filter((entry) => entry.expiresAt > now)
  }

  /** Lines end in a SYSTEMTIME in UTC: year month weekday day hour minute second millisecond, when the entry runs out. */
  text(epochMicros: number): string {
    const head = [
      '# Written by Internet Connection Sharing for the computers of the shared network.',
      '# This file is made anew; what is changed by hand is lost.',
      '',
    ]
    const lines = this.entries.map(({ ip, name, expiresAt }) => {
      const t = civilTime(epochMicros + expiresAt)
      return `${formatIp(ip)} ${name}.${DOMAIN} # ${t.year} ${t.month} ${t.weekday} ${t.day} ${t.hour} ${t.minute} ${t.second} ${Math.floor(t.micro / 1000)}`
    })
    return `${[...head, ...lines].join('\r\n')}\r\n`
  }
}

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
