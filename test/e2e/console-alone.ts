import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { openBrowser, openContext } from './browser.ts'
import { buildConsole } from './built-console.ts'
import { type CannedOptions, serveCanned } from './mock/canned-service.ts'
import { serveStatic } from './mock/static-server.ts'

/** The console by itself, against answers from memory, for the tests of one `describe`. Answers what opens a page of it. */
export function consoleAlone() {
  let browser: Browser | undefined
  let site: { readonly url: string; close(): void } | undefined

  beforeAll(async () => {
    await buildConsole()
    site = await serveStatic('dist/web')
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    site?.close()
  })

  return async (
    path: string,
    options: CannedOptions = {},
    colorScheme: 'light' | 'dark' = 'light',
    /** What else is to be answered otherwise, before the page asks. */
    prepare: (context: BrowserContext) => Promise<unknown> = async () => {},
  ) => {
    if (!browser || !site) throw new Error('no browser yet')
    const { context, faults } = await openContext(browser, colorScheme)
    const { sockets, sent } = await serveCanned(context, options)
    await prepare(context)
    const page = await context.newPage()
    await page.goto(site.url + path)
    return { page, faults, sockets, sent }
  }
}
