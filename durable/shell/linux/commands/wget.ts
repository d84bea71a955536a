import { momentOf, written } from '../calendar.ts'
import { absolute, openFile } from '../files.ts'
import { type Command, INTERRUPTED, type Io, type Run } from '../io.ts'
import { exchange, headerOf, shown, type Told } from './http/exchange.ts'
import { allOf, type Given, getopt, has, lastOf } from './http/getopt.ts'
import { type HttpUrl, hostHeader, parseUrl, resolveUrl, urlText } from './http/url.ts'

export const wget: Command = {
  name: 'wget',
  summary: 'fetches a page into a file',
  usage: 'wget [OPTION]... [URL]...',
  completions: ['-q', '-O', '-S', '--spider', '-T', '-t'],
  run: runWget,
}

const TABLE = {
  known: {
    quiet: 'q',
    'output-document=': 'O',
    'server-response': 'S',
    spider: '',
    'timeout=': 'T',
    'tries=': 't',
    'no-verbose': '',
    verbose: 'v',
    'header=': '',
    'user-agent=': 'U',
    'post-data=': '',
    'method=': '',
    'directory-prefix=': 'P',
    'max-redirect=': '',
    'no-check-certificate': '',
    'inet4-only': '4',
    'inet6-only': '6',
    version: 'V',
    'connect-timeout=': '',
    'dns-timeout=': '',
    'read-timeout=': '',
    'show-progress': '',
    'progress=': '',
    'content-on-error': '',
    'no-cache': '',
    'bind-address=': '',
  },
  real: {
    recursive: 'r',
    'level=': 'l',
    mirror: 'm',
    continue: 'c',
    'input-file=': 'i',
    'output-file=': 'o',
    'append-output=': 'a',
    background: 'b',
    timestamping: 'N',
    'no-clobber': '',
    'wait=': 'w',
    'limit-rate=': '',
    'quota=': 'Q',
    'no-parent': '',
    'accept=': 'A',
    'reject=': 'R',
    'page-requisites': 'p',
    'convert-links': 'k',
    'force-directories': 'x',
    'no-directories': 'd',
    'user=': '',
    'password=': '',
    'post-file=': '',
    'body-data=': '',
    'span-hosts': 'H',
    relative: 'L',
    'base=': 'B',
    'execute=': 'e',
    'adjust-extension': 'E',
    'force-html': 'F',
    'backup-converted': 'K',
    'domains=': 'D',
    'include=': 'I',
    'exclude=': 'X',
  },
}

function* runWget(args: readonly string[], io: Io): Run {
  // `-nv` is one option of two letters.
  const parsed = getopt(
    args.map((arg) => (arg === '-nv' ? '--no-verbose' : arg)),
    TABLE,
  )
  if (!parsed.ok) {
    const { option, fault } = parsed
    const letter = option.startsWith('--') ? '' : option.slice(1)
    if (fault === 'real') io.err(`wget: option ${option} is real, but not simulated here yet\n`)
    else if (fault === 'no-value')
      io.err(letter ? `wget: option requires an argument -- '${letter}'\n` : `wget: option '${option}' requires an argument\n`)
    else
      io.err(
        `${letter ? `wget: invalid option -- '${letter}'` : `wget: unrecognized option '${option}'`}\nUsage: wget [OPTION]... [URL]...\n`,
      )
    return 2
  }
  const { given, operands } = parsed
  if (has(given, 'version')) {
    io.out('GNU Wget 1.21.4 built on linux-gnu.\n')
    return 0
  }
  if (operands.length === 0) {
    io.err("wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n")
    return 1
  }
  let status = 0
  for (const url of operands) {
    const one = yield* fetchOne(given, io, url)
    if (one === INTERRUPTED) return one
    if (one !== 0) status = one
  }
  return status
}

function stampOf(io: Io): string {
  return written('%F %T', momentOf(io.kernel.clock()))
}

const fileName = (url: HttpUrl): string => (url.target.split('?')[0] as string).split('/').at(-1) || 'index.html'

