import { existsSync, mkdirSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const candidates = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
export const chromiumPath = candidates.find((path) => path !== undefined && path !== '' && existsSync(path))

export const missingChromium =
  chromiumPath === undefined ? 'skipped: no Chromium here (apt-get install chromium, or name one in CHROMIUM)' : undefined
if (missingChromium !== undefined) console.warn(`browser tests ${missingChromium}`)

const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: chromiumPath, args })

/** One person's browser at the size that the console is designed for. What goes wrong in its pages is collected. */
export async function openContext(browser: Browser, colorScheme: 'light' | 'dark' = 'light') {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme })
  const faults: string[] = []
  context.on('weberror', (error) => faults.push(`error: ${error.error().message}`))
  context.on('console', (message) => {
    const ours = message.type() === 'error' && !/401|404|net::ERR_|WebSocket/.test(message.text())
    if (ours) faults.push(`console: ${message.text()}`)
  })
  return { context, faults }
}

export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync('test-results/screenshots', { recursive: true })
  await page.screenshot({ path: `test-results/screenshots/${name}.png` })
}
