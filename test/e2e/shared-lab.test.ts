import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingChromium, openBrowser, shoot } from './browser.ts'
import { PersonAtPage } from './person.ts'
import { type DemoServer, startDemo } from './real-server.ts'

describe.skipIf(missingChromium !== undefined)('two students in one lab', () => {
  let server: DemoServer
  let browser: Browser
  let sam: PersonAtPage
  let ines: PersonAtPage

  beforeAll(async () => {
    server = await startDemo()
    browser = await openBrowser()
    sam = await PersonAtPage.open(browser)
    ines = await PersonAtPage.open(browser, 'dark')
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  test('the second comes by the link, through the sign-in page', async () => {
    await sam.page.goto(server.signIn('student', 0))
    const link = await sam.startLab(/^Start .*What the Default Switch does/)
    await ines.page.goto(link)
    await ines.page.getByText('This lab was shared with you.').waitFor()
    await ines.page.goto(server.signIn('student', 1))
    await ines.ready()
    expect(ines.page.url()).toBe(link)
  })

  test('each sees the name of the other', async () => {
    await sam.page.locator('.presence').getByText('Ines Student').waitFor()
    await ines.page.locator('.presence').getByText('Sam Student').waitFor()
  })

  test('one types at a time, and the other sees the unfinished line', async () => {
    await sam.openTerminal('ubuntu1')
    await ines.openTerminal('ubuntu1')
    await sam.type('echo one at a time')
    await ines.sees(/\$ echo one at a time/)
    await ines.page.getByText('Sam Student is typing').waitFor()
    await ines.type('nonsense')
    await shoot(ines.page, 'shared-typing')
    expect(await ines.text()).not.toMatch(/nonsense/)
    await sam.page.keyboard.press('Enter')
    await sam.sees(/\none at a time/)
    await ines.sees(/\none at a time/)
    await expect.poll(() => ines.page.getByText('Sam Student is typing').count()).toBe(0)
  })

  test('the other asks for the terminal and is given it', async () => {
    await ines.page.getByText('Sam Student has this terminal').waitFor()
    await ines.page.getByRole('button', { name: 'Ask for it' }).click()
    await sam.page.getByRole('button', { name: 'Give it to Ines Student' }).click()
    await ines.page.getByText('You have this terminal.').waitFor()
  })

  test('then the other types, and both have the same text and the same packets', async () => {
    await ines.run('ping -c 1 www.example.com', /1 packets transmitted, 1 received/)
    await sam.sees(/1 packets transmitted, 1 received/)
    await expect.poll(async () => (await sam.text()).trim() === (await ines.text()).trim()).toBe(true)
    await expect.poll(async () => (await sam.packetCount()) === (await ines.packetCount())).toBe(true)
    expect(Number(await sam.packetCount())).toBeGreaterThan(0)
    await shoot(sam.page, 'shared-sam')
    await shoot(ines.page, 'shared-ines')
  })

  test('who loads the page again has everything again', async () => {
    const before = [(await sam.text()).trim(), await sam.packetCount()]
    await sam.page.reload()
    await sam.ready()
    await sam.openTerminal('ubuntu1')
    await expect.poll(async () => [(await sam.text()).trim(), await sam.packetCount()]).toEqual(before)
  })

  test('the pages reported no errors', () => expect([...sam.faults, ...ines.faults]).toEqual([]))
})
