// Shares of this computer and what it uses of others.

import { utf8 } from '../../service/http-content.ts'
import { SmbServer } from '../../service/smb/server.ts'
import { guidOf } from '../guid.ts'
import type { Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import type { WindowsNetwork } from './windows-network.ts'

export type ShareView = { readonly name: string; readonly path: string; readonly remark: string; readonly special: boolean }
/** `letter`: empty where it was used without a drive. */
export type UsedShare = { readonly letter: string; readonly remote: string; readonly user: string }
export type SmbSessionView = { readonly user: string; readonly client: string; readonly since: number }

/** Those that every Windows has for administrators and programs. */
const OWN: readonly ShareView[] = [
  { name: 'ADMIN$', path: 'C:\\Windows', remark: 'Remote Admin', special: true },
  { name: 'C$', path: 'C:\\', remark: 'Default share', special: true },
  { name: 'IPC$', path: '', remark: 'Remote IPC', special: true },
]
const SHARES = 'shares'
const USED = 'net-use'
const MOST = 64

const sharesOf = (network: WindowsNetwork): ShareView[] => [...OWN, ...(network.setting<ShareView[]>(SHARES) ?? [])]

export interface ShareCalls {
  shares(): ShareView[]
  /** `exists`: the name is taken; `not-found`: there is no such folder. */
  addShare(share: { readonly name: string; readonly path: string; readonly remark: string }): Outcome
  removeShare(name: string): Outcome
  usedShares(): UsedShare[]
  useShare(used: UsedShare): Outcome
  unuseShare(what: string): Outcome
  smbSessions(): SmbSessionView[]
}

export function shareCalls(machine: Machine, network: WindowsNetwork): ShareCalls {
  const used = (): UsedShare[] => network.setting<UsedShare[]>(USED) ?? []
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
  return {
    shares: () => sharesOf(network),
    addShare: ({ name, path, remark }) => {
      const made = network.setting<ShareView[]>(SHARES) ?? []
      if (name === '' || name.length > 80 || /[\\/[\]:|<>+=;,*?"]/.test(name) || made.length >= MOST) return failed('invalid')
      if (sharesOf(network).some((one) => same(one.name, name))) return failed('exists')
      if (machine.files.list(path) === undefined) return failed('not-found')
      network.set(SHARES, [...made, { name, path, remark, special: false }])
      return OK
    },
    removeShare: (name) => {
      const made = network.setting<ShareView[]>(SHARES) ?? []
      const left = made.filter((one) => !same(one.name, name))
      if (left.length === made.length) return failed('not-found')
      network.set(SHARES, left)
      return OK
    },
    usedShares: used,
    useShare: (one) => {
      if (one.letter !== '' && used().some((other) => same(other.letter, one.letter))) return failed('in-use')
      const others = used().filter((other) => !(same(other.remote, one.remote) && other.letter === one.letter))
      if (others.length >= MOST) return failed('exhausted')
      network.set(USED, [...others, one])
      return OK
    },
    unuseShare: (what) => {
      const left = what === '*' ? [] : used().filter((one) => !same(one.letter, what) && !same(one.remote, what))
      if (left.length === used().length) return failed('not-found')
      network.set(USED, left)
      return OK
    },
    smbSessions: () => machine.network?.smb?.sessions ?? [],
  }
}

/** The Server service stands on every Windows; the firewall of a fresh one lets nobody in. */
export function addSmbServer(machine: Machine, network: WindowsNetwork): SmbServer {
  const { world, sim } = machine
  const text = guidOf(sim.seed, `${machine.name}/smb`).replace(/-/g, '')
  const guid = Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  const server = new SmbServer(
    machine.stack,
    {
      hostname: () => machine.hostname,
      guid,
      enabled: () => machine.runs('LanmanServer'),
      wall: () => ({ now: world.epochMicros + sim.now, started: world.epochMicros + machine.bootedAt }),
      accounts: () => [machine.user],
      share: (name) => sharesOf(network).find((one) => one.name.toLowerCase() === name.toLowerCase())?.path,
      list: (path) => machine.files.list(path),
      read: (path) => {
        const text = machine.files.read(path)
        return text === undefined ? undefined : utf8(text)
      },
    },
    world.stored(`${machine.name}/smb-server`),
  )
  machine.servers.push(world.add(server))
  return server
}
