import { absolute, openFile } from '../files.ts'
import { type Command, INTERRUPTED, type Io, type Run } from '../io.ts'
import { firstAddress, interfaceNamed } from '../links.ts'
import { type Ask, exchange, headerOf, shown, type Told } from './http/exchange.ts'
import { allOf, type Given, getopt, has, lastOf } from './http/getopt.ts'
import { type HttpUrl, hostHeader, parseUrl, resolveUrl, urlText } from './http/url.ts'

export const curl: Command = {
  name: 'curl',
  summary: 'fetches a page over HTTP',
  usage: 'curl [options...] <url>',
  completions: ['-v', '-I', '-s', '-o', '-O', '-L', '-X', '-d', '-H', '-w', '--max-time', '--connect-timeout'],
  run: runCurl,
}

const TABLE = {
  known: {
    verbose: 'v',
    head: 'I',
    silent: 's',
    'show-error': 'S',
    'output=': 'o',
    'remote-name': 'O',
    location: 'L',
    insecure: 'k',
    'request=': 'X',
    'data=': 'd',
    'data-raw=': '',
    'data-ascii=': '',
    'data-binary=': '',
    'json=': '',
    get: 'G',
    'header=': 'H',
    'user-agent=': 'A',
    'referer=': 'e',
    'cookie=': 'b',
    'user=': 'u',
    'max-time=': 'm',
    'connect-timeout=': '',
    'write-out=': 'w',
    'interface=': '',
    ipv4: '4',
    ipv6: '6',
    'range=': 'r',
    fail: 'f',
    include: 'i',
    'resolve=': '',
    'max-redirs=': '',
    'progress-bar': '#',
    globoff: 'g',
    'no-progress-meter': '',
    'http1.1': '',
    'http1.0': '0',
    version: 'V',
    'url=': '',
    'dump-header=': 'D',
    'no-buffer': 'N',
  },
  real: {
    'form=': 'F',
    'upload-file=': 'T',
    'proxy=': 'x',
    'cookie-jar=': 'c',
    'config=': 'K',
    'limit-rate=': '',
    'retry=': '',
    compressed: '',
    http2: '',
    http3: '',
    'cacert=': '',
    'cert=': 'E',
    'continue-at=': 'C',
    parallel: 'Z',
    'trace=': '',
    'trace-ascii=': '',
    'local-port=': '',
    'unix-socket=': '',
    'data-urlencode=': '',
    netrc: 'n',
    'proxy-user=': 'U',
    'telnet-option=': 't',
    'quote=': 'Q',
    'time-cond=': 'z',
    append: 'a',
    'remote-time': 'R',
    'ftp-port=': 'P',
    'speed-limit=': 'Y',
    'speed-time=': 'y',
    manual: 'M',
    'list-only': 'l',
    'junk-session-cookies': 'j',
    disable: 'q',
    'use-ascii': 'B',
    proxytunnel: 'p',
    tlsv1: '1',
    sslv2: '2',
    sslv3: '3',
    next: ':',
  },
}
const AGENT = 'curl/8.5.0'
const TRY = "curl: try 'curl --help' or 'curl --manual' for more information\n"

type Plan = {
  readonly given: readonly Given[]
  readonly io: Io
  readonly quiet: boolean
  readonly tells: boolean
  readonly verbose: boolean
}