function* fetchOne(given: readonly Given[], io: Io, text: string): Run {
  const quiet = has(given, 'quiet')
  const brief = has(given, 'no-verbose')
  const say = (line: string): void => {
    if (!quiet && !brief) io.err(line)
  }
  let url = parseUrl(text)
  if (url === undefined) {
    if (!quiet) io.err(`${text}: Invalid host name.\n`)
    return 1
  }
  const spider = has(given, 'spider')
  const wanted = lastOf(given, 'output-document')
  const tries = Number(lastOf(given, 'tries') ?? 20) || 20
  const seconds = Number(lastOf(given, 'timeout') ?? lastOf(given, 'connect-timeout') ?? 0)
  if (spider) say('Spider mode enabled. Check if remote file exists.\n')
  for (let hops = 0, attempt = 1; ; ) {
    if (url.scheme !== 'http') {
      if (!quiet)
        io.err(
          `${url.scheme === 'https' ? 'https: TLS is real, but not simulated here yet' : `${text}: Unsupported scheme ‘${url.scheme}’.`}\n`,
        )
      return url.scheme === 'https' ? 5 : 1
    }
    const tried = attempt > 1 ? `(try:${String(attempt).padStart(2)})  ` : ''
    say(`--${stampOf(io)}--  ${tried}${urlText(url)}\n`)
    const name =
      spider || wanted === '/dev/null'
        ? undefined
        : (wanted ?? `${lastOf(given, 'directory-prefix') ? `${lastOf(given, 'directory-prefix')}/` : ''}${fileName(url)}`)
    let body = ''
    const told: Told = yield* exchange(
      io,
      askOf(given, url, spider, name !== undefined, name === '-', seconds),
      listeners(given, url, say, io, (octets) => {
        if (name === '-') io.out(shown(octets))
        else body += octets
      }),
    )
    if (told.kind === 'interrupted') return INTERRUPTED
    if (told.kind !== 'ok') {
      const again = told.kind === 'timeout' || (told.kind === 'error' && told.reason !== 'malformed')
      const words = failureText(told, url)
      if (told.kind === 'unresolved') {
        if (!quiet) io.err(brief ? '' : words)
        return 4
      }
      say(words)
      if (again && attempt < tries) {
        say('Retrying.\n\n')
        const wait = Math.min(attempt, 10)
        for (let left = true; left; ) {
          const got = yield { sleep: wait * 1_000_000 }
          if (got.kind === 'interrupt') return INTERRUPTED
          left = got.kind !== 'elapsed'
        }
        attempt++
        continue
      }
      if (again) say('Giving up.\n\n')
      return 4
    }
    const location = headerOf(told, 'location')
    if (told.status >= 300 && told.status < 400 && location !== '') {
      const next = resolveUrl(url, location)
      say(`Location: ${location} [following]\n`)
      if (next === undefined || ++hops > 20) return 8
      url = next
      continue
    }
    if (told.status >= 400 && !has(given, 'content-on-error')) {
      const reason = reasonOf(told)
      if (spider)
        say(
          told.status === 404
            ? 'Remote file does not exist -- broken link!!!\n\n'
            : `Remote file exists but is not accessible: ${told.status} ${reason}.\n`,
        )
      else if (!quiet) io.err(`${stampOf(io)} ERROR ${told.status}: ${reason}.\n${brief ? '' : '\n'}`)
      return 8
    }
    const type = (headerOf(told, 'content-type').split(';')[0] as string) || 'application/octet-stream'
    const length = headerOf(told, 'content-length')
    say(length === '' ? `Length: unspecified [${type}]\n` : `Length: ${length}${sizeText(Number(length))} [${type}]\n`)
    if (spider) {
      say('Remote file exists.\n\n')
      return 0
    }
    const shownName = name === undefined ? '/dev/null' : name === '-' ? 'STDOUT' : freeName(io, name, wanted !== undefined)
    say(`Saving to: ‘${shownName}’\n\n`)
    const path = shownName
    if (name !== undefined && name !== '-' && !io.kernel.writeFile(absolute(path, io.session.cwd), body).ok) {
      if (!quiet) io.err(`${path}: No space left on device\n\nCannot write to ‘${path}’ (Success).\n`)
      return 3
    }
    const taken = told.endedAt / 1_000_000
    say(`${bar(shownName, told.received, taken)}\n\n`)
    const total = length === '' ? `[${told.received}]` : `[${told.received}/${length}]`
    say(
      `${stampOf(io)} (${rate(told.received, taken)}) - ${shownName === 'STDOUT' ? 'written to stdout' : `‘${shownName}’ saved`} ${total}\n\n`,
    )
    if (brief && !quiet) io.err(`${stampOf(io)} URL:${urlText(url)} ${total} -> "${shownName}" [1]\n`)
    return 0
  }
}

/** A name that is not taken yet: `index.html.1`. */
function freeName(io: Io, name: string, given: boolean): string {
  if (given || 'fault' in openFile(io, name)) return name
  for (let i = 1; ; i++) if ('fault' in openFile(io, `${name}.${i}`)) return `${name}.${i}`
}

