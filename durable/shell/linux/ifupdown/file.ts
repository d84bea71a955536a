// /etc/network/interfaces (interfaces(5), ifupdown 0.8): which interfaces come up by themselves, and what each is to be.
import { globFiles } from './glob.ts'

export type Stanza = {
  readonly name: string
  readonly family: 'inet' | 'inet6'
  readonly method: string
  readonly options: readonly (readonly [name: string, value: string])[]
}

export type InterfacesFile = {
  readonly stanzas: readonly Stanza[]
  /** Names by the word that lets them come up: `auto`, `hotplug`. */
  readonly allowed: ReadonlyMap<string, readonly string[]>
}

type Made = { stanzas: Stanza[]; allowed: Map<string, string[]> }
/** What of the machine's files is read. */
export type Reader = {
  readFile(path: string): string | undefined
  listFiles(path: string): { readonly name: string; readonly directory: boolean }[] | undefined
}

const METHODS: { readonly [family: string]: readonly string[] } = {
  inet: ['loopback', 'static', 'manual', 'dhcp'],
  inet6: ['loopback', 'static', 'manual', 'auto', 'dhcp'],
}
/** Of the real one, and not of this one. */
const OTHER_METHODS = ['bootp', 'tunnel', 'ppp', 'wvdial', 'ipv4ll', 'v4tunnel', '6to4']
const SOURCES = 20

/** What the file says, or why it cannot be read. */
export function readInterfaces(reader: Reader, path: string): InterfacesFile | { readonly fault: string } {
  const made: Made = { stanzas: [], allowed: new Map() }
  const fault = readOne(reader, path, made, { left: SOURCES })
  return fault === undefined ? made : { fault }
}

function readOne(reader: Reader, path: string, made: Made, files: { left: number }): string | undefined {
  const text = reader.readFile(path)
  if (text === undefined) return `couldn't open interfaces file "${path}": No such file or directory`
  let open: [string, string][] | undefined
  for (const { line, number } of logicalLines(text)) {
    const [word = '', ...rest] = line.split(/\s+/)
    const at = `${path}:${number}: `
    if (word === 'iface') {
      const [name = '', family = '', method = ''] = rest
      const methods = METHODS[family]
      if (methods === undefined) return `${at}unknown or no address type and no inherits keyword specified`
      if (OTHER_METHODS.includes(method)) return `${at}the method ${method} is real, but not simulated here yet`
      if (!methods.includes(method)) return `${at}unknown or no method and no inherits keyword specified`
      open = []
      made.stanzas.push({ name, family: family as 'inet', method, options: open })
    } else if (word === 'auto' || word.startsWith('allow-')) {
      open = undefined
      const kind = word.replace(/^allow-/, '')
      made.allowed.set(kind, [...new Set([...(made.allowed.get(kind) ?? []), ...rest])])
    } else if (word === 'source' || word === 'source-directory') {
      open = undefined
      for (const file of globFiles(reader, word === 'source' ? (rest[0] ?? '') : `${rest[0] ?? ''}/*`, path)) {
        if (files.left-- <= 0) return `${at}too many files are read from each other`
        const fault = readOne(reader, file, made, files)
        if (fault !== undefined) return fault
      }
    } else if (word === 'no-auto-down' || word === 'no-scripts') open = undefined
    else if (word === 'mapping' || word === 'rename' || word === 'template')
      return `${at}${word} is real, but not simulated here yet`
    else if (open === undefined) return `${at}misplaced option`
    else if (rest.length === 0) return `${at}option with empty value`
    else open.push([word === 'post-up' ? 'up' : word === 'pre-down' ? 'down' : word, line.slice(word.length).trim()])
  }
  return undefined
}

/** Lines without comments; a backslash at the end takes the next one along. */
function logicalLines(text: string): { readonly line: string; readonly number: number }[] {
  const found: { line: string; number: number }[] = []
  let held = ''
  text.split('\n').forEach((one, index) => {
    if (held === '' && /^\s*#/.test(one)) return
    if (one.endsWith('\\')) {
      held += `${one.slice(0, -1)} `
      return
    }
    const line = (held + one).trim()
    held = ''
    if (line !== '') found.push({ line, number: index + 1 })
  })
  return found
}