function* runCurl(args: readonly string[], io: Io): Run {
  const parsed = getopt(args, TABLE)
  if (!parsed.ok) {
    const { option, fault } = parsed
    if (fault === 'real') io.err(`curl: option ${option} is real, but not simulated here yet\n`)
    else if (fault === 'no-value') io.err(`curl: option ${option}: requires parameter\n${TRY}`)
    else io.err(`curl: option ${option}: is unknown\n`)
    return 2
  }
  const { given, operands } = parsed
  if (has(given, 'version')) {
    io.out('curl 8.5.0 (x86_64-pc-linux-gnu) libcurl/8.5.0\nProtocols: http\n')
    return 0
  }
  const urls = [...allOf(given, 'url'), ...operands]
  if (urls.length === 0) {
    io.err(`curl: (2) no URL specified\n${TRY}`)
    return 2
  }
  const quiet = has(given, 'silent')
  const plan: Plan = { given, io, quiet, tells: !quiet || has(given, 'show-error'), verbose: has(given, 'verbose') }
  for (const name of ['max-time', 'connect-timeout']) {
    const value = lastOf(given, name)
    if (value !== undefined && !/^\d+(\.\d+)?$/.test(value)) {
      io.err(`curl: option ${name === 'max-time' ? '-m' : `--${name}`}: expected a proper numerical parameter\n${TRY}`)
      return 2
    }
  }
  let status = 0
  for (const [at, url] of urls.entries()) {
    const output = allOf(given, 'output')[at] ?? (has(given, 'remote-name') ? nameOf(url) : undefined)
    const one = yield* fetchOne(plan, url, output)
    if (one === INTERRUPTED) return one
    if (one !== 0) status = one
  }
  return status
}

