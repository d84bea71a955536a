// One assignment, and everybody who has to do with it: a student answers, pays for a hint, checks, starts again, hands in; an
// assistant helps and grades; an observer looks on and changes nothing; an owner sees what was done.
import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingChromium, openBrowser, shoot } from './browser.ts'
import { PersonAtPage } from './person.ts'
import { type DemoServer, startDemo } from './real-server.ts'
import { assign, enrol, makeCourse, openLab, toArea } from './teaching.ts'

const tasks = `
checks:
  - id: length
    title: Prefix length of the guest
    points: 4
    check: answer
    question: Which prefix length does the address of ubuntu-1 have?
    value: { machine: ubuntu-1, of: adapter, field: prefix-length }
    hints:
      - { text: The guest shows it behind its address., cost: 0 }
      - { text: Type ip address in the guest., cost: 1 }
  - id: fault
    title: What is wrong here
    points: 2
    check: names-fault
    fault: nothing
    attempts: 2
    choices: [{ id: cable, text: A cable is out }, { id: nothing, text: Nothing is wrong }]
  - { id: lease, title: The guest has a lease, points: 2, check: has-lease, machine: ubuntu-1, subnet: default-switch }
  - { id: reaches, title: The guest reaches the server, points: 2, check: reaches, machine: ubuntu-1, target: 198.51.100.9 }
  - { id: typed, title: Somebody looked, check: command-used, machine: ubuntu-1, pattern: ip address }
`
const yaml = readFileSync('durable/definition/fixtures/two-rooms.yaml', 'utf8').replace(/\nchecks:[\s\S]*$/, `\n${tasks}`)

