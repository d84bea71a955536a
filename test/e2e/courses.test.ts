import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingChromium, openBrowser, shoot } from './browser.ts'
import { PersonAtPage } from './person.ts'
import { type DemoServer, startDemo } from './real-server.ts'
import { assign, makeCourse, toArea } from './teaching.ts'

/** What browsers write into an input of date and time. */
const local = (at: number) => new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
const DAY = 86_400_000

describe.skipIf(missingChromium !== undefined)('a course from its making to what was handed in', () => {
  let server: DemoServer
  let browser: Browser
  let tess: PersonAtPage
  let sam: PersonAtPage
  let cleo: PersonAtPage
  let cleosLink = ''
  let code = ''

  beforeAll(async () => {
    server = await startDemo()
    browser = await openBrowser()
    tess = await PersonAtPage.open(browser)
    sam = await PersonAtPage.open(browser, 'dark')
    cleo = await PersonAtPage.open(browser)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  const toast = (page: Page, text: RegExp) => page.locator('.toast', { hasText: text }).first().waitFor()

  test('a teacher makes a course', async () => {
    const { page } = tess
    await page.goto(server.signIn('teacher'))
    await toArea(page, 'Courses')
    await page.getByRole('heading', { name: 'No courses yet' }).waitFor()
    await page.getByLabel('Name of a new course').fill('Networks 1')
    await page.getByRole('button', { name: 'Make the course' }).click()
    await page.getByRole('heading', { level: 1, name: 'Networks 1' }).waitFor()
    code = await page.locator('.join-code').innerText()
    expect(code).toMatch(/^[A-Z2-9]{8}$/)
  })

  test('and imports a class list, after a broken line was named', async () => {
    const { page } = tess
    await page.getByRole('button', { name: 'Import a class list' }).click()
    const dialog = page.getByRole('dialog', { name: 'Import a class list' })
    await dialog.getByLabel('Class list (CSV)').fill('name,email,group\nCleo Example,cleo,Red\nDan Example,dan@example.org,Red')
    await dialog.getByRole('button', { name: 'Look at it' }).click()
    await dialog.getByText('Line 2, column “email”:').waitFor()
    await shoot(page, 'courses-roster-broken')
    expect(await dialog.getByRole('button', { name: /^Import/ }).count()).toBe(0)
    await dialog
      .getByLabel('Class list (CSV)')
      .fill('name,email,group\nCleo Example,cleo@example.org,Red\nDan Example,dan@example.org,Red')
    await dialog.getByRole('button', { name: 'Look at it' }).click()
    await dialog.getByRole('button', { name: 'Import 2 people' }).click()
    const done = page.getByRole('dialog', { name: 'Class list imported' })
    cleosLink = await done.getByRole('row', { name: /Cleo/ }).locator('code').innerText()
    await shoot(page, 'courses-roster-done')
    await done.getByRole('button', { name: 'Done' }).click()
    await page
      .getByRole('row', { name: /Dan Example/ })
      .getByText('Red')
      .waitFor()
    const row = page.getByRole('row', { name: /Dan Example/ })
    await row.getByRole('button', { name: 'Extra time for Dan Example' }).click()
    const extra = page.getByRole('dialog', { name: 'Extra time for Dan Example' })
    await extra.getByLabel('Percent of the time').fill('25')
    await shoot(page, 'courses-extra-time')
    await extra.getByRole('button', { name: 'Save' }).click()
    await row.getByText('25 % of the time').waitFor()
    await shoot(page, 'courses-course')
  })

  test('and an assignment of a lab of the catalogue', async () => {
    const { page } = tess
    await page.getByRole('button', { name: 'New assignment' }).click()
    const dialog = page.getByRole('dialog', { name: 'New assignment' })
    await dialog.locator('select').first().selectOption({ label: 'What the Default Switch does' })
    await dialog.getByRole('button', { name: 'Make a draft' }).click()
    await page.getByRole('heading', { level: 1, name: /^Edit/ }).waitFor()
    await page.getByLabel(/^Title/).fill('Default Switch')
    await page.getByLabel(/^Due/).fill(local(Date.now() + 3 * DAY))
    await page.getByLabel(/^Closes/).fill(local(Date.now() + 2 * DAY))
    await page.getByLabel(/^Attempts/).fill('2')
    await page.getByRole('button', { name: 'Save and look it over' }).click()
    await page.getByText('It closes before it is due.').waitFor()
    await shoot(page, 'courses-editor-finding')
    await page.getByLabel(/^Closes/).fill(local(Date.now() + 10 * DAY))
    await page.getByLabel(/^Late: percent/).fill('10')
    await shoot(page, 'courses-editor')
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByRole('heading', { level: 1, name: 'Default Switch' }).waitFor()
    await page
      .getByRole('row', { name: /Cleo Example/ })
      .getByText('Not opened')
      .waitFor()
  })

  test('a student comes in by the code, opens it, and works', async () => {
    const { page } = sam
    await page.goto(server.signIn('student', 0))
    await toArea(page, 'Courses')
    await page.getByRole('heading', { name: 'Nothing to do' }).waitFor()
    await page.getByLabel('Code of a course').fill(code.toLowerCase())
    await page.getByRole('button', { name: 'Join the course' }).click()
    await page.getByRole('link', { name: /^Default Switch/ }).click()
    await page.getByText(/Due on .*, in 3 days\. Nothing is taken after/).waitFor()
    await page.getByText('Each day, or part of one, after it is due takes off 10 % of the points.').waitFor()
    await shoot(page, 'courses-assignment-student')
    await page.getByRole('button', { name: 'Open the lab' }).click()
    await sam.ready()
    await sam.openTerminal('ubuntu1')
    await sam.run('ping -c 1 www.example.com', /1 packets transmitted, 1 received/)
    await shoot(page, 'courses-lab-of-assignment')
  })

  test('hands it in from the lab, and goes on', async () => {
    const { page } = sam
    await page.getByRole('button', { name: 'Hand in' }).click()
    const asked = page.getByRole('dialog', { name: 'Hand in Default Switch?' })
    await asked.getByText('After this you can hand in 1 more time.').waitFor()
    await asked.getByRole('button', { name: 'Hand in' }).click()
    await toast(page, /handed in/)
    await sam.run('hostname', /ubuntu1/)
    await page.getByRole('link', { name: 'Assignment', exact: true }).click()
    await page.getByRole('heading', { name: 'Handed in' }).waitFor()
    await page.getByRole('row', { name: /in time/ }).waitFor()
    await shoot(page, 'courses-assignment-handed-in')
  })

  test('another comes by the link of the class list', async () => {
    const { page } = cleo
    await page.goto(cleosLink)
    await toArea(page, 'Courses')
    await page.getByRole('link', { name: /^Default Switch/ }).click()
    await page.getByRole('button', { name: 'Open the lab' }).click()
    await cleo.ready()
  })

  test('the teacher sees the class and opens a lab read-only, tries the assignment and keeps a stage', async () => {
    const { page } = tess
    await page.getByRole('button', { name: 'Look again' }).click()
    await page
      .getByRole('row', { name: /Sam Student/ })
      .getByText('in time')
      .waitFor()
    await shoot(page, 'courses-class-table')
    await page.getByRole('link', { name: 'Open the lab of Sam Student' }).click()
    await tess.ready()
    await page.getByText('The lab of Sam Student').waitFor()
    await tess.openTerminal('ubuntu1')
    await tess.sees(/1 packets transmitted, 1 received/)
    await shoot(page, 'courses-lab-of-student')
    await page.getByRole('link', { name: 'Class and assignment' }).click()
    await page.getByRole('button', { name: 'Try it as a student' }).click()
    await tess.ready()
    await tess.openTerminal('ubuntu1')
    await tess.run('touch half-way', /half-way/)
    await page.getByRole('button', { name: 'Keep as a stage' }).click()
    const dialog = page.getByRole('dialog', { name: 'Keep this state as a stage' })
    await dialog.getByLabel(/^Name/).fill('Half way')
    await dialog.getByRole('button', { name: 'Keep it' }).click()
    await toast(page, /stored/)
    await page.getByRole('link', { name: 'Class and assignment' }).click()
  })

  test('gives more time and a state to catch up', async () => {
    const { page } = tess
    await page.getByRole('button', { name: 'More time for Cleo Example' }).click()
    const time = page.getByRole('dialog', { name: 'More time for Cleo Example' })
    await time.getByRole('button', { name: 'One week more' }).click()
    await time.getByLabel(/^Reason/).fill('was ill')
    await shoot(page, 'courses-extension')
    await time.getByRole('button', { name: 'Give it' }).click()
    await page
      .getByRole('row', { name: /Cleo Example/ })
      .getByText('More time')
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Give a state to Cleo Example' }).click()
    await page.getByRole('dialog', { name: 'Give a state to Cleo Example' }).getByRole('button', { name: 'Give it' }).click()
    await page.getByText('Given to 1').waitFor()
    await shoot(page, 'courses-stages')
  })

  test('who has it goes on from there, and back', async () => {
    const { page } = cleo
    await page.getByRole('link', { name: 'Assignment', exact: true }).click()
    await page.getByText('was ill').waitFor()
    await page.getByRole('button', { name: /Half way/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Go to Half way' }).click()
    await toast(page, /Half way/)
    await page.getByRole('button', { name: 'Back to my lab from before' }).waitFor()
    await shoot(page, 'courses-assignment-stage')
    await page.getByRole('button', { name: 'Continue in the lab' }).click()
    await cleo.ready()
    await cleo.openTerminal('ubuntu1')
    await cleo.run('ls', /half-way/)
  })

  test('a group of two shares one lab', async () => {
    const { page } = tess
    await toArea(page, 'Courses')
    await page.getByRole('link', { name: /^Networks 1/ }).click()
    await page.getByRole('button', { name: 'New group' }).click()
    const group = page.getByRole('dialog', { name: 'New group' })
    await group.getByLabel('Name').fill('Green')
    await group.getByLabel(/Sam Student/).check()
    await group.getByLabel(/Cleo Example/).check()
    await shoot(page, 'courses-group')
    await group.getByRole('button', { name: 'Save the group' }).click()
    await page.getByText('Cleo Example, Sam Student').waitFor()
    await assign(page, { lab: 'What the Default Switch does', title: 'Together', forGroups: true })
    await page.getByRole('row', { name: /Green/ }).waitFor()
    const open = async (who: PersonAtPage) => {
      await who.page.getByRole('link', { name: 'Switchroom, your labs' }).click()
      await toArea(who.page, 'Courses')
      await who.page.getByRole('link', { name: /^Together/ }).click()
      await who.page.getByText('You share one lab with your group Green').waitFor()
      await who.page.getByRole('button', { name: /the lab$/ }).click()
      await who.ready()
      return who.page.url()
    }
    const [hers, his] = [await open(cleo), await open(sam)]
    expect(his).toBe(hers)
    await sam.page.locator('.presence').getByText('Cleo Example').waitFor()
    await shoot(sam.page, 'courses-group-lab')
  })

  test('and all of it fits a narrow screen', async () => {
    const { page } = tess
    await page.setViewportSize({ width: 420, height: 800 })
    await toArea(page, 'Courses')
    await page.getByRole('link', { name: /^Networks 1/ }).click()
    await page
      .getByRole('row', { name: /Sam Student/ })
      .first()
      .waitFor()
    const wide = () => page.evaluate('document.documentElement.scrollWidth > window.innerWidth')
    expect(await wide()).toBe(false)
    await shoot(page, 'courses-narrow')
  })

  test('variants of an assignment are solved when it is published, and the page says how far that is', async () => {
    const { page } = tess
    await page.setViewportSize({ width: 1280, height: 800 })
    await makeCourse(page, 'Networks 2')
    await assign(page, { lab: 'The VM has no network', variants: 'Each gets their own' })
    const section = page.getByRole('region', { name: 'Variants' })
    await section.getByText(/^Proved [1-9]\d* of 1000: .* were tried so far\./).waitFor({ timeout: 30_000 })
    await section.scrollIntoViewIfNeeded()
    await shoot(page, 'variants-running')
    expect(await section.getByRole('listitem').count()).toBe(0)
  })

  test('the text of a variant has a student’s own names and numbers as soon as the lab is open', async () => {
    await toArea(tess.page, 'Courses')
    await tess.page.getByRole('link', { name: /^Networks 1/ }).click()
    await assign(tess.page, { lab: 'Default Switch detective' })
    await tess.page.getByText('What stands between double braces is drawn for each student.').waitFor()
    const { page } = sam
    await page.getByRole('link', { name: 'Switchroom, your labs' }).click()
    await toArea(page, 'Courses')
    await page.getByRole('link', { name: /^Default Switch detective/ }).click()
    await page.getByText('Your own names and numbers stand here as soon as you have opened the lab.').waitFor()
    const text = page.getByRole('region', { name: 'What is to be done' })
    expect(await text.innerText()).toContain('(called … on')
    await page.getByRole('button', { name: 'Open the lab' }).click()
    await sam.ready()
    await page.getByRole('link', { name: 'Assignment', exact: true }).click()
    await expect.poll(() => text.innerText()).toMatch(/\(called [A-Z0-9-]+ on/)
    expect(await text.innerText()).not.toMatch(/\{\{|called …/)
    await shoot(page, 'courses-brief-of-variant')
  })

  test('the pages reported no errors', () => expect([...tess.faults, ...sam.faults, ...cleo.faults]).toEqual([]))
})
