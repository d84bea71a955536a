// Pages over HTTP, as Windows PowerShell 5.1 fetches them.

import type { Json } from '../../../engine/sim/json.ts'
import { parseUrl, resolveUrl } from '../../linux/commands/http/url.ts'
import { resolvePath } from '../../windows/path.ts'
import type { Gen } from '../../windows/program.ts'
import { numberOf, type ProgramEvent, textOf, watch } from '../../windows/program.ts'
import { type Bound, type Call, type Cmdlet, cmdlet, type Fault } from '../cmdlet.ts'
import { object, type PsValue } from '../values/value.ts'
import { fromJson } from './convert-from-json.ts'

const AGENT = 'Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.26100.1'
const MOST_REDIRECTS = 50
const SUPPORTS = [
  'Uri',
  'UseBasicParsing',
  'Method',
  'Body',
  'Headers',
  'OutFile',
  'TimeoutSec',
  'MaximumRedirection',
  'UserAgent',
  'PassThru',
]
const SIGNATURE =
  'Uri!:Uri@0 UseBasicParsing? Method:WebRequestMethod=Default|Get|Head|Post|Put|Delete|Trace|Options|Merge|Patch Body:Object<n ' +
  'Headers:IDictionary OutFile TimeoutSec:Int32 MaximumRedirection:Int32 UserAgent PassThru? ContentType Credential:PSCredential ' +
  'DisableKeepAlive? InFile Proxy:Uri SessionVariable(SV) WebSession:WebRequestSession TransferEncoding UseDefaultCredentials? Certificate:X509Certificate'

type Answer = { status: number; reason: string; head: string; headers: readonly (readonly [string, string])[]; body: string }

const CATEGORY = 'InvalidOperation'
const refused = (name: string, message: string): Fault => ({
  message,
  category: CATEGORY,
  target: 'System.Net.HttpWebRequest:HttpWebRequest',
  exception: 'WebException',
  id: `WebCmdletWebResponseException,Microsoft.PowerShell.Commands.${name.replace('-', '')}Command`,
})

/** One request, and where it leads; undefined when an error has been told. */
function* fetched(call: Call, bound: Bound, name: string): Gen<Answer | undefined> {
  const given = bound.text('Uri') ?? ''
  let url = parseUrl(given)
  let method = (bound.text('Method') ?? 'Get').toUpperCase().replace('DEFAULT', 'GET')
  for (let hops = 0; ; hops++) {
    if (url === undefined) return call.fail(refused(name, `Invalid URI: The hostname could not be parsed.`))
    if (url.scheme === 'https') return call.fail(refused(name, 'https: TLS is real, but it is not simulated here yet. Use http.'))
    if (url.scheme !== 'http') return call.fail(refused(name, 'The URI prefix is not recognized.'))
    const headers: [string, string][] = [
      ['User-Agent', bound.text('UserAgent') ?? AGENT],
      ['Host', url.explicitPort ? `${url.host}:${url.port}` : url.host],
    ]
    const body = bound.text('Body')
    if (body !== undefined && method !== 'GET')
      headers.push(['Content-Type', 'application/x-www-form-urlencoded'], ['Content-Length', String(body.length)])
    const seconds = bound.number('TimeoutSec') ?? 0
    const args = {
      ...{ host: url.host, port: url.port, method, target: url.target, headers, output: 'events' },
      ...(body !== undefined && method !== 'GET' ? { body } : {}),
      ...(seconds > 0 ? { timeoutMs: seconds * 1000 } : {}),
    } as unknown as Json
    const answer: Answer = { status: 0, reason: '', head: '', headers: [], body: '' }
    let fault = ''
    const host = url.host
    yield* watch(call.kernel, 'http', args, function* (event: ProgramEvent) {
      yield* []
      switch (event.kind) {
        case 'headers':
          answer.status = numberOf(event.status)
          answer.head = textOf(event.head)
          answer.headers = Array.isArray(event.headers) ? (event.headers as [string, string][]) : []
          break
        case 'data':
          answer.body += textOf(event.octets)
          break
        case 'unresolved':
          fault = `The remote name could not be resolved: '${host}'`
          break
        case 'refused':
        case 'unreachable':
        case 'no-route':
          fault = 'Unable to connect to the remote server'
          break
        case 'timeout':
          fault = seconds > 0 ? 'The operation has timed out.' : 'Unable to connect to the remote server'
          break
        case 'reset':
          fault = 'The underlying connection was closed: An unexpected error occurred on a receive.'
          break
        case 'error':
          fault =
            textOf(event.reason) === 'timeout'
              ? 'The operation has timed out.'
              : 'The underlying connection was closed: The connection was closed unexpectedly.'
      }
    })
    if (fault !== '') return call.fail(refused(name, fault))
    answer.reason = /^HTTP\/\S+ \d+ ?([^\r\n]*)/.exec(answer.head)?.[1] ?? ''
    const location = answer.headers.find(([key]) => key.toLowerCase() === 'location')?.[1]
    if (
      answer.status >= 300 &&
      answer.status < 400 &&
      location !== undefined &&
      hops < (bound.number('MaximumRedirection') ?? MOST_REDIRECTS)
    ) {
      url = resolveUrl(url, location)
      if (method === 'POST') method = 'GET'
      continue
    }
    if (answer.status >= 400)
      return call.fail(refused(name, `The remote server returned an error: (${answer.status}) ${answer.reason}.`))
    return answer
  }
}

/** What says that it is JSON and is not, stays text. */
function parsed(body: string): PsValue {
  try {
    return fromJson(body)
  } catch {
    return body
  }
}

/** False when it was not written to a file. */
function saved(call: Call, bound: Bound, answer: Answer): boolean {
  const file = bound.text('OutFile')
  if (file === undefined) return false
  const done = call.kernel.writeFile(resolvePath(call.frame.session.cwd, file, call.kernel.identity().user), answer.body)
  if (!done.ok)
    call.fail({
      message: `Access to the path '${file}' is denied.`,
      category: 'NotSpecified',
      target: '',
      exception: 'UnauthorizedAccessException',
      id: 'System.UnauthorizedAccessException',
    })
  return true
}

const web = (name: string, synopsis: string, shown: (answer: Answer) => PsValue): Cmdlet =>
  cmdlet(
    { name, module: 'Microsoft.PowerShell.Utility', synopsis, supports: SUPPORTS, signature: SIGNATURE },
    function* (call, bound) {
      const answer = yield* fetched(call, bound, name)
      if (answer !== undefined && (!saved(call, bound, answer) || bound.flag('PassThru'))) yield* call.emit(shown(answer))
    },
  )

export const invokeWebRequest = web('Invoke-WebRequest', 'Gets content from a web page on the network.', (answer) =>
  object('Microsoft.PowerShell.Commands.BasicHtmlWebResponseObject', {
    StatusCode: answer.status,
    StatusDescription: answer.reason,
    Content: answer.body,
    RawContent: `${answer.head.replace(/\r\n/g, '\n').trimEnd()}\n\n${answer.body}`,
    Headers: { kind: 'hash', entries: new Map<string, PsValue>(answer.headers), ordered: false },
    RawContentLength: answer.body.length,
  }),
)

export const invokeRestMethod = web(
  'Invoke-RestMethod',
  'Sends an HTTP or HTTPS request to a RESTful web service.',
  ({ headers, body }) => {
    const type = headers.find(([key]) => key.toLowerCase() === 'content-type')?.[1] ?? ''
    return type.includes('json') ? parsed(body) : body
  },
)
