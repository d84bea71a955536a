// What docs/authoring.md says is what the product does: its steps, its texts and the names of its buttons.
import { readFileSync } from 'node:fs'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingChromium, openBrowser } from './browser.ts'
import { PersonAtPage } from './person.ts'
import { type DemoServer, startDemo } from './real-server.ts'

const text = readFileSync('docs/authoring.md', 'utf8')
const dedent = (block: string) => block.replace(/^ {3}/gm, '').trimEnd()
const [title, slip, fault, right, task, script, played] = [...text.matchAll(/```\w*\n([\s\S]*?)```/g)].map(([, block = '']) =>
  dedent(block),
)
const told = new Set([...text.matchAll(/\*\*(.+?)\*\*/g)].map(([, name]) => name))

describe.skipIf(missingChromium !== undefined)('docs/authoring.md', () => {
  let server: DemoServer
  let browser: Browser
  let person: PersonAtPage
  let page: Page
  const used = new Set<string>()

  beforeAll(async () => {
    server = await startDemo()
    browser = await openBrowser()
    person = await PersonAtPage.open(browser)
    page = person.page
    page.setDefaultTimeout(15_000)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  const press = async (name: string, what: Locator) => {
    used.add(name)
    await what.click()
  }
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const line = (has: string) => page.locator('.cm-line').filter({ hasText: has }).first()
  const toEnd = async (has: string) => {
    await line(has).click()
    await page.keyboard.press('End')
  }
  const fine = () => page.getByText('Nothing is wrong').waitFor()

  test('walks', async () => {
    await page.goto(server.signIn('teacher'))
    await press('Authoring', page.getByRole('link', { name: 'Authoring' }))
    const entry = page.getByRole('listitem').filter({ hasText: 'A DHCP server for an internal network' })
    await press('Duplicate', entry.getByRole('button', { name: /^Duplicate/ }))
    await fine()

    await toEnd('title: Copy of')
    await page.keyboard.press('Shift+Home')
    await page.keyboard.type(title)
    await toEnd('client: { os:')
    await page.keyboard.press('Enter')
    await page.keyboard.type(slip)
    const shown = page.getByRole('region', { name: 'Faults' }).getByRole('button', { name: /machines\.spare\.oss/ })
    await shown.waitFor()
    expect(await shown.innerText()).toBe(fault)
    await toEnd('spare:')
    await page.keyboard.press('Shift+Home')
    await page.keyboard.type(right)
    await page.keyboard.press('Escape')
    await fine()

    await press('Brief', page.getByRole('tab', { name: 'Brief' }))
    await page.getByRole('textbox', { name: 'Brief, Markdown' }).press('Control+End')
    await page.keyboard.type(`\n${task}`)
    await page.getByRole('region', { name: 'Preview of the brief' }).getByText(task.replace(/^7\. /, '')).waitFor()

    await press('Solution', page.getByRole('tab', { name: 'Solution' }))
    await press('Add a solution', button('Add a solution'))
    await page.getByRole('textbox', { name: 'Solution solution' }).press('Control+End')
    await page.keyboard.insertText(script)
    await fine()
    await press('Play it', button('Play it'))
    await page.getByText(played, { exact: true }).waitFor({ timeout: 30_000 })

    await press('Try it', button('Try it'))
    await person.ready()
    await page.getByText(task.replace(/^7\. /, '')).waitFor()
    await press('Check', button('Check'))
    await page.getByText('of 5 passed').waitFor()
    await press('Back to the editor', button('Back to the editor'))

    await fine()
    await press('Publish', button('Publish'))
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click()
    await page.getByText('Published, version 1').waitFor()
    await press('Versions', button('Versions'))
    await page.getByRole('dialog').getByText('Version 1').waitFor()

    expect([...used].sort()).toEqual([...told].sort())
    expect(person.faults).toEqual([])
  })
})