const nameOf = (url: string): string => (url.split(/[?#]/)[0] as string).split('/').at(-1) ?? ''

function* fetchOne(plan: Plan, text: string, output: string | undefined): Run {
  const { given, io, tells } = plan
  const fail = (code: number, message: string): number => {
    if (tells) io.err(`curl: (${code}) ${message}\n`)
    return code
  }
  let url = parseUrl(text)
  if (url === undefined) return fail(3, 'URL using bad/illegal format or missing URL')
  if (output === '') return fail(23, 'Remote file name has no length')
  const data = dataOf(given, io)
  if (typeof data === 'object') return fail(26, data.fault)
  if (data !== undefined && has(given, 'get'))
    url = { ...url, target: `${url.target}${url.target.includes('?') ? '&' : '?'}${data}` }
  let method =
    lastOf(given, 'request') ?? (has(given, 'head') ? 'HEAD' : data !== undefined && !has(given, 'get') ? 'POST' : 'GET')
  let body = has(given, 'get') ? undefined : data
  const sink = new Sink(io, output, plan)
  const most = Number(lastOf(given, 'max-redirs') ?? 50)
  let redirects = 0
  for (;;) {
    if (url.scheme === 'https') return fail(1, 'Protocol "https" not supported: TLS is real, but not simulated here yet')
    if (url.scheme !== 'http') return fail(1, `Protocol "${url.scheme}" not supported`)
    const ask = askOf(plan, url, method, body, sink)
    if (typeof ask === 'string') return fail(45, ask)
    const told: Told = yield* exchange(io, ask, listeners(plan, url, sink))
    if (told.kind === 'interrupted') return INTERRUPTED
    const problem = problemOf(told, url, given)
    if (problem !== undefined) {
      if (plan.verbose) io.err(`* ${problem[1]}\n* Closing connection\n`)
      sink.close(told)
      writeOut(plan, told, url, method, redirects, problem[0])
      return fail(...problem)
    }
    if (plan.verbose) io.err(`* Connection #${redirects} to host ${url.host} left intact\n`)
    const location = headerOf(told, 'location')
    const next: HttpUrl | undefined =
      has(given, 'location') && told.status >= 300 && told.status < 400 && location !== '' ? resolveUrl(url, location) : undefined
    if (next !== undefined) {
      if (++redirects > most) return fail(47, `Maximum (${most}) redirects followed`)
      if (plan.verbose) io.err(`* Issue another request to this URL: '${urlText(next)}'\n`)
      sink.again()
      if ([301, 302, 303].includes(told.status) && lastOf(given, 'request') === undefined && method === 'POST') {
        method = 'GET'
        body = undefined
      }
      url = next
      continue
    }
    const written = sink.close(told)
    writeOut(plan, told, url, method, redirects, 0)
    if (!written) return fail(23, 'Failure writing output to destination')
    if (has(given, 'fail') && told.status >= 400) return fail(22, `The requested URL returned error: ${told.status}`)
    return 0
  }
}

/** What is sent, joined as curl joins several; undefined: nothing. */
function dataOf(given: readonly Given[], io: Io): string | undefined | { readonly fault: string } {
  const parts: string[] = []
  for (const { name, value } of given) {
    if (!['data', 'data-raw', 'data-ascii', 'data-binary', 'json'].includes(name)) continue
    if (value.startsWith('@') && name !== 'data-raw') {
      const file = openFile(io, value.slice(1))
      if ('fault' in file) return { fault: `Failed to open ${value.slice(1)}` }
      parts.push(name === 'data-binary' || name === 'json' ? file.text : file.text.replace(/[\r\n]/g, ''))
    } else parts.push(value)
  }
  return parts.length === 0 ? undefined : parts.join(has(given, 'json') ? '' : '&')
}

function askOf(
  { given, io }: Plan,
  url: HttpUrl,
  method: string,
  body: string | undefined,
  { counts, onlyPrints }: Sink,
): Ask | string {
  const custom = allOf(given, 'header').map((line) => {
    const cut = line.search(/[:;]/)
    return cut < 0
      ? ([line, undefined] as const)
      : ([line.slice(0, cut), line.charAt(cut) === ';' ? '' : line.slice(cut + 1).trim() || undefined] as const)
  })
  const headers: [string, string][] = []
  const put = (name: string, value: string): void => {
    const own = custom.find(([key]) => key.toLowerCase() === name.toLowerCase())
    if (own === undefined) headers.push([name, value])
    else if (own[1] !== undefined) headers.push([own[0], own[1]])
  }
  put('Host', hostHeader(url))
  const user = lastOf(given, 'user') ?? url.user
  if (user !== '') put('Authorization', `Basic ${base64(user.includes(':') ? user : `${user}:`)}`)
  const range = lastOf(given, 'range')
  if (range !== undefined) put('Range', `bytes=${range}`)
  put('User-Agent', lastOf(given, 'user-agent') ?? AGENT)
  put('Accept', has(given, 'json') ? 'application/json' : '*/*')
  const referer = lastOf(given, 'referer')
  if (referer !== undefined) put('Referer', referer)
  const cookie = lastOf(given, 'cookie')
  if (cookie?.includes('=')) put('Cookie', cookie)
  if (body !== undefined) {
    put('Content-Length', String(body.length))
    put('Content-Type', has(given, 'json') ? 'application/json' : 'application/x-www-form-urlencoded')
  }
  for (const [name, value] of custom)
    if (value !== undefined && !headers.some(([key]) => key.toLowerCase() === name.toLowerCase())) headers.push([name, value])
  const seconds = (name: string): number | undefined => {
    const value = lastOf(given, name)
    return value === undefined ? undefined : Math.round(Number(value) * 1000) || undefined
  }
  const bound = lastOf(given, 'interface')
  const source =
    bound === undefined ? undefined : firstAddress(interfaceNamed(io, bound)) || (/^[\d.]+$|:/.test(bound) ? bound : '')
  if (source === '') return `Couldn't bind to interface '${bound}'`
  const connectTo = allOf(given, 'resolve')
    .map((entry) => /^([^:]+):(\d+):(.+)$/.exec(entry))
    .find((parts) => parts?.[1] === url.host && Number(parts[2]) === url.port)?.[3]
  const connectTimeoutMs = seconds('connect-timeout')
  const timeoutMs = seconds('max-time')
  return {
    url,
    method,
    headers,
    wantsBody: !counts,
    onlyPrints,
    ...(body === undefined ? {} : { body }),
    ...(connectTo === undefined ? {} : { connectTo }),
    ...(has(given, 'ipv6') ? { family: 6 as const } : has(given, 'ipv4') ? { family: 4 as const } : {}),
    ...(source === undefined ? {} : { source }),
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
function base64(text: string): string {
  let out = ''
  for (let i = 0; i < text.length; i += 3) {
    const [a = 0, b = 0, c = 0] = [0, 1, 2].map((k) => text.charCodeAt(i + k) || 0)
    const word = (a << 16) | (b << 8) | c
    out += ALPHABET.charAt(word >> 18) + ALPHABET.charAt((word >> 12) & 63)
    out += i + 1 < text.length ? ALPHABET.charAt((word >> 6) & 63) : '='
    out += i + 2 < text.length ? ALPHABET.charAt(word & 63) : '='
  }
  return out
}

function listeners({ io, verbose, given }: Plan, url: HttpUrl, sink: Sink): Parameters<typeof exchange>[2] {
  const marked = (mark: string, head: string): string =>
    head
      .replace(/\r\n/g, '\n')
      .replace(/\n+$/, '\n')
      .replace(/^(?=.)/gm, `${mark} `)
  return {
    resolved: (address) => {
      if (verbose) io.err(`*   Trying ${address.includes(':') ? `[${address}]` : address}:${url.port}...\n`)
    },
    connected: (address) => {
      if (verbose) io.err(`* Connected to ${url.host} (${address}) port ${url.port}\n`)
    },
    sent: (head) => {
      if (verbose) io.err(`${marked('>', head)}> \n`)
    },
    head: (head, status) => {
      sink.muted = has(given, 'fail') && status >= 400
      if (verbose) io.err(`${marked('<', head)}< \n`)
      if (has(given, 'head') || has(given, 'include')) sink.put(head)
    },
    ...(sink.counts ? {} : { data: (octets: string) => sink.put(octets) }),
  }
}

function problemOf(told: Told, url: HttpUrl, given: readonly Given[]): [number, string] | undefined {
  const ms = Math.floor(told.endedAt / 1000)
  switch (told.kind) {
    case 'ok':
    case 'interrupted':
      return undefined
    case 'unresolved':
      return [6, `Could not resolve host: ${url.host}`]
    case 'timeout': {
      const limit = lastOf(given, 'connect-timeout') ?? lastOf(given, 'max-time')
      return limit === undefined
        ? [28, `Failed to connect to ${url.host} port ${url.port} after ${ms} ms: Couldn't connect to server`]
        : [28, `Connection timed out after ${ms} milliseconds`]
    }
    case 'refused':
    case 'unreachable':
    case 'no-route':
      return [7, `Failed to connect to ${url.host} port ${url.port} after ${ms} ms: Couldn't connect to server`]
    case 'error':
      if (told.reason === 'empty') return [52, 'Empty reply from server']
      if (told.reason === 'reset') return [56, 'Recv failure: Connection reset by peer']
      if (told.reason === 'timeout') {
        const length = headerOf(told, 'content-length')
        return [
          28,
          `Operation timed out after ${ms} milliseconds with ${told.received} ${length === '' ? 'bytes' : `out of ${length} bytes`} received`,
        ]
      }
      if (told.reason === 'partial')
        return [18, `transfer closed with ${Number(headerOf(told, 'content-length')) - told.received} bytes remaining to read`]
      return told.status === 0 ? [1, 'Received HTTP/0.9 when not allowed'] : [56, 'chunk hex-length char not a hex digit']
    default:
      told.kind satisfies never
      return undefined
  }
}

/** Where the body goes. */
class Sink {
  /** Nobody looks at the body: its octets are counted, not told. */
  readonly counts: boolean
  /** The body goes straight to standard output. */
  readonly onlyPrints: boolean
  /** What an error says of itself is not wanted. */
  muted = false
  private text = ''
  private readonly io: Io
  private readonly output: string | undefined
  private readonly plan: Plan

  constructor(io: Io, output: string | undefined, plan: Plan) {
    this.io = io
    this.output = output === '-' ? undefined : output
    this.plan = plan
    this.counts = this.output === '/dev/null'
    this.onlyPrints = this.output === undefined
  }

  put(octets: string): void {
    if (this.muted) return
    if (this.output === undefined) this.io.out(shown(octets))
    else this.text += octets
  }

  /** A redirect's own body is thrown away when it went into a file. */
  again(): void {
    this.text = ''
  }

  /** False when the file could not be written. */
  close(told: Told): boolean {
    const { io, plan } = this
    const meter = (this.output !== undefined || !io.terminal) && !plan.quiet && !has(plan.given, 'no-progress-meter')
    if (meter && told.connected) io.err(progress(told))
    if (this.output === undefined || this.counts || told.status === 0) return true
    return io.kernel.writeFile(absolute(this.output, io.session.cwd), this.text).ok
  }
}

/** The last line of the meter; what came in between nobody sees here. */
function progress(told: Told): string {
  const size = short(Number(headerOf(told, 'content-length')) || told.received)
  const seconds = told.endedAt / 1_000_000
  const speed = short(seconds > 0 ? Math.round(told.received / Math.max(seconds, 0.001)) : told.received)
  const spent = seconds >= 1 ? clock(Math.floor(seconds)) : '--:--:--'
  return (
    '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n' +
    '                                 Dload  Upload   Total   Spent    Left  Speed\n' +
    `100 ${size.padStart(5)}  100 ${short(told.received).padStart(5)}    0     0  ${speed.padStart(5)}      0 ${spent} ${spent} --:--:-- ${speed.padStart(5)}\n`
  )
}

const clock = (seconds: number): string =>
  [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0')))
    .join(':')

/** curl's five characters for a number: 99999, 123k, 10.0M. */
function short(value: number): string {
  if (value < 100_000) return String(Math.round(value))
  if (value < 10_000 * 1024) return `${Math.floor(value / 1024)}k`
  if (value < 100 * 1_048_576) return `${(value / 1_048_576).toFixed(1)}M`
  return `${Math.floor(value / 1_048_576)}M`
}

function writeOut({ given, io }: Plan, told: Told, url: HttpUrl, method: string, redirects: number, code: number): void {
  const format = lastOf(given, 'write-out')
  if (format === undefined) return
  const time = (micros: number): string => (micros / 1_000_000).toFixed(6)
  const seconds = Math.max(told.endedAt / 1_000_000, 0.000001)
  const values: { readonly [name: string]: string } = {
    http_code: String(told.status).padStart(3, '0'),
    response_code: String(told.status).padStart(3, '0'),
    time_total: time(told.endedAt),
    time_namelookup: time(told.resolvedAt),
    time_connect: time(told.connectedAt),
    time_appconnect: time(0),
    time_pretransfer: time(told.connectedAt),
    time_starttransfer: time(told.firstAt),
    time_redirect: time(0),
    size_download: String(told.received),
    size_upload: '0',
    speed_download: String(Math.round(told.received / seconds)),
    speed_upload: '0',
    remote_ip: told.connected ? told.address : '',
    remote_port: told.connected ? String(url.port) : '0',
    local_ip: told.local,
    local_port: String(told.localPort),
    url_effective: urlText(url),
    url: urlText(url),
    content_type: headerOf(told, 'content-type'),
    num_redirects: String(redirects),
    num_connects: told.connected ? String(redirects + 1) : '0',
    num_headers: String(told.headers.length),
    redirect_url: headerOf(told, 'location') === '' ? '' : urlText(resolveUrl(url, headerOf(told, 'location')) ?? url),
    http_version: told.status === 0 ? '0' : '1.1',
    scheme: 'HTTP',
    method,
    exitcode: String(code),
  }
  const text = format.replace(/%\{([a-z_]+)\}|%%|\\n|\\t|\\r/g, (whole, name: string | undefined) => {
    if (name !== undefined) return values[name] ?? ''
    return { '%%': '%', '\\n': '\n', '\\t': '\t', '\\r': '\r' }[whole] ?? whole
  })
  io.out(text)
}
