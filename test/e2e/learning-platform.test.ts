import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LocalServer, startServer } from '../../scripts/local-server.ts'
import { newPlatformKey } from '../lti/platform-keys.ts'
import { PlatformServer } from '../lti/platform-server.ts'
import { missingChromium, openBrowser, openContext, shoot } from './browser.ts'
import { buildConsole } from './built-console.ts'
import { assign, makeCourse } from './teaching.ts'

const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership'
const members = [
  { id: 'jane', name: 'Ms Jane Marie Doe', roles: [`${membership}#Instructor`] },
  { id: 'ada', name: 'Ada Lovelace', email: 'ada@example.edu', roles: [`${membership}#Learner`] },
  { id: '0ae836b9-7fc9-4060-006f-27b2066ac545', roles: [`${membership}#Learner`] },
  { id: 'tom', name: 'Tom Assistant', roles: [`${membership}#Instructor`, `${membership}/Instructor#TeachingAssistant`] },
]
const settings = {
  issuer: 'https://platform.example.edu',
  clientId: '962fa4d8-bcbf-49a0-94b2-2de05ad274af',
  deploymentId: '07940580',
}

/** The page shows 127.0.0.1 in a page of localhost: two sites, so what browsers do with cookies of others counts. */
describe.skipIf(missingChromium !== undefined)('a school with a learning platform', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'switchroom-lti-'))
  let server: LocalServer
  let there: PlatformServer
  let browser: Browser
  const faults: string[] = []

  async function someone(colorScheme: 'light' | 'dark' = 'light'): Promise<{ context: BrowserContext; page: Page }> {
    const opened = await openContext(browser, colorScheme)
    opened.context.on('page', (page) => page.on('pageerror', (error) => faults.push(error.message)))
    return { context: opened.context, page: await opened.context.newPage() }
  }
  const signInAs = (role: string) => server.url + (server.demo?.signIn.find((one) => one.role === role)?.path ?? '')
  const inFrame = (page: Page): FrameLocator => page.frameLocator('iframe')

  beforeAll(async () => {
    await buildConsole()
    server = await startServer({ dataDir, demo: true, quiet: true })
    there = await PlatformServer.start()
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await there?.stop()
    await server?.dispose()
    rmSync(dataDir, { recursive: true, force: true })
  })

  test('an owner registers it, with what the page says, and tries it', async () => {
    const { page } = await someone()
    await page.goto(signInAs('owner'))
    await page.getByRole('link', { name: 'Platforms' }).click()
    await page.getByRole('heading', { name: 'Learning platforms' }).waitFor()
    const shown = async (label: string) =>
      (await page.locator('.lti-copy dt', { hasText: label }).locator('xpath=following-sibling::dd[1]').innerText()).trim()
    const tool = {
      loginUrl: await shown('Initiate login URL'),
      launchUrl: await shown('Launch URL'),
      jwksUrl: await shown('Public key set'),
    }
    there.register({ ...settings, tool, key: await newPlatformKey('p1'), members })

    await page.getByRole('button', { name: 'Add a platform' }).click()
    const form = page.getByRole('form', { name: 'Add a platform' })
    await form.getByLabel(/^Name/).fill('Moodle of the school')
    await form.getByLabel(/^Issuer/).fill(settings.issuer)
    await form.getByLabel(/^Client ID/).fill(settings.clientId)
    await form.getByLabel(/^Authentication request URL/).fill(`${there.url}/auth`)
    await form.getByLabel(/^Access token URL/).fill('https://10.0.0.1/token')
    await form.getByLabel(/^Key set/).fill(`${there.url}/jwks`)
    await form.getByLabel(/^Deployment IDs/).fill('another')
    await form.getByLabel(/^Pages that may show/).fill(there.url)
    await form.getByRole('button', { name: 'Register the platform' }).click()
    await form.getByRole('alert').getByText('not an address of the public Internet').waitFor()
    await shoot(page, 'lti-register-refused')
    await form.getByLabel(/^Access token URL/).fill(`${there.url}/token`)
    await form.getByRole('button', { name: 'Register the platform' }).click()
    const card = page.getByRole('article', { name: 'Moodle of the school' })
    await card.getByRole('button', { name: 'Test' }).click()
    await card.getByText('The key set can be read: 1 key.').waitFor()
    await card.getByText('The platform accepts our signature').waitFor()
    await shoot(page, 'lti-platforms')
  })

  test('a launch from an unknown deployment says which id the owner has to add, and then works', async () => {
    const { page } = await someone()
    await page.goto(`${there.url}/course?user=jane&add=1`)
    await inFrame(page).getByRole('heading', { name: 'This deployment is not registered' }).waitFor()
    await inFrame(page).getByText(settings.deploymentId, { exact: true }).waitFor()
    await shoot(page, 'lti-refused')
    const owner = await someone()
    await owner.page.goto(signInAs('owner'))
    await owner.page.getByRole('link', { name: 'Platforms' }).click()
    const card = owner.page.getByRole('article', { name: 'Moodle of the school' })
    await card.getByRole('button', { name: 'Change' }).click()
    await owner.page.getByLabel(/^Deployment IDs/).fill(`another\n${settings.deploymentId}`)
    await owner.page.getByRole('button', { name: 'Save' }).click()
    await card.getByText(`${settings.deploymentId}, another`).waitFor()
    // Everything after this is signed with the key that was the next one.
    await owner.page.getByRole('button', { name: 'Change to the next key' }).click()
    await owner.page.getByRole('dialog').getByRole('button', { name: 'Change', exact: true }).click()
    await owner.page.getByRole('dialog').getByRole('button', { name: 'Change all the same' }).click()
    await owner.page.getByText('published still').waitFor()
    await shoot(owner.page, 'lti-keys')
  })

  test('a teacher here has an assignment; a teacher there connects the course and picks it', async () => {
    const tess = await someone()
    await tess.page.goto(signInAs('teacher'))
    await makeCourse(tess.page, 'Networks 1')
    const assignment = await assign(tess.page, { lab: 'What the Default Switch does', title: 'Default Switch' })

    const { page } = await someone()
    await page.goto(`${there.url}/course?user=jane`)
    await page.getByRole('link', { name: 'Add an activity' }).click()
    const frame = inFrame(page)
    await frame.getByRole('heading', { name: /^Connect/ }).waitFor()
    await shoot(page, 'lti-connect')
    await frame.getByRole('combobox').selectOption('Networks 1')
    await frame.getByRole('button', { name: 'Connect' }).click()
    await frame.getByRole('radio', { name: /Default Switch/ }).check()
    await shoot(page, 'lti-pick')
    await frame.getByRole('button', { name: 'Put it into the course' }).click()
    await frame.getByText('Added to the course: 1').waitFor()
    expect(there.faults).toEqual([])
    expect(there.items).toMatchObject([{ title: 'Default Switch', custom: { switchroom_assignment: assignment } }])
    expect(there.platform?.book.columns).toMatchObject([{ label: 'Default Switch', resourceId: assignment }])
  })

  test('a student opens the link, works in the lab inside the frame and hands in; the grade arrives there', async () => {
    const { page } = await someone()
    await page.goto(`${there.url}/course?user=ada`)
    await page.getByRole('link', { name: 'Default Switch' }).click()
    await studentWorks(page)
    const scores = () => there.platform?.book.scores.filter(({ userId }) => userId === 'ada') ?? []
    await expect.poll(() => scores().at(-1)?.gradingProgress, { timeout: 60_000 }).toBe('FullyGraded')
    const last = scores().at(-1)
    expect(last).toMatchObject({ activityProgress: 'Completed', scoreMaximum: expect.any(Number) })
    expect(last?.scoreGiven).toBeGreaterThanOrEqual(0)
    expect(last?.comment).toMatch(/ of .* points, attempt 1\./)
    const times = scores().map(({ timestamp }) => Date.parse(timestamp))
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
    expect(there.platform?.refusals).toEqual([])
    expect(there.faults).toEqual([])
  })

  test('in a window of its own the same link works with a session as any other', async () => {
    const { page, context } = await someone()
    await page.goto(`${there.url}/course?user=ada&open=0`)
    const opened = context.waitForEvent('page')
    await page.getByRole('link', { name: 'In a window' }).click()
    const own = await opened
    await own.waitForURL(new RegExp(`^${server.url}/assignments/[a-z0-9]+$`))
    await own.getByText('Handed in').first().waitFor()
    await shoot(own, 'lti-own-window')
  })

  test('a teacher reads the class list and sees which grades have arrived', async () => {
    const { page } = await someone('dark')
    await page.goto(signInAs('teacher'))
    await page.getByRole('link', { name: 'Platforms' }).click()
    const course = page.getByRole('article', { name: 'Economics as a Social Science' })
    await course.getByRole('button', { name: 'Read the class list' }).click()
    await course.getByText('4 in the class list, 2 of them new here.').waitFor()
    await course.getByRole('button', { name: 'Grades there' }).click()
    const row = course.getByRole('row', { name: /Ada Lovelace/ })
    await row.getByText('arrived').waitFor()
    await course.scrollIntoViewIfNeeded()
    await shoot(page, 'lti-courses-dark')
    await page.setViewportSize({ width: 420, height: 800 })
    await shoot(page, 'lti-courses-narrow')
  })

  test('whom an owner removes, the platform does not bring back; the owner does', async () => {
    const { page } = await someone()
    await page.goto(signInAs('owner'))
    await page.getByRole('link', { name: 'Organisation' }).click()
    await page.getByRole('button', { name: 'More about Ada Lovelace' }).click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    const again = page.getByRole('button', { name: 'Let Ada Lovelace in again' })
    await again.waitFor()
    await again.scrollIntoViewIfNeeded()
    await shoot(page, 'organisation-removed')
    const launch = async () => {
      const student = (await someone()).page
      await student.goto(`${there.url}/course?user=ada`)
      await student.getByRole('link', { name: 'Default Switch' }).click()
      return student
    }
    const refused = await launch()
    await inFrame(refused).getByText('You were removed from this school').waitFor()
    await shoot(refused, 'lti-removed')
    await again.click()
    await page.getByText('Ada Lovelace is a member again').waitFor()
    await again.waitFor({ state: 'detached' })
    const back = await launch()
    await inFrame(back).getByText('Handed in').first().waitFor()
  })

  test('no page of another site may show the console, and no page reported an error', async () => {
    const { page } = await someone()
    const db = await server.mf.getD1Database('DB')
    const row = await db.prepare('select id from lti_platform').first<{ id: string }>()
    const policy = async (path: string) => (await page.request.get(server.url + path)).headers()['content-security-policy']
    expect(await policy(`/frame/demo/${row?.id}/labs`)).toContain(`frame-ancestors 'self' ${there.url}`)
    expect(await policy('/labs')).toContain("frame-ancestors 'none'")
    expect(faults).toEqual([])
  })

  /** All inside the frame, with the pages that students have anywhere. */
  async function studentWorks(page: Page): Promise<void> {
    const frame = inFrame(page)
    const open = frame.getByRole('button', { name: 'Open the lab' })
    await open.waitFor()
    await shoot(page, 'lti-assignment')
    await open.click()
    await frame.locator('.terminal-host .xterm-rows').first().waitFor({ timeout: 30_000 })
    await frame.getByRole('tab', { name: /^ubuntu1/i }).click()
    const terminal = frame.locator('.terminal-host:not([hidden])')
    await terminal.locator('textarea').focus()
    await page.keyboard.type('ping -c 1 192.168.3.1')
    await page.keyboard.press('Enter')
    await terminal.getByText('1 packets transmitted').waitFor()
    await shoot(page, 'lti-lab')
    await frame.getByRole('button', { name: 'Hand in' }).click()
    await frame.getByRole('dialog').getByRole('button', { name: 'Hand in' }).click()
    await frame.getByText('is handed in').waitFor()
  }
})