function askOf(
  given: readonly Given[],
  url: HttpUrl,
  spider: boolean,
  wantsBody: boolean,
  onlyPrints: boolean,
  seconds: number,
): Parameters<typeof exchange>[1] {
  const body = lastOf(given, 'post-data')
  const headers: [string, string][] = [
    ['Host', hostHeader(url)],
    ['User-Agent', lastOf(given, 'user-agent') ?? 'Wget/1.21.4'],
    ['Accept', '*/*'],
    ['Accept-Encoding', 'identity'],
    ['Connection', 'Keep-Alive'],
  ]
  if (body !== undefined)
    headers.push(['Content-Type', 'application/x-www-form-urlencoded'], ['Content-Length', String(body.length)])
  for (const line of allOf(given, 'header')) {
    const cut = line.indexOf(':')
    if (cut > 0) headers.push([line.slice(0, cut), line.slice(cut + 1).trim()])
  }
  const source = lastOf(given, 'bind-address')
  return {
    url,
    method: lastOf(given, 'method') ?? (spider ? 'HEAD' : body === undefined ? 'GET' : 'POST'),
    headers,
    wantsBody,
    onlyPrints,
    ...(body === undefined ? {} : { body }),
    ...(seconds > 0 ? { connectTimeoutMs: Math.round(seconds * 1000), timeoutMs: Math.round(seconds * 1000) } : {}),
    ...(has(given, 'inet6-only') ? { family: 6 as const } : has(given, 'inet4-only') ? { family: 4 as const } : {}),
    ...(source === undefined ? {} : { source }),
  }
}

function listeners(
  given: readonly Given[],
  url: HttpUrl,
  say: (line: string) => void,
  io: Io,
  data: (octets: string) => void,
): Parameters<typeof exchange>[2] {
  const numeric = /^[\d.]+$/.test(url.host) || url.host.includes(':')
  return {
    resolved: (address) => {
      if (!numeric) say(`Resolving ${url.host} (${url.host})... ${address}\n`)
      say(`Connecting to ${numeric ? url.host : `${url.host} (${url.host})|${address}|`}:${url.port}... `)
    },
    connected: () => say('connected.\nHTTP request sent, awaiting response... '),
    head: (head, status) => {
      const lines = head.split(/\r?\n/).filter((line) => line !== '')
      const first = (lines[0] ?? '').replace(/^HTTP\/\d\.\d /, '')
      if (has(given, 'server-response')) {
        say('\n')
        if (!has(given, 'quiet')) io.err(lines.map((line) => `  ${line}\n`).join(''))
      } else say(`${first === '' ? status : first}\n`)
    },
    data,
  }
}

function failureText(told: Told, url: HttpUrl): string {
  switch (told.kind) {
    case 'unresolved':
      return `Resolving ${url.host} (${url.host})... failed: ${told.reason === 'temporary' ? 'Temporary failure in name resolution' : 'Name or service not known'}.\nwget: unable to resolve host address ‘${url.host}’\n`
    case 'refused':
      return 'failed: Connection refused.\n'
    case 'timeout':
      return 'failed: Connection timed out.\n'
    case 'unreachable':
    case 'no-route':
      return told.kind === 'no-route' || told.code === 'net' ? 'failed: Network is unreachable.\n' : 'failed: No route to host.\n'
    case 'error':
      if (told.reason === 'timeout') return 'Read error (Connection timed out) in headers.\n'
      return told.reason === 'empty' ? 'No data received.\n' : `Read error at byte ${told.received} (Connection reset by peer).`
    default:
      return ''
  }
}

const reasonOf = (told: Told): string =>
  ({
    400: 'Bad Request',
    401: 'Unauthorized',
    403: 'Forbidden',
    404: 'Not Found',
    405: 'Method Not Allowed',
    416: 'Range Not Satisfiable',
    500: 'Internal Server Error',
    501: 'Not Implemented',
    503: 'Service Unavailable',
  })[told.status] ?? 'Unknown'

/** ` (1.2K)` behind a length of a thousand octets and more. */
function sizeText(size: number): string {
  if (size < 1024) return ''
  if (size < 1024 * 1024) return ` (${ten(size / 1024)}K)`
  return ` (${ten(size / 1_048_576)}M)`
}
const ten = (value: number): string => (value < 10 ? value.toFixed(1) : String(Math.round(value)))

function rate(octets: number, seconds: number): string {
  const each = octets / Math.max(seconds, 0.000_001)
  if (each < 1024) return `${Math.round(each)} B/s`
  if (each < 1024 * 1024) return `${each / 1024 < 100 ? (each / 1024).toFixed(1) : Math.round(each / 1024)} KB/s`
  return `${each / 1_048_576 < 100 ? (each / 1_048_576).toFixed(1) : Math.round(each / 1_048_576)} MB/s`
}

function bar(name: string, octets: number, seconds: number): string {
  const size = octets < 1024 ? String(octets) : sizeText(octets).slice(2, -1)
  const speed = seconds > 0.05 ? rate(octets, seconds).replace(' ', '') : '--.-KB/s'
  return `${name.slice(0, 19).padEnd(19)} 100%[===================>] ${size.padStart(7)}  ${speed}    in ${seconds < 0.05 ? '0s' : `${seconds.toFixed(1)}s`}    `
}
