import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingChromium, openBrowser, shoot } from './browser.ts'
import { PersonAtPage } from './person.ts'
import { type DemoServer, startDemo } from './real-server.ts'

const TITLE = 'Copy of A DHCP server for an internal network'

/** All but the last step of the lab's own solution, with a slip in it. */
const SOLUTION = [
  'pc> New-VMSwitch Inside -SwitchType Internal',
  'pc> (Get-VMNetworkAdapter -VMName server)[1] | Connect-VMNetworkAdapter -SwitchName Inside',
  'pc> Connect-VMNetworkAdapter -VMName client -SwitchName Inside',
  'server> sudo ip addr add 10.9.0.1/24 dev eth1',
  'server> sudo ip link set eth1 up',
  'server> sudo dnsmasq --interface=eth1 --dhcp-range=10.9.0.50,10.9.0.99,12h --dhcp-option=3,10.9.0.1',
  'client> sudo dhclient -v eth0',
  'cliend> ip route',
]

/** Puts the cursor at the end of the line that contains the text. */
async function toLine(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').getByText(text).first().click()
  await page.keyboard.press('End')
}

describe.skipIf(missingChromium !== undefined)('a teacher writes a lab', () => {
  let server: DemoServer
  let browser: Browser
  let tess: PersonAtPage
  let page: Page

  beforeAll(async () => {
    server = await startDemo()
    browser = await openBrowser()
    tess = await PersonAtPage.open(browser)
    page = tess.page
    page.setDefaultTimeout(10_000)
    await page.goto(server.signIn('teacher'))
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  const saved = () => page.locator('.save-status.saved').waitFor({ timeout: 15_000 })
  /** The number of the line that the cursor is in. */
  const lineNow = () => page.locator('.cm-lineNumbers .cm-activeLineGutter').innerText()
  const nothingWrong = () => page.getByRole('status').filter({ hasText: 'Nothing is wrong' }).waitFor()

  test('duplicates one of the catalogue', async () => {
    await page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: 'Authoring' }).click()
    await page.getByRole('heading', { name: 'Labs that you write' }).waitFor()
    await page.getByText('Nothing written yet').waitFor()
    await shoot(page, 'authoring-empty')
    await page.getByRole('button', { name: 'Duplicate A DHCP server for an internal network', exact: true }).click()
    await page.getByRole('heading', { name: TITLE, level: 1 }).waitFor()
    await page.locator('.cm-content').getByText(`title: ${TITLE}`).waitFor()
    await nothingWrong()
    expect(await page.getByRole('region', { name: 'What is in it' }).innerText()).toMatch(/5 checks, 9 points/)
    await shoot(page, 'authoring-editor')
  })

  test('makes an error and is shown line and field; the list leads to the line', async () => {
    await toLine(page, 'client: { os: ubuntu-24.04')
    await page.keyboard.press('Enter')
    await page.keyboard.type('spare: { oss: router }')
    const fault = page.getByRole('region', { name: 'Faults' }).getByRole('button', { name: /machines\.spare\.oss/ })
    await fault.waitFor()
    const line = await lineNow()
    expect(await fault.innerText()).toBe(`Definition, line ${line}\nmachines.spare.oss\nis not a known field`)
    expect(await page.getByRole('tab', { name: /Definition/ }).innerText()).toMatch(/2/)
    await page.locator('.cm-lint-marker-error').first().waitFor()
    await shoot(page, 'authoring-fault')
    await page.locator('.cm-content').press('Control+Home')
    await fault.press('Enter')
    await expect.poll(lineNow).toBe(line)
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('Definition, lab.yaml')
    // What is wrong can be saved; it cannot be published.
    await saved()
    expect(await page.getByRole('button', { name: 'Publish' }).count()).toBe(0)
  })

  test('corrects it, with what the editor offers', async () => {
    await page.keyboard.press('End')
    await page.keyboard.press('Shift+Home')
    await page.keyboard.type('spare: { o')
    await page.getByRole('option', { name: /^os/ }).click()
    await page.keyboard.press('Control+Space')
    const option = page.getByRole('option', { name: 'router', exact: true })
    await option.waitFor()
    await shoot(page, 'authoring-offers')
    await option.click()
    await page.keyboard.press('End')
    if (!(await page.locator('.cm-activeLine').innerText()).includes('}')) await page.keyboard.type(' }')
    await nothingWrong()
    await saved()
  })

  test('writes the brief and reads it as students do', async () => {
    await page.getByRole('tab', { name: /Brief/ }).click()
    const text = page.getByRole('textbox', { name: 'Brief, Markdown' })
    await text.press('Control+End')
    await page.keyboard.type('\n7. Written by **Tess**.')
    const preview = page.getByRole('region', { name: 'Preview of the brief' })
    await preview.getByText('Written by Tess.').waitFor()
    await saved()
    await shoot(page, 'authoring-brief')
  })

  test('tries it as a student, and comes back', async () => {
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.getByText('You are trying').waitFor({ timeout: 30_000 })
    await tess.ready()
    await page.getByText('Written by Tess.').waitFor()
    await tess.run('hostname', /LABHOST/)
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.getByText(/of 5 passed/).waitFor()
    await shoot(page, 'authoring-trial')
    await page.getByRole('button', { name: 'Back to the editor' }).click()
    await page.getByRole('heading', { name: TITLE, level: 1 }).waitFor()
  })

  test('writes a solution and plays it', async () => {
    await page.getByRole('tab', { name: /Solution/ }).click()
    await page.getByRole('button', { name: 'Add a solution' }).click()
    await page.getByRole('textbox', { name: 'Solution solution' }).press('Control+End')
    for (const line of SOLUTION) await page.keyboard.type(`${line}\n`)
    await page.getByRole('button', { name: /no terminal on cliend/ }).click()
    await expect.poll(lineNow).toBe('9')
    await page.keyboard.press('End')
    await page.keyboard.press('Shift+Home')
    await page.keyboard.type('client> ip route')
    await nothingWrong()
    await page.getByRole('button', { name: 'Play it' }).click()
    const report = page.getByRole('region', { name: 'Does it solve the lab' })
    await report.getByText(/points, seed 1/).waitFor({ timeout: 30_000 })
    expect(await report.innerText()).toContain('It does not solve the lab: 7 of 9 points, seed 1')
    await shoot(page, 'authoring-solution')
  })

  test('publishes it, changes it, publishes again, and sees the difference', async () => {
    await nothingWrong()
    await page.getByRole('button', { name: 'Publish', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: `Publish ${TITLE}` })
    await dialog.getByLabel('What is new, for your colleagues').fill('For Monday')
    await dialog.getByRole('button', { name: 'Publish' }).click()
    await page.getByText('Published, version 1').waitFor()
    await page.getByRole('tab', { name: /Definition/ }).click()
    await toLine(page, 'title: Copy of')
    await page.keyboard.type(', shorter')
    await page.getByRole('heading', { name: `${TITLE}, shorter` }).waitFor()
    await nothingWrong()
    await page.getByRole('button', { name: 'Publish', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click()
    await page.getByText('Published, version 2').waitFor()
    await page.getByRole('button', { name: 'Versions' }).click()
    const versions = page.getByRole('dialog', { name: /^Versions of/ })
    await versions.getByText('For Monday').waitFor()
    await versions.getByRole('button', { name: 'What changed from version 1 to 2' }).click()
    await versions.getByRole('row', { name: new RegExp(`added: title: ${TITLE}, shorter`) }).waitFor()
    await shoot(page, 'authoring-versions')
    await versions.getByRole('button', { name: 'Make version 1 the draft' }).click()
    await page.getByRole('heading', { name: TITLE, level: 1, exact: true }).waitFor()
    await page.locator('.cm-content').getByText(`title: ${TITLE}`, { exact: true }).waitFor()
  })

  test('makes an assignment of it', async () => {
    const editor = page.url()
    await page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: 'Courses' }).click()
    await page.getByLabel('Name of a new course').fill('Networks 12')
    await page.getByLabel('Name of a new course').press('Enter')
    await page.getByRole('heading', { name: 'Networks 12' }).first().waitFor()
    if ((await page.getByRole('button', { name: 'New assignment' }).count()) === 0)
      await page.getByRole('link', { name: 'Networks 12' }).click()
    await page.getByRole('button', { name: 'New assignment' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'New assignment' })
    await dialog.getByLabel('Lab').selectOption({ label: `${TITLE}, shorter, version 2` })
    await shoot(page, 'authoring-assignment')
    await dialog.getByRole('button', { name: 'Make a draft' }).click()
    await page.waitForURL(/\/assignments\/[^/]+\/edit$/)
    const [, id = ''] = /assignments\/([^/]+)\//.exec(page.url()) ?? []
    const made = (await (await page.request.get(`${server.url}/v1/assignments/${id}`)).json()) as {
      title: string
      definition: string
    }
    expect(made.title).toBe(`${TITLE}, shorter`)
    expect(made.definition).toContain(`title: ${TITLE}, shorter`)
    await page.goto(editor)
    await page.locator('.cm-content').waitFor()
  })

  test('loses nothing when the draft is changed elsewhere', async () => {
    const other = await page.context().newPage()
    await other.goto(page.url())
    await other.locator('.cm-content').waitFor()
    await toLine(other, 'title: Copy of')
    await other.keyboard.type(', there')
    await other.locator('.save-status.saved').waitFor({ timeout: 15_000 })
    await expect.poll(() => other.locator('.save-status').innerText()).toContain('Saved')
    await toLine(page, 'title: Copy of')
    await page.keyboard.type(', here')
    const notice = page.getByRole('alert').filter({ hasText: 'saved this draft' })
    await notice.waitFor({ timeout: 15_000 })
    await shoot(page, 'authoring-conflict')
    await notice.getByRole('button', { name: 'Keep mine as another lab' }).click()
    await page.getByText('Your text is a lab of its own now').waitFor()
    await page.getByRole('heading', { name: `${TITLE}, here`, level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Back to all labs that you write' }).click()
    await page.getByRole('link', { name: new RegExp(`^${TITLE}, there`) }).waitFor()
    await page.getByRole('link', { name: new RegExp(`^${TITLE}, here`) }).waitFor()
    await shoot(page, 'authoring-list')
    await other.close()
  })

  test('deletes the draft, and what was published is there all the same', async () => {
    await page.getByRole('button', { name: `Delete the draft of ${TITLE}, there` }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete the draft' }).click()
    await page.getByText(`The draft of ${TITLE}, there is deleted`).waitFor()
    await page.getByText('Deleted, with versions that are kept').click()
    await page
      .getByRole('list', { name: 'Deleted' })
      .getByRole('link', { name: new RegExp(`^${TITLE}, there`) })
      .click()
    await page.getByText('The draft was deleted.').waitFor()
    await page.getByRole('button', { name: 'Make version 2 the draft' }).click()
    await page.getByRole('heading', { name: `${TITLE}, shorter`, level: 1 }).waitFor()
  })

  test('on a narrow page and in the dark', async () => {
    await page.setViewportSize({ width: 800, height: 800 })
    await page.emulateMedia({ colorScheme: 'dark' })
    await nothingWrong()
    await shoot(page, 'authoring-narrow-dark')
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
    expect(overflow).toBeLessThanOrEqual(0)
    await page.setViewportSize({ width: 1280, height: 800 })
    await shoot(page, 'authoring-dark')
    // The browser notes the refusal of the conflict.
    expect(tess.faults.filter((fault) => !fault.includes('409 (Conflict)'))).toEqual([])
  })
})