describe.skipIf(missingChromium !== undefined)('everybody who has to do with an assignment', () => {
  let server: DemoServer
  let browser: Browser
  let tess: PersonAtPage
  let sam: PersonAtPage
  let amy: PersonAtPage
  let otto: PersonAtPage

  beforeAll(async () => {
    server = await startDemo()
    browser = await openBrowser()
    tess = await PersonAtPage.open(browser)
    sam = await PersonAtPage.open(browser)
    amy = await PersonAtPage.open(browser, 'dark')
    otto = await PersonAtPage.open(browser)
    await amy.page.setViewportSize({ width: 1440, height: 900 })
    for (const one of [tess, sam, amy, otto]) one.page.setDefaultTimeout(15_000)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  const areas = (page: Page) => page.getByRole('navigation', { name: 'Areas' }).getByRole('link').allInnerTexts()
  const buttons = (page: Page) => page.getByRole('main').getByRole('button').allInnerTexts()

  test('a teacher takes them into a course, gives one more time for all of it, and assigns a lab of their own', async () => {
    const { page } = tess
    await page.goto(server.signIn('teacher'))
    await makeCourse(page, 'Networks 1')
    await enrol(page, /^Sam Student/, 'Student')
    await enrol(page, /^Ines Student/, 'Student')
    await enrol(page, /^Amy Assistant/, 'Student')
    await page.getByLabel('Part of Amy Assistant').selectOption({ label: 'Assistant' })
    await page.getByText('Amy Assistant is changed').waitFor()
    await enrol(page, /^Otto Observer/, 'Observer')
    await page.getByRole('button', { name: 'Extra time for Ines Student' }).click()
    const time = page.getByRole('dialog', { name: 'Extra time for Ines Student' })
    await time.getByLabel('Hours').fill('1.5')
    await time.getByRole('button', { name: 'Save' }).click()
    await page
      .getByRole('row', { name: /^Ines Student/ })
      .getByText('2 hours')
      .waitFor()
    await assign(page, { lab: { yaml }, title: 'Two rooms' })
    await page.getByRole('row', { name: /^Ines Student/ }).waitFor()
  })

  test('a student answers with the keyboard, in any way of writing', async () => {
    const { page } = sam
    await page.goto(server.signIn('student'))
    await openLab(page, 'Two rooms')
    await sam.ready()
    const length = page.getByRole('article', { name: 'Prefix length of the guest' })
    await length.getByLabel('Which prefix length does the address of ubuntu-1 have?').focus()
    await page.keyboard.type('255.255.240.0')
    await page.keyboard.press('Enter')
    await length.getByText('255.255.240.0').waitFor()
    const fault = page.getByRole('article', { name: 'What is wrong here' })
    await fault.getByLabel('A cable is out').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await fault.getByText('1 of 2 answers used').waitFor()
    expect(await fault.getByRole('status').innerText()).toContain('Nothing is wrong')
    await shoot(page, 'tasks-answered')
  })

  test('reads a hint that is free, and is asked before one that costs', async () => {
    const { page } = sam
    const length = page.getByRole('article', { name: 'Prefix length of the guest' })
    await length.getByRole('button', { name: 'Hint 1 of 2, free' }).click()
    await length.getByText('The guest shows it behind its address.').waitFor()
    await length.getByRole('button', { name: 'Hint 2 of 2, costs 1 point' }).click()
    const dialog = page.getByRole('dialog', { name: 'Read hint 2 of 2?' })
    await shoot(page, 'tasks-hint')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await length.getByText('Type ip address').count()).toBe(0)
    await length.getByRole('button', { name: 'Hint 2 of 2, costs 1 point' }).press('Enter')
    await dialog.getByRole('button', { name: 'Read it' }).press('Enter')
    await length.getByText('Type ip address in the guest.').waitFor()
  })

  test('checks, and sees points, what hints cost, and what shows it', async () => {
    const { page } = sam
    await sam.openTerminal('ubuntu-1')
    await sam.run('ip address', /inet /)
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    const results = page.getByRole('region', { name: 'Results of the check' })
    const one = (title: string) => results.getByRole('listitem').filter({ hasText: title }).first()
    await one('Prefix length of the guest').getByText('3 of 4 points, 2 hints for 1').waitFor()
    expect(await one('What is wrong here').innerText()).toContain('2 of 2 points')
    await shoot(page, 'tasks-checked')
    await one('The guest reaches the server').getByText('Tried in a copy of the lab').press('Enter')
    expect(await one('The guest reaches the server').innerText()).toMatch(/ICMP: .*reply/)
    await one('The guest has a lease').getByRole('button', { name: 'Table interfaces of ubuntu-1' }).press('Enter')
    const table = page.getByRole('dialog', { name: 'interfaces of ubuntu-1, as it is now' })
    expect(await table.locator('tr[aria-current]').innerText()).toContain('eth0')
    await shoot(page, 'tasks-table')
    await page.keyboard.press('Escape')
    await one('Somebody looked')
      .getByRole('button', { name: /Show line \d/ })
      .press('Enter')
    await page.getByText('Read hint 2 of length').waitFor()
    await shoot(page, 'tasks-line')
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 900, height: 760 })
    await shoot(page, 'tasks-dark')
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  test('starts again, changes their mind, and hands in what was there before', async () => {
    const { page } = sam
    await page.getByRole('link', { name: 'Assignment', exact: true }).click()
    await page.getByRole('button', { name: 'Start again' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Go to the start' }).click()
    await page.locator('.toast', { hasText: 'Your lab is at the start' }).waitFor()
    await page.getByRole('button', { name: 'Back to my lab from before' }).click()
    await page.locator('.toast', { hasText: 'You have your lab from before again' }).waitFor()
    await page.getByRole('button', { name: 'Continue in the lab' }).click()
    await sam.ready()
    await page.getByRole('article', { name: 'Prefix length of the guest' }).getByText('255.255.240.0').waitFor()
    await page.getByRole('button', { name: 'Hand in' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Hand in' }).click()
    await page.locator('.toast', { hasText: 'handed in' }).waitFor()
    await toLabsHome(page)
    await toArea(page, 'Grades')
    await page.getByRole('link', { name: /^Two rooms/ }).click()
    await page.getByRole('heading', { name: 'Prefix length of the guest' }).waitFor({ timeout: 20_000 })
    await page.locator('.remarks').first().getByRole('button', { name: 'Ask to look again' }).click()
    await page.getByRole('textbox').fill('I knew it without the hint.')
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await page.getByText('waits for an answer').waitFor()
  })

  test('an assistant of the course helps in the lab of a student', async () => {
    const { page } = amy
    await page.goto(server.signIn('assistant'))
    await page.getByRole('heading', { name: 'Start a lab' }).waitFor()
    expect(await areas(page)).toEqual(['Labs', 'Courses', 'Grades'])
    await toArea(page, 'Courses')
    await page.getByText('You assist').waitFor()
    await page.getByRole('link', { name: /^Networks 1/ }).click()
    await page.getByRole('row', { name: /^Sam Student/ }).waitFor()
    expect(await page.getByRole('button', { name: 'New assignment' }).count()).toBe(0)
    await shoot(page, 'roles-assistant-course')
    await page.getByRole('link', { name: /^Two rooms/ }).click()
    await page
      .getByRole('row', { name: /^Sam Student/ })
      .getByText('in time')
      .waitFor()
    expect(await page.getByRole('link', { name: 'Edit' }).count()).toBe(0)
    await page.getByRole('button', { name: 'More time for Ines Student' }).waitFor()
    await shoot(page, 'roles-assistant-class')
    await page.getByRole('link', { name: 'Open the lab of Sam Student' }).click()
    await amy.ready()
    await amy.openTerminal('ubuntu-1')
    await amy.run('echo look here', /\nlook here/)
    await page.getByRole('link', { name: 'Class and assignment' }).click()
  })

  test('grades what was handed in, answers, and grades the class again', async () => {
    const { page } = amy
    await page.getByRole('main').getByRole('link', { name: 'Grades', exact: true }).click()
    await page.getByRole('region', { name: '1 request to look again' }).getByRole('link').click()
    await page.getByRole('button', { name: 'Answer' }).click()
    await page.getByRole('radio', { name: 'Refuse' }).check()
    await page.getByLabel('Reason').fill('A hint that was read was read.')
    await page.getByRole('button', { name: 'Refuse', exact: true }).click()
    await page.getByText('A hint that was read was read.').waitFor()
    await page.getByRole('button', { name: 'Change the points' }).first().click()
    await page.getByLabel(/^Points, of/).fill('3.5')
    await page.getByLabel('Reason').fill('Well explained.')
    await page.getByRole('button', { name: 'Give these points' }).click()
    await page.getByText(/given by Amy Assistant: Well explained\./).waitFor()
    await page.getByRole('navigation', { name: 'Where this is' }).getByRole('link', { name: 'Two rooms' }).click()
    await page.getByRole('button', { name: 'Grade again' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByLabel('Correct the rubric').count()).toBe(0)
    await dialog.getByLabel('Reason').fill('To be sure')
    await dialog.getByRole('button', { name: 'Grade again' }).click()
    await page.getByText('ended: 1 of 1 done').waitFor({ timeout: 30_000 })
    await page.getByText('Nothing: every check gave what it gave before.').waitFor()
  })

  test('an observer of the course sees the class, a lab and the grades, and changes nothing', async () => {
    const { page } = otto
    await page.goto(server.signIn('observer'))
    await toArea(page, 'Courses')
    await page.getByText('You observe').waitFor()
    await page.getByRole('link', { name: /^Networks 1/ }).click()
    await page.getByRole('link', { name: /^Two rooms/ }).click()
    await page
      .getByRole('row', { name: /^Sam Student/ })
      .getByText('in time')
      .waitFor()
    expect(await buttons(page)).toEqual(['Look again'])
    await shoot(page, 'roles-observer-class')
    await page.getByRole('link', { name: 'Open the lab of Sam Student' }).click()
    await otto.ready()
    await otto.openTerminal('ubuntu-1')
    await page.locator('.owner-bar').getByText('You only watch.').waitFor()
    await otto.sees(/\nlook here/)
    await otto.type('nonsense')
    expect(await otto.text()).not.toMatch(/nonsense/)
    for (const name of ['Reset', 'Check', 'Event', 'Power off ubuntu-1', 'Answer again', /^Hint/])
      expect(await page.getByRole('button', { name }).count(), String(name)).toBe(0)
    await shoot(page, 'roles-observer-lab')
    await page.getByRole('link', { name: 'Class and assignment' }).click()
    await page.getByRole('main').getByRole('link', { name: 'Grades', exact: true }).click()
    await page.getByRole('link', { name: 'Sam Student' }).waitFor()
    expect(await buttons(page)).toEqual([])
    await shoot(page, 'roles-observer-grades')
    await page.getByRole('link', { name: 'Sam Student' }).click()
    await page.getByText(/given by Amy Assistant: Well explained\./).waitFor()
    for (const name of ['Change the points', 'Comment', 'Ask to look again', 'Grade again'])
      expect(await page.getByRole('button', { name }).count(), name).toBe(0)
    await page.getByRole('link', { name: 'Open the submitted lab' }).click()
    await otto.ready()
    await page.getByText('Handed in: read-only').waitFor()
  })

  test('an owner reads who did what', async () => {
    const { page } = await PersonAtPage.open(browser, 'dark')
    await page.goto(server.signIn('owner'))
    await toArea(page, 'Organisation')
    await page.getByRole('navigation', { name: 'Organisation' }).getByRole('link', { name: 'Audit log' }).click()
    await page
      .getByRole('row', { name: /Amy Assistant/ })
      .first()
      .waitFor()
    await shoot(page, 'roles-owner-audit')
  })

  test('the pages reported no errors', () => expect([...tess.faults, ...sam.faults, ...amy.faults, ...otto.faults]).toEqual([]))
})

const toLabsHome = (page: Page) => page.getByRole('link', { name: 'Switchroom, your labs' }).click()
