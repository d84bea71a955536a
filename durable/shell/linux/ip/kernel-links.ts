// Links as the kernel tells them, and the words that several of `ip`'s objects and net-tools have for them.
import type { LinkView, LinuxCalls } from '../../../engine/machine/linux/linux-views.ts'
import type { Io } from '../io.ts'
import { notSimulated } from '../io.ts'

/** What a Linux kernel is asked by; every machine with this shell has one. */
export function linuxOf(io: Io): LinuxCalls {
  const { linux } = io.kernel
  if (linux === undefined) throw new Error('a Linux command on a machine that is not Linux')
  return linux
}

export const linkNamed = (io: Io, name: string): LinkView | undefined =>
  linuxOf(io)
    .links()
    .find((link) => link.name === name)

/** `veth1@veth0`, `eth0.10@eth0`. */
export function fullName(link: LinkView, links: readonly LinkView[]): string {
  const lower = link.lower === 0 ? undefined : links.find((one) => one.index === link.lower)
  return lower ? `${link.name}@${lower.name}` : link.lower === 0 ? link.name : `${link.name}@if${link.lower}`
}

/** In the order of iproute2 (ipaddress.c, print_link_flags). */
export function flagNames(link: LinkView, links: readonly LinkView[]): string[] {
  const loopback = link.kind === 'loopback'
  const ppp = link.kind === 'ppp'
  const lower = links.find((one) => one.index === link.lower)
  const flags: (readonly [string, boolean])[] = [
    ['NO-CARRIER', link.enabled && !link.running],
    ['LOOPBACK', loopback],
    ['BROADCAST', !loopback && !ppp],
    ['POINTOPOINT', ppp],
    ['MULTICAST', !loopback && link.multicast && link.kind !== 'dummy'],
    ['NOARP', ppp || link.kind === 'dummy' || !link.arp],
    ['ALLMULTI', link.allmulticast],
    ['PROMISC', link.promisc],
    ['UP', link.enabled],
    ['LOWER_UP', link.enabled && link.running],
    ['M-DOWN', lower !== undefined && !lower.enabled],
  ]
  return flags.filter(([, on]) => on).map(([name]) => name)
}

export function operState(link: LinkView): string {
  if (!link.enabled) return 'DOWN'
  if (!link.running) return link.lower === 0 ? 'DOWN' : 'LOWERLAYERDOWN'
  return link.kind === 'loopback' || link.kind === 'ppp' || link.kind === 'dummy' ? 'UNKNOWN' : 'UP'
}

export function discipline(link: LinkView): string {
  if (link.kind === 'ether') return 'mq'
  if (link.kind === 'ppp') return 'fq_codel'
  return link.kind === 'loopback' || link.enabled ? 'noqueue' : 'noop'
}

export const groupText = (group: number): string => (group === 0 ? 'default' : String(group))

/** `[ dev ] NAME [ up ] [ master NAME ] [ type KIND ] [ group N ]`: which links a listing shows, or the exit status after a message. */
export type Selection = { readonly links: LinkView[]; readonly rest: readonly string[]; readonly device: string | undefined }

export function select(args: readonly string[], io: Io, known: readonly string[] = []): Selection | number {
  const all = linuxOf(io).links()
  let links = all
  let device: string | undefined
  const rest: string[] = []
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (word === 'up') links = links.filter((link) => link.enabled)
    else if (word === 'master') {
      const name = args[++i]
      const master = all.find((link) => link.name === name)
      if (master === undefined) {
        io.err('Device does not exist\n')
        return 1
      }
      links = links.filter((link) => link.master === master.index)
    } else if (word === 'nomaster') links = links.filter((link) => link.master === 0)
    else if (word === 'type') {
      const kind = args[++i]
      links = links.filter((link) => (kind === 'bridge_slave' ? link.port !== null : link.kind === kind && link.kind !== 'ether'))
    } else if (word === 'group') {
      const group = args[++i]
      links = links.filter((link) => groupText(link.group) === group || String(link.group) === group)
    } else if (known.includes(word)) rest.push(word, args[++i] ?? '')
    else if (['permanent', 'dynamic', 'primary', 'secondary', 'tentative', 'deprecated', 'dadfailed', 'temporary'].includes(word))
      rest.push(word, '')
    else if (word === 'vrf') {
      io.err(notSimulated(`ip: the selector ${word}`))
      return 1
    } else if (device !== undefined) {
      io.err(`Error: either "dev" is duplicate, or "${word === 'dev' ? (args[i + 1] ?? '') : word}" is a garbage.\n`)
      return 255
    } else {
      device = word === 'dev' ? args[++i] : word
      if (device === undefined) {
        io.err('Command line is not complete. Try option "help"\n')
        return 255
      }
    }
  }
  if (device !== undefined && !all.some((link) => link.name === device)) {
    io.err(`Device "${device}" does not exist.\n`)
    return 1
  }
  return { links: links.filter((link) => device === undefined || link.name === device), rest, device }
}

/** Prints what the kernel answered to a change: the exit status. */
export function outcomeStatus(io: Io, outcome: { readonly ok: boolean; readonly detail?: string }): number {
  if (outcome.ok) return 0
  const detail = outcome.detail ?? 'Invalid argument'
  io.err(detail.startsWith('Error:') ? `${detail}\n` : `RTNETLINK answers: ${detail}\n`)
  return 2
}

export function needsRoot(io: Io): boolean {
  if (io.root) return false
  io.err('RTNETLINK answers: Operation not permitted\n')
  return true
}
