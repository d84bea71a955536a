import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { openContext } from './browser.ts'

/** Somebody in front of a browser, and what they do with the console. */
export class PersonAtPage {
  readonly page: Page
  /** Errors that the page reported. */
  readonly faults: readonly string[]

  private constructor(page: Page, faults: readonly string[]) {
    this.page = page
    this.faults = faults
  }

  static async open(browser: Browser, colorScheme: 'light' | 'dark' = 'light'): Promise<PersonAtPage> {
    const { context, faults } = await openContext(browser, colorScheme)
    return new PersonAtPage(await context.newPage(), faults)
  }

  async startLab(title: RegExp): Promise<string> {
    await this.page.getByRole('button', { name: title }).click()
    await this.page.waitForURL(/\/labs\/./)
    await this.ready()
    return this.page.url()
  }

  async ready(): Promise<void> {
    await this.page.locator('.terminal-host .xterm-rows').first().waitFor({ timeout: 30_000 })
    await this.page.locator('.node').first().waitFor()
  }

  async openTerminal(name: string): Promise<void> {
    await this.page.getByRole('tab', { name: new RegExp(`^${name}`, 'i') }).click()
    await this.page.locator('.terminal-host:not([hidden]) .xterm-rows').waitFor()
  }

  /** The visible text of the terminal that is in front. */
  async text(): Promise<string> {
    const rows = await this.page.locator('.terminal-host:not([hidden]) .xterm-rows > div').allInnerTexts()
    return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd()).join('\n')
  }

  async type(line: string): Promise<void> {
    await this.page.locator('.terminal-host:not([hidden]) textarea').focus()
    await this.page.keyboard.type(line)
  }

  async run(line: string, shows: RegExp): Promise<void> {
    await this.type(line)
    await this.page.keyboard.press('Enter')
    await this.sees(shows)
  }

  async sees(what: RegExp): Promise<void> {
    await expect.poll(() => this.text(), { timeout: 20_000 }).toMatch(what)
  }

  packetCount = (): Promise<string> => this.page.locator('.packet-count').innerText()
}
