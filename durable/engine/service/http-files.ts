// The files of a machine as a web server finds them.
import { hashText } from '../sim/random.ts'
import { octetsOf } from '../wire/bytes.ts'
import { type Body, type Resource, textBody, typeOf } from './http-content.ts'

export type Files = {
  read(path: string): string | undefined
  list(path: string): readonly { readonly name: string; readonly directory: boolean }[] | undefined
}

/** A file under `root`, the index of a directory, or with `lists` a page that names what is in it. */
export function fileResource(files: Files, root: string, path: string, lists: boolean): Resource | undefined {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  // Nothing above the root is ever served.
  if (parts.includes('..')) return undefined
  const full = `${root === '/' ? '' : root}/${parts.join('/')}`.replace(/\/$/, '') || '/'
  const text = full === '/' ? undefined : files.read(full)
  if (text !== undefined) return bodyOf(full, text)
  const index = files.read(`${full === '/' ? '' : full}/index.html`)
  if (index !== undefined) return bodyOf('index.html', index)
  const entries = files.list(full)
  if (!lists || (entries === undefined && parts.length > 0)) return undefined
  return textBody(listing(path, entries ?? []), 'text/html; charset=utf-8')
}

function bodyOf(name: string, text: string): Body {
  const type = /\.[a-z0-9]+$/i.test(name) ? typeOf(name) : 'application/octet-stream'
  if (type.startsWith('text/') || [...text].some((c) => c > '\xff')) return textBody(text, type)
  const bytes = octetsOf(text)
  const tag = `"${bytes.length.toString(16)}-${hashText(text).toString(16)}"`
  return { length: bytes.length, type, tag, octets: (from, count) => bytes.slice(from, from + count) }
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')

function listing(path: string, entries: readonly { readonly name: string; readonly directory: boolean }[]): string {
  const items = entries
    .map(({ name, directory }) => `${name}${directory ? '/' : ''}`)
    .map((name) => `<li><a href="${escaped(name)}">${escaped(name)}</a></li>\n`)
  return `<!DOCTYPE HTML>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Directory listing for ${escaped(path)}</title>\n</head>\n<body>\n<h1>Directory listing for ${escaped(path)}</h1>\n<hr>\n<ul>\n${items.join('')}</ul>\n<hr>\n</body>\n</html>\n`
}
