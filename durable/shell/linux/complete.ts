import type { Kernel } from '../../engine/machine/kernel.ts'
import { absolute } from './files.ts'
import type { Command } from './io.ts'
import type { Session } from './session.ts'

type Completion = { readonly from: number; readonly candidates: readonly string[] }

const MOST = 200
/** Commands whose operands are hosts, and those whose operands are interfaces. */
const HOSTS = new Set(['ping', 'traceroute', 'nslookup', 'dig', 'host', 'getent', 'resolvectl', 'arping', 'arp'])
const DEVICES = new Set(['ip', 'ifconfig', 'dhclient', 'networkctl', 'ping', 'arping', 'arp', 'resolvectl', 'sysctl'])

/** What the word at the end of the line could become: commands first, then options, interfaces, hosts and files. */
export function complete(line: string, kernel: Kernel, session: Session, commands: ReadonlyMap<string, Command>): Completion {
  const from = Math.max(...[' ', '\t', '|', ';', '&', '<', '>', '('].map((c) => line.lastIndexOf(c))) + 1
  const word = line.slice(from)
  const begun = currentCommand(line.slice(0, from))
  const first = begun[0] === 'sudo' ? begun.slice(1) : begun
  const name = first[0]
  const found = new Set<string>()
  const add = (candidates: Iterable<string>) => {
    for (const candidate of candidates) if (candidate.startsWith(word) && candidate !== word) found.add(candidate)
  }
  const target = /[<>]\s*$/.test(line.slice(0, from))
  if (name === undefined && !word.includes('/') && !target) {
    if (word !== '') add(commands.keys())
  } else {
    if (!target && name !== undefined) {
      add(commands.get(name)?.completions ?? [])
      if (DEVICES.has(name)) add(kernel.interfaces().map((link) => link.name))
      if (HOSTS.has(name) && word !== '') add(hostNames(kernel))
    }
    if (!word.startsWith('-')) add(files(word, kernel, session))
  }
  return { from, candidates: [...found].sort().slice(0, MOST) }
}

/** The words so far of the command that the end of the line belongs to. */
function currentCommand(text: string): string[] {
  const words = (text.split(/[|;&(]/).at(-1) ?? '').split(/[ \t]+/).filter((word) => word !== '')
  const start = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word))
  return start < 0 ? [] : words.slice(start)
}

function hostNames(kernel: Kernel): string[] {
  const lines = (kernel.readFile('/etc/hosts') ?? '').split('\n')
  return lines.flatMap((line) => (line.split('#')[0] ?? '').trim().split(/\s+/).slice(1))
}

function files(word: string, kernel: Kernel, session: Session): string[] {
  const slash = word.lastIndexOf('/') + 1
  const folder = word.slice(0, slash)
  const path = folder.startsWith('~/') ? session.home + folder.slice(1) : folder
  const entries = kernel.listFiles(absolute(path === '' ? '.' : path, session.cwd)) ?? []
  return entries.map((entry) => `${folder}${entry.name}${entry.directory ? '/' : ''}`)
}
