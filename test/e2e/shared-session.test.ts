import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingChromium, openBrowser, shoot } from './browser.ts'
import { PersonAtPage } from './person.ts'
import { type DemoServer, startDemo } from './real-server.ts'

describe.skipIf(missingChromium !== undefined)('several people in one lab', () => {
  let server: DemoServer
  let browser: Browser
  let sam: PersonAtPage
  let ines: PersonAtPage
  let tess: PersonAtPage
  let otto: PersonAtPage
  /** Where the lab is. */
  let lab = ''

  beforeAll(async () => {
    server = await startDemo()
    browser = await openBrowser()
    sam = await PersonAtPage.open(browser)
    ines = await PersonAtPage.open(browser, 'dark')
    tess = await PersonAtPage.open(browser)
    otto = await PersonAtPage.open(browser, 'dark')
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  const bar = (person: PersonAtPage) => person.page.locator('.owner-bar')
  const button = (person: PersonAtPage, name: string | RegExp) => person.page.getByRole('button', { name })
  const forAnHour = (dialog: Locator) =>
    dialog.getByRole('combobox', { name: 'For', exact: true }).selectOption({ label: 'an hour' })
  /** Makes a link in the dialog; the link. */
  async function makeLink(person: PersonAtPage, what: string, more: (dialog: Locator) => Promise<unknown>) {
    await button(person, 'Share').click()
    const dialog = person.page.getByRole('dialog', { name: 'Share this lab' })
    await dialog.getByLabel('It lets them').selectOption({ label: what })
    await more(dialog)
    await dialog.getByRole('button', { name: 'Make the link' }).click()
    const link = await dialog.getByRole('textbox', { name: 'The link' }).inputValue()
    await shoot(person.page, `shared-dialog-${what.split(' ')[0].toLowerCase()}`)
    await dialog.getByRole('button', { name: 'Close' }).click()
    return link
  }

  test('whoever started a lab invites others, each with a part and an end', async () => {
    await sam.page.goto(server.signIn('student', 0))
    lab = await sam.startLab(/^Start .*What the Default Switch does/)
    const link = await makeLink(sam, 'Work in this lab', async (dialog) => {
      await forAnHour(dialog)
      await dialog.getByLabel('Note').fill('for Ines')
    })
    await ines.page.goto(link)
    await ines.page.getByText('This lab was shared with you.').waitFor()
    await ines.page.goto(server.signIn('student', 1))
    await ines.ready()
    expect(ines.page.url()).toBe(lab)
    await ines.page.getByText(/^Invited until/).waitFor()

    const toWatch = await makeLink(sam, 'Watch this lab', forAnHour)
    await otto.page.goto(server.signIn('observer'))
    await otto.page.goto(toWatch)
    await otto.ready()
    expect(otto.page.url()).toBe(lab)
  })

  test('one types, the other asks for the terminal and gets it', async () => {
    for (const person of [sam, ines, otto]) await person.openTerminal('ubuntu1')
    await bar(ines).getByText('Free: type, and it is yours.').waitFor()
    await sam.run('echo first line', /\nfirst line/)
    await bar(ines).getByText('Sam Student has this terminal').waitFor()
    await ines.type('not mine')
    expect(await ines.text()).not.toMatch(/not mine/)
    await button(ines, 'Ask for it').click()
    await bar(ines)
      .getByText(/You asked\. Sam Student has \d+ s to answer/)
      .waitFor()
    await bar(sam).getByText('Ines Student asks for it').waitFor()
    await shoot(sam.page, 'shared-asked')
    await shoot(ines.page, 'shared-asking')
    await button(sam, 'Give it to Ines Student').click()
    await bar(ines).getByText('You have this terminal.').waitFor()
    await ines.run('echo second line', /\nsecond line/)
    await sam.sees(/\nsecond line/)
  })

  test('an observer sees everything and types nothing', async () => {
    await otto.sees(/\nsecond line/)
    await bar(otto).getByText('You only watch.').waitFor()
    await otto.type('nonsense')
    await otto.page.keyboard.press('Enter')
    expect(await otto.text()).not.toMatch(/nonsense/)
    expect(await bar(otto).getByRole('button').count()).toBe(0)
    await shoot(otto.page, 'shared-observer')
  })

  test('a teacher takes over, and everybody is told', async () => {
    await tess.page.goto(server.signIn('teacher'))
    await tess.page.getByRole('heading', { name: 'Your labs' }).waitFor()
    await tess.page.goto(lab)
    await tess.ready()
    await tess.openTerminal('ubuntu1')
    await button(tess, 'Take over').click()
    await bar(tess).getByText('You have this terminal.').waitFor()
    await ines.page.getByText('Tess Teacher took over the terminal ubuntu1.').waitFor()
    await sam.page.getByText('Tess Teacher took over the terminal ubuntu1 from Ines Student.').waitFor()
    await ines.type('mine again')
    expect(await ines.text()).not.toMatch(/mine again/)
    await tess.run('echo third line', /\nthird line/)
    await shoot(ines.page, 'shared-taken-over')
    await button(tess, 'Let go').click()
    await bar(ines).getByText('Free: type, and it is yours.').waitFor()
  })

  test('they talk beside the lab, in plain text, and what is rude is removed', async () => {
    await button(sam, 'Chat').click()
    await sam.page.getByLabel('Message', { exact: true }).fill('<b>look</b> at line 2')
    await sam.page.keyboard.press('Enter')
    const unread = ines.page.getByRole('button', { name: 'Chat, 1 unread' })
    await unread.focus()
    await ines.page.keyboard.press('Enter')
    await ines.page.getByRole('log', { name: 'Messages' }).getByText('<b>look</b> at line 2').waitFor()
    await ines.page.keyboard.type('I see it')
    await ines.page.keyboard.press('Enter')
    await sam.page.getByRole('log').getByText('I see it').waitFor()
    await shoot(ines.page, 'shared-chat')
    await sam.page.setViewportSize({ width: 820, height: 900 })
    await shoot(sam.page, 'shared-chat-narrow')
    await sam.page.setViewportSize({ width: 1280, height: 800 })
    await button(tess, /^Chat/).click()
    await button(tess, 'Remove the message of Sam Student').click()
    await ines.page.getByText('Removed by Tess Teacher.').waitFor()
    expect(await ines.page.getByText('<b>look</b>').count()).toBe(0)
    await otto.page.getByRole('button', { name: /^Chat/ }).click()
    await otto.page.getByText('You may read along here.').waitFor()
    await sam.page.getByLabel('Message', { exact: true }).press('Escape')
    await expect.poll(() => sam.page.getByRole('complementary', { name: 'Chat' }).count()).toBe(0)
    await sam.page.locator('.chat-button:focus').waitFor()
  })

  test('somebody only watches by choice, and works again', async () => {
    await button(sam, 'Only watch').click()
    await bar(sam).getByText('You only watch.').waitFor()
    await ines.page.locator('.presence').getByText('only watches').waitFor()
    await sam.type('nothing')
    expect(await sam.text()).not.toMatch(/nothing/)
    await button(sam, 'Stop only watching').click()
    await sam.run('echo fourth line', /\nfourth line/)
  })

  test('a link shows the lab as it was, and another goes on from there', async () => {
    const after = async (dialog: Locator) => dialog.getByLabel(/^After line/).fill('1')
    const read = await makeLink(sam, 'See it as it was', after)
    const fork = await makeLink(sam, 'Start a copy from a moment', after)
    await ines.page.goto(read)
    await ines.page.getByText('This is the lab as it was').waitFor()
    await ines.ready()
    await ines.openTerminal('ubuntu1')
    await ines.sees(/\nfirst line/)
    expect(await ines.text()).not.toMatch(/second line/)
    await shoot(ines.page, 'shared-moment')
    await ines.page.goto(fork)
    await ines.ready()
    await ines.openTerminal('ubuntu1')
    await ines.run('echo my own way', /\nmy own way/)
    expect(await sam.text()).not.toMatch(/my own way/)

    // The timeline gives the address of a moment to those who are here anyway.
    await button(sam, 'Timeline').click()
    await sam.page.locator('.timeline-line', { hasText: 'echo second line' }).getByRole('button').first().click()
    await button(sam, 'Copy link to this moment').waitFor()
    await shoot(sam.page, 'shared-timeline')
    const line = (await sam.page.locator('.timeline-line.chosen .number').innerText()).trim().split(' ').at(-1)
    await tess.page.goto(`${lab}?at=${line}`)
    await tess.page.getByText(`after line ${line}`).first().waitFor()
    await tess.ready()
    await tess.openTerminal('ubuntu1')
    await tess.sees(/\nsecond line/)
    expect(await tess.text()).not.toMatch(/third line/)
    await button(tess, 'Go to the lab').click()
    await tess.page.waitForURL(lab)
  })

  test('who came by a link leaves with it: when it is ended, and when its time is over', async () => {
    await ines.page.goto(lab)
    await ines.ready()
    await button(sam, 'Share').click()
    await sam.page.getByRole('button', { name: /^End the link: Work in this lab for Ines/ }).click()
    await ines.page.getByText('This lab cannot be opened').waitFor()
    await shoot(sam.page, 'shared-links')
    await sam.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()

    // Nobody can make a link for some seconds on the page: this one is made shorter.
    const link = await makeLink(sam, 'Watch this lab', forAnHour)
    const overAt = Date.now() + 8_000
    const newest = '(select id from lab_link order by created_at desc limit 1)'
    const database = await server.database()
    await database.prepare(`update lab_link set expires_at = ? where id = ${newest}`).bind(overAt).run()
    await ines.page.goto(link)
    await ines.ready()
    await ines.page.getByText('This lab cannot be opened').waitFor({ timeout: 30_000 })
    expect(Date.now()).toBeGreaterThanOrEqual(overAt)
    await ines.page.goto(link)
    await ines.page.getByRole('heading', { name: 'This link does not open anything' }).waitFor()
    await shoot(ines.page, 'shared-over')
    await bar(otto).getByText('You only watch.').waitFor()
  })

  test('the pages reported no errors', () => expect([...sam.faults, ...ines.faults, ...tess.faults, ...otto.faults]).toEqual([]))
})
