import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingChromium, openBrowser, shoot } from './browser.ts'
import { PersonAtPage } from './person.ts'
import { type DemoServer, startDemo } from './real-server.ts'

describe.skipIf(missingChromium !== undefined)('variants of an assignment', () => {
  let server: DemoServer
  let browser: Browser
  let tess: PersonAtPage

  beforeAll(async () => {
    server = await startDemo()
    browser = await openBrowser()
    tess = await PersonAtPage.open(browser)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  test('are solved when a teacher publishes it, and the page says how far that is', async () => {
    const { page } = tess
    await page.goto(server.signIn('teacher'))
    await page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: 'Courses' }).click()
    await page.getByLabel('Name of a new course').fill('Networks 2')
    await page.getByRole('button', { name: 'Make the course' }).click()
    await page.getByRole('button', { name: 'New assignment' }).click()
    const dialog = page.getByRole('dialog', { name: 'New assignment' })
    await dialog.locator('select').first().selectOption({ label: 'The VM has no network' })
    await dialog.getByRole('button', { name: 'Make a draft' }).click()
    await page.getByLabel('Variants').selectOption({ label: 'Each gets their own' })
    await page.getByRole('button', { name: 'Publish' }).click()
    const section = page.getByRole('region', { name: 'Variants' })
    await section.getByText(/^Proved [1-9]\d* of 1000: .* were tried so far\./).waitFor({ timeout: 30_000 })
    await section.scrollIntoViewIfNeeded()
    await shoot(page, 'variants-running')
    expect(await section.getByRole('listitem').count()).toBe(0)
    expect(tess.faults).toEqual([])
  })
})
