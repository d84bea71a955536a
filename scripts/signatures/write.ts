// The parameter lines of documented cmdlets, out of the table beside this file. Microsoft's reference pages are where the table comes from.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))

export type Row = {
  readonly module: string
  readonly cmdlet: string
  readonly parameter: string
  readonly type: string
  readonly aliases: readonly string[]
  readonly accepted: readonly string[]
  readonly position: number | undefined
  readonly mandatory: boolean
  readonly byValue: boolean
  readonly byName: boolean
  /** Names of the sets as the lines have them; none: all. */
  readonly sets: readonly string[]
}

const words = (text: string, between = /,\s*/): string[] =>
  text
    .split(between)
    .map((word) => word.trim())
    .filter((word) => word !== '')

const table = (name: string): string[][] =>
  readFileSync(join(here, name), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))

/** The table says `mandatory in some set`; of these the other sets matter more, and the cmdlet says itself what is missing. */
const OPTIONAL: ReadonlySet<string> = new Set(['New-VHD -SizeBytes', 'New-VHD -Dynamic'])

/** Every row of the table. */
export const rows = (): Row[] =>
  table('cmdlet-params.tsv').map((cells): Row => {
    const [module = '', cmdlet = '', parameter = '', type = '', aliases = '', accepted = ''] = cells
    const [position = '', mandatory = '', , pipeline = '', sets = ''] = cells.slice(6)
    return {
      module,
      cmdlet,
      parameter,
      type,
      aliases: words(aliases),
      // An empty word is one, too.
      accepted: accepted === '' ? [] : accepted.split(/,\s*/),
      position: position === '' ? undefined : Number(position),
      mandatory: mandatory === 'True' && !OPTIONAL.has(`${cmdlet} -${parameter}`),
      byValue: pipeline.includes('ByValue'),
      byName: pipeline.includes('ByPropertyName'),
      sets: sets === '(All)' ? [] : words(sets, /[,/]/).map((set) => set.replace(/\s*\(cdxml\)/, '').replace(/\s+/g, '_')),
    }
  })

/** The order of the sets of a cmdlet; the first that fits is the one that is taken. The pages do not say it. */
const orders = (): Map<string, string[]> =>
  new Map(table('cmdlet-sets.tsv').map(([cmdlet = '', sets = '']) => [cmdlet, words(sets)]))

const shownType = (type: string): string =>
  type === 'SwitchParameter' ? '?' : type === 'String' ? '' : type === 'String[]' ? '[]' : `:${type}`

function parameterText(row: Row, sets: readonly string[]): string {
  const pipe = `${row.byValue ? 'v' : ''}${row.byName ? 'n' : ''}`
  return [
    row.parameter,
    row.mandatory ? '!' : '',
    shownType(row.type),
    row.position === undefined ? '' : `@${row.position}`,
    pipe === '' ? '' : `<${pipe}`,
    row.aliases.length === 0 ? '' : `(${row.aliases.join(',')})`,
    row.accepted.length === 0 ? '' : `=${row.accepted.join('|')}`,
    row.sets.length === 0 ? '' : `#${row.sets.map((set) => sets.indexOf(set)).join(',')}`,
  ].join('')
}

/** The lines of a module, one cmdlet each, in the notation of `binding/signature.ts`. */
export function moduleLines(module: string): string[] {
  const order = orders()
  const byCmdlet = new Map<string, Row[]>()
  for (const row of rows()) if (row.module === module) byCmdlet.set(row.cmdlet, [...(byCmdlet.get(row.cmdlet) ?? []), row])
  return [...byCmdlet].map(([cmdlet, own]) => {
    const sets = order.get(cmdlet) ?? []
    return `${cmdlet}${sets.length === 0 ? '' : `{${sets.join(',')}}`} ${own.map((row) => parameterText(row, sets)).join(' ')}`.trim()
  })
}

/** File and constant of each module's lines. */
export const files: Readonly<Record<string, readonly [file: string, constant: string]>> = {
  'Hyper-V': ['hyper-v', 'hyperVSignatures'],
  NetAdapter: ['net-adapter', 'netAdapterSignatures'],
  NetTCPIP: ['net-tcpip', 'netTcpipSignatures'],
  NetSecurity: ['net-security', 'netSecuritySignatures'],
  NetNat: ['net-nat', 'netNatSignatures'],
  NetConnection: ['net-connection', 'netConnectionSignatures'],
  DnsClient: ['dns-client', 'dnsClientSignatures'],
  HostNetworkingService: ['host-networking-service', 'hostNetworkingServiceSignatures'],
}

export const moduleText = (module: string): string =>
  `// The documented parameters of the ${module} module, one cmdlet a line; the notation is read by ../binding/signature.ts.
export const ${files[module]?.[1]} = \`
${moduleLines(module).join('\n')}
\`
`
