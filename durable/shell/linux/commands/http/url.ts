export type HttpUrl = {
  readonly scheme: string
  readonly user: string
  /** Without brackets. */
  readonly host: string
  readonly port: number
  readonly explicitPort: boolean
  /** Path and query, as it goes into the request line. */
  readonly target: string
}

const PORTS: { readonly [scheme: string]: number } = { http: 80, https: 443, ftp: 21, file: 0 }

/** A URL, or what a person types instead of one; undefined when it is none. */
export function parseUrl(text: string): HttpUrl | undefined {
  const parts =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:([^/?#@]*)@)?(\[[0-9a-f:.%a-z]+\]|[^:/?#[\]\s]*)(?::(\d{0,5}))?([/?][^#]*)?(?:#.*)?$/i.exec(
      text,
    )
  if (parts === null) return undefined
  const [, scheme = 'http', user = '', host = '', port = '', rest = ''] = parts
  if (host === '' || /[^\x21-\x7e]/.test(text)) return undefined
  const lower = scheme.toLowerCase()
  if (Number(port) > 65_535) return undefined
  return {
    scheme: lower,
    user,
    host: host.replace(/^\[|\]$/g, ''),
    port: port === '' ? (PORTS[lower] ?? 0) : Number(port),
    explicitPort: port !== '' && Number(port) !== PORTS[lower],
    target: rest === '' ? '/' : rest.startsWith('?') ? `/${rest}` : rest,
  }
}

export const hostText = ({ host }: HttpUrl): string => (host.includes(':') ? `[${host}]` : host)
export const hostHeader = (url: HttpUrl): string => `${hostText(url)}${url.explicitPort ? `:${url.port}` : ''}`
export const urlText = (url: HttpUrl): string => `${url.scheme}://${hostHeader(url)}${url.target}`

/** Where a Location leads from here. */
export function resolveUrl(from: HttpUrl, location: string): HttpUrl | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) return parseUrl(location)
  if (location.startsWith('//')) return parseUrl(`${from.scheme}:${location}`)
  if (location.startsWith('/')) return { ...from, target: location }
  const path = (from.target.split('?')[0] as string).replace(/[^/]*$/, '')
  return { ...from, target: `${path}${location}` }
}
