// The addresses a DHCP server gives out and who has them. Keyed by numbers: a busy server looks here four times an exchange.
import type { Micros } from '../sim/time.ts'
import type { Ip4, Mac } from '../wire/addresses.ts'

export type PoolLease = {
  readonly ip: Ip4
  readonly mac: Mac
  hostname: string
  expiresAt: Micros
  state: 'offered' | 'bound' | 'declined'
}

export type PoolOptions = {
  readonly first: Ip4
  readonly last: Ip4
  readonly reservations: readonly { readonly mac: Mac; readonly ip: Ip4 }[]
  readonly order: 'ascending' | 'by-mac'
  /** Shuffles the order by MAC address. */
  readonly salt: number
  /** Never given out: the server itself, its routers. */
  readonly excluded: readonly Ip4[]
}

export class Pool {
  readonly byIp = new Map<Ip4, PoolLease>()
  /** Declined addresses stand under their address only. */
  readonly byMac = new Map<Mac, PoolLease>()
  /** Nothing expires before. */
  expiryAt: Micros = Number.POSITIVE_INFINITY
  private readonly options: PoolOptions
  private readonly reservedFor = new Map<Mac, Ip4>()
  private readonly withheld = new Set<Ip4>()
  /** Everything below is taken: only a shorter way to the lowest free address. */
  private lowest: Ip4

  constructor(options: PoolOptions) {
    this.options = options
    this.lowest = options.first
    for (const { mac, ip } of options.reservations) {
      this.reservedFor.set(mac, ip)
      this.withheld.add(ip)
    }
    for (const ip of options.excluded) this.withheld.add(ip)
  }

  has(ip: Ip4): boolean {
    return ip >= this.options.first && ip <= this.options.last
  }

  /** Whether this client may be given this address, as far as the pool knows. */
  allows(ip: Ip4, mac: Mac): boolean {
    const reserved = this.reservedFor.get(mac)
    if (reserved !== undefined) return reserved === ip && this.holderOf(ip, mac)
    return this.has(ip) && !this.withheld.has(ip) && this.holderOf(ip, mac)
  }

  private holderOf(ip: Ip4, mac: Mac): boolean {
    const held = this.byIp.get(ip)
    return held === undefined || (held.mac === mac && held.state !== 'declined')
  }

  /** The address for a client, or 0 when none is free. `inUse`: seen on the network with somebody else. */
  choose(mac: Mac, wanted: Ip4, inUse: (ip: Ip4) => boolean): Ip4 {
    const reserved = this.reservedFor.get(mac)
    if (reserved !== undefined) return this.holderOf(reserved, mac) ? reserved : 0
    if (wanted !== 0 && this.allows(wanted, mac) && !inUse(wanted)) return wanted
    const { first, last, order } = this.options
    const size = last - first + 1
    if (order === 'ascending') {
      while (this.lowest <= last && (this.withheld.has(this.lowest) || this.byIp.has(this.lowest))) this.lowest++
      for (let ip = this.lowest; ip <= last; ip++) if (this.free(ip) && !inUse(ip)) return ip
      return 0
    }
    let at = Math.floor((shuffle(mac, this.options.salt) / 0x1_0000_0000) * size)
    for (let tries = 0; tries < size; tries++, at = at + 1 === size ? 0 : at + 1) {
      if (this.free(first + at) && !inUse(first + at)) return first + at
    }
    return 0
  }

  private free(ip: Ip4): boolean {
    return !this.withheld.has(ip) && !this.byIp.has(ip)
  }

  put(lease: PoolLease): void {
    const old = this.byMac.get(lease.mac)
    if (old !== undefined && old.ip !== lease.ip) this.delete(old)
    this.byIp.set(lease.ip, lease)
    if (lease.state !== 'declined') this.byMac.set(lease.mac, lease)
    this.noteExpiry(lease.expiresAt)
  }

  noteExpiry(at: Micros): void {
    if (at < this.expiryAt) this.expiryAt = at
  }

  delete(lease: PoolLease): void {
    if (this.byIp.get(lease.ip) === lease) this.byIp.delete(lease.ip)
    if (this.byMac.get(lease.mac) === lease) this.byMac.delete(lease.mac)
    if (lease.ip < this.lowest && this.has(lease.ip)) this.lowest = lease.ip
  }

  /** Takes out what has run out by `now`. */
  expire(now: Micros): PoolLease[] {
    const gone: PoolLease[] = []
    let next = Number.POSITIVE_INFINITY
    for (const lease of this.byIp.values()) {
      if (lease.expiresAt <= now) gone.push(lease)
      else if (lease.expiresAt < next) next = lease.expiresAt
    }
    for (const lease of gone) this.delete(lease)
    this.expiryAt = next
    return gone
  }
}

/** A number in [0, 2^32) from the 48 bits of a MAC address. */
function shuffle(mac: Mac, salt: number): number {
  let h = (Math.imul(mac % 0x1000000, 0x9e3779b1) ^ Math.imul(Math.floor(mac / 0x1000000), 0x85ebca6b) ^ salt) | 0
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39)
  return (h ^ (h >>> 15)) >>> 0
}
