// What runs in a machine that somebody made: nothing, or an installation from an image.
import type { MachineDefinition } from '../definition.ts'
import { NETPLAN } from '../linux/system.ts'
import type { Machine } from '../machine.ts'
import { DEFAULT_SIZE, type Disk } from './disks.ts'

/** The disk that a machine of the definition is installed on. */
export const diskOf = (path: string, { name, definition: { os, build } }: Machine): Disk => ({
  path,
  sizeBytes: DEFAULT_SIZE,
  kind: 'Dynamic',
  parent: '',
  os,
  build,
  files: [],
  machine: name,
})

/** A cloud image asks for addresses on every adapter that it finds when it first starts. */
export function askByDhcp(guest: Machine, names: readonly string[]): void {
  if (guest.definition.os !== 'ubuntu-24.04' || guest.files.save().some(([path]) => path === NETPLAN)) return
  const links = names.map((name) => `    ${name}:\n      dhcp4: true\n`).join('')
  guest.files.write(NETPLAN, `network:\n  version: 2\n  ethernets:\n${links}`)
}

/** A machine without a system: nothing runs in it. */
export const bareMachine = (name: string): MachineDefinition => ({
  ...guestMachine(name, name, { os: 'server', build: 0 }),
  console: false,
  mdns: false,
  llmnr: false,
})

/** What runs from a disk. A copy is its original's twin, with the same name for itself; adapters are the machine's own. */
export const installed = (name: string, shown: string, disk: Disk): MachineDefinition =>
  disk.like ? { ...disk.like, name, adapters: [], routes: [], hyperV: null } : guestMachine(name, shown, disk)

export function guestMachine(name: string, shown: string, { os, build }: Pick<Disk, 'os' | 'build'>): MachineDefinition {
  const windows = os === 'windows-11'
  const plain = shown.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-+|-+$/g, '') || name
  return {
    name,
    hostname: windows ? plain.toUpperCase().slice(0, 15) : plain.toLowerCase(),
    os: os ?? 'server',
    build,
    role: 'guest',
    console: windows || os === 'ubuntu-24.04',
    adapters: [],
    routes: [],
    dnsServers: [],
    searchDomains: [],
    answersPing: !windows,
    forwarding: false,
    dhcpServers: [],
    nat: null,
    dns: null,
    vpnServer: null,
    vpns: [],
    hyperV: null,
  }
}
