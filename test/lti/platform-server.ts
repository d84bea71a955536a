import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Launch } from './messages.ts'
import { Platform, type PlatformSettings } from './platform.ts'

type Item = { readonly title: string; readonly custom?: Record<string, string>; readonly column?: string }

const text = (raw: string) => raw.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`)
const formPage = (to: string, fields: Record<string, string>) => `<!doctype html><title>On the way</title>
<form method="post" action="${text(to)}">${Object.entries(fields)
  .map(([name, value]) => `<input type="hidden" name="${text(name)}" value="${text(value)}">`)
  .join('')}</form><script>document.forms[0].submit()</script>`

const coursePage = (user: string, items: readonly Item[], frame: string) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Economics as a Social Science</title>
<style>
  body { margin: 0; font: 15px/1.5 Georgia, serif; background: #f4f0e8; color: #222 }
  header { padding: 12px 24px; background: #37474f; color: #fff; font-size: 18px }
  nav { padding: 10px 24px } nav a { margin-right: 20px }
  iframe { display: block; width: calc(100% - 48px); height: 720px; margin: 0 24px; border: 1px solid #999; background: #fff }
</style>
<header>Example Platform · ECON 1010 · ${text(user)}</header>
<nav>${items.map(({ title }, at) => `<a href="/course?user=${user}&open=${at}">${text(title)}</a>`).join('')}
<a href="/course?user=${user}&add=1">Add an activity</a> <a href="/open?user=${user}&at=0" target="_blank">In a window</a></nav>
${frame === '' ? '' : `<iframe title="Switchroom" src="${text(frame)}" allow="clipboard-write"></iframe>`}</html>`

/** The tests' platform with pages that a person can look at, on a port of this computer. Reached as localhost: another site than the tool's. */
export class PlatformServer {
  readonly url: string
  readonly items: Item[] = []
  /** What the last deep link was asked for. */
  private asked = { returnUrl: '', data: '', acceptMultiple: false }
  platform: Platform | undefined
  readonly faults: string[] = []
  private readonly server: ReturnType<typeof createServer>

  private constructor(server: ReturnType<typeof createServer>) {
    this.server = server
    this.url = `http://localhost:${(server.address() as AddressInfo).port}`
  }

  static async start(): Promise<PlatformServer> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const made = new PlatformServer(server)
    server.on('request', (request, response) => void made.answer(request, response))
    return made
  }

  register(settings: Omit<PlatformSettings, 'url'>): Platform {
    this.platform = new Platform({ ...settings, url: this.url })
    return this.platform
  }

  stop = () => new Promise<void>((resolve) => void this.server.close(() => resolve()))

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk as Uint8Array)
    const body = Buffer.concat(chunks).toString()
    const url = new URL(request.url ?? '/', this.url)
    try {
      const page = await this.page(url, body)
      if (page !== undefined) {
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
        return
      }
    } catch (error) {
      this.faults.push((error as Error).message)
      response.writeHead(400, { 'content-type': 'text/plain' }).end((error as Error).message)
      return
    }
    const headers = Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []))
    const init = { method: request.method, headers: headers as [string, string][], ...(body !== '' && { body }) }
    const answer = await this.platform?.handle(new Request(url, init))
    response.writeHead(answer?.status ?? 404, Object.fromEntries(answer?.headers ?? [])).end(await answer?.text())
  }

  private async page(url: URL, body: string): Promise<string | undefined> {
    const { platform } = this
    const query = url.searchParams
    const user = query.get('user') ?? ''
    if (platform === undefined) return undefined
    if (url.pathname === '/course') {
      const frame = query.has('open') ? `/open?user=${user}&at=${query.get('open')}` : query.has('add') ? `/add?user=${user}` : ''
      return coursePage(user, this.items, frame)
    }
    if (url.pathname === '/open') {
      const item = this.items[Number(query.get('at'))]
      const link = { id: `link-${query.get('at')}`, title: item.title, custom: item.custom, lineItem: item.column }
      return formPage(platform.settings.tool.loginUrl, platform.begin(user, { kind: 'link', link }))
    }
    if (url.pathname === '/add') {
      this.asked = { returnUrl: `${this.url}/deep-link`, data: crypto.randomUUID(), acceptMultiple: false }
      const launch: Launch = { kind: 'deep-link', deepLinking: this.asked }
      return formPage(platform.settings.tool.loginUrl, platform.begin(user, launch))
    }
    if (url.pathname === '/auth') {
      const { to, fields } = platform.authorize(query)
      return formPage(to, fields)
    }
    if (url.pathname === '/deep-link') {
      const { items } = await platform.deepLinkAnswer(new URLSearchParams(body).get('JWT') ?? '', this.asked)
      for (const item of items) {
        const { title, custom, lineItem } = item as {
          title: string
          custom?: Record<string, string>
          lineItem?: Parameters<typeof platform.book.add>[0]
        }
        this.items.push({ title, custom, ...(lineItem !== undefined && { column: platform.book.add(lineItem).id }) })
      }
      return `<!doctype html><title>Added</title><p>Added to the course: ${items.length}</p>`
    }
    return undefined
  }
}
