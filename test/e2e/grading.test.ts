import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingChromium, openBrowser, shoot } from './browser.ts'
import { PersonAtPage } from './person.ts'
import { type DemoServer, startDemo } from './real-server.ts'

type Message = { readonly headers: Record<string, string | string[] | undefined>; readonly body: string }

/** A program of the school's that wants to hear of grades. */
async function receiver() {
  const messages: Message[] = []
  const server: Server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => (body += part))
    request.on('end', () => {
      messages.push({ headers: request.headers, body })
      response.writeHead(200).end('thank you')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, messages, close: () => server.close() }
}

const ask = <T>(page: Page, method: string, path: string, body?: unknown): Promise<T> =>
  page.evaluate(
    async ([how, where, what]) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(String(where), {
        method: String(how),
        headers,
        ...(what !== undefined && { body: JSON.stringify(what) }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${how} ${where}: ${answer.status} ${text}`)
      return text === '' ? null : JSON.parse(text)
    },
    [method, path, body] as const,
  )

describe.skipIf(missingChromium !== undefined)('grades, from handing in to another look', () => {
  let server: DemoServer
  let browser: Browser
  let tess: PersonAtPage
  let sam: PersonAtPage
  let hook: Awaited<ReturnType<typeof receiver>>

  const areas = (page: Page) => page.getByRole('navigation', { name: 'Areas' })

  beforeAll(async () => {
    server = await startDemo()
    browser = await openBrowser()
    hook = await receiver()
    ;[tess, sam] = await Promise.all([PersonAtPage.open(browser), PersonAtPage.open(browser, 'dark')])
    for (const one of [tess, sam]) one.page.setDefaultTimeout(20_000)
    await tess.page.goto(server.signIn('teacher'))
    const course = await ask<{ id: string }>(tess.page, 'POST', '/v1/courses', { title: 'Networks 1' })
    for (const person of ['demo-student-1', 'demo-student-2'])
      await ask(tess.page, 'POST', `/v1/courses/${course.id}/people`, { person, role: 'student' })
    const wish = { catalogue: 'default-switch', title: 'What the Default Switch does' }
    const { id } = await ask<{ id: string }>(tess.page, 'POST', `/v1/courses/${course.id}/assignments`, wish)
    await ask(tess.page, 'POST', `/v1/assignments/${id}/publish`, {})
    const ines = await PersonAtPage.open(browser)
    for (const [who, link] of [
      [sam, server.signIn('student')],
      [ines, server.signIn('student', 1)],
    ] as const) {
      await who.page.goto(link)
      const { labId } = await ask<{ labId: string }>(who.page, 'POST', `/v1/assignments/${id}/open`)
      const lines = ['ping -c 1 www.exmaple.test', 'ping -c 1 www.example.com', 'ip route', 'arp -n', 'ip neigh']
      for (const [at, line] of lines.entries())
        await ask(who.page, 'POST', `/v1/labs/${labId}/exec`, { console: 'ubuntu1', line, clientId: `${labId}-${at}` })
      await ask(who.page, 'POST', `/v1/assignments/${id}/submissions`, {})
    }
    await ines.page.close()
  })
  afterAll(async () => {
    await browser?.close()
    hook?.close()
    await server?.stop()
  })

  test('a teacher adds a webhook, sees the secret once, and a signed test arrives', async () => {
    const { page } = tess
    await areas(page).getByRole('link', { name: 'Grades' }).click()
    await page.getByRole('heading', { level: 1, name: 'Grades' }).waitFor()
    await page.getByRole('link', { name: /What the Default Switch does/ }).waitFor()
    await shoot(page, 'grading-overview')
    await page.getByRole('link', { name: 'Webhooks' }).click()
    await page.getByText('No webhooks yet').waitFor()
    await page.getByRole('button', { name: 'Add a webhook' }).click()
    await page.getByLabel('Name').fill('Gradebook')
    await page.getByLabel('Address').fill('https://169.254.169.254/latest')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('alert').filter({ hasText: 'not an address of the public Internet' }).waitFor()
    await page.getByLabel('Address').fill(hook.url)
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    const secret = await page.locator('.secret').innerText()
    expect(secret).toMatch(/^srw_/)
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Send a test' }).click()
    await expect.poll(() => hook.messages.length).toBeGreaterThan(0)
    const { headers, body } = hook.messages[0]
    const [, time, signature] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(String(headers['switchroom-signature'])) ?? []
    expect(createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')).toBe(signature)
    expect(JSON.parse(body)).toMatchObject({ type: 'ping' })
    await expect
      .poll(async () => {
        await page.getByRole('button', { name: 'Look again' }).click()
        return page.getByRole('row', { name: /ping/ }).innerText()
      })
      .toMatch(/received, 1 attempt/)
    await shoot(page, 'grading-webhooks')
  })

  test('a student reads every check with its reason, follows the evidence, and asks for another look', async () => {
    const { page } = sam
    await areas(page).getByRole('link', { name: 'Grades' }).click()
    await page.getByRole('link', { name: /What the Default Switch does/ }).click()
    await page.locator('.check-card').first().waitFor()
    const score = await page.locator('.score strong').innerText()
    expect(score).toMatch(/^[\d.]+ of \d+ points$/)
    for (const text of await page.locator('.check-points').allInnerTexts())
      expect(text).toMatch(/(Passed|Failed|Could not run), [\d.]+ of \d+ points?/)
    expect(await page.getByRole('button', { name: 'Change the points' }).count()).toBe(0)
    await shoot(page, 'grading-student')
    await page.setViewportSize({ width: 420, height: 800 })
    await shoot(page, 'grading-student-narrow')
    await page.setViewportSize({ width: 1280, height: 800 })
    const first = page.locator('.check-card').first()
    await first.getByRole('button', { name: 'Ask to look again' }).click()
    await page.getByRole('textbox').fill('It worked when I tried it <b>twice</b>.')
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await page.getByText('waits for an answer').waitFor()
    const link = page.locator('.evidence a').first()
    await link.click()
    await page.waitForURL(/\/labs\/.+\?/)
    await page.locator('.node').first().waitFor()
    await shoot(page, 'grading-evidence-lab')
  })

  test('the teacher answers, gives points with the reason, comments, and everybody reads it', async () => {
    const { page } = tess
    await areas(page).getByRole('link', { name: 'Grades' }).click()
    await page.getByText('1 request to look again').waitFor()
    await page.getByRole('link', { name: /What the Default Switch does/ }).click()
    await page.getByRole('region', { name: 'Grades' }).waitFor()
    await shoot(page, 'grading-list')
    await page.getByRole('region', { name: '1 request to look again' }).getByRole('link').click()
    await page.getByText('It worked when I tried it <b>twice</b>.').waitFor()
    await page.getByRole('button', { name: 'Answer' }).click()
    await page.getByLabel('Points of the check').fill('0.5')
    await page.getByLabel('Reason').fill('It did, at first.')
    await shoot(page, 'grading-answer')
    await page.getByRole('button', { name: 'Accept', exact: true }).click()
    await page.getByText(/instead of .*given by Tess Teacher: It did, at first\./).waitFor()
    await page.locator('.remarks').first().getByRole('button', { name: 'Comment' }).click()
    await page.getByRole('textbox').fill('Well done.')
    await page.getByRole('button', { name: 'Say it' }).click()
    await page.getByText('Well done.').waitFor()
    await page.locator('.evidence').first().waitFor()
    await shoot(page, 'grading-teacher')
    const trial = page.getByRole('button', { name: /of the trial/ }).first()
    if ((await trial.count()) > 0) {
      await trial.click()
      await page.getByText(/digest [0-9a-f]{64}/).waitFor()
      await shoot(page, 'grading-trial')
      await page.getByRole('button', { name: 'Close' }).click()
    }
  })

  test('a rubric is corrected, everybody is graded again, and the page says what has changed', async () => {
    const { page } = tess
    await page
      .getByRole('navigation', { name: 'Where this is' })
      .getByRole('link', { name: 'What the Default Switch does' })
      .click()
    await page.getByRole('button', { name: 'Grade again' }).click()
    await page.getByLabel('Reason').fill('Pinging counts')
    await page.getByLabel('Correct the rubric').check()
    const rubric = page.getByRole('textbox', { name: 'Rubric' })
    await expect.poll(() => rubric.inputValue()).toMatch(/checks:/)
    const before = await rubric.inputValue()
    await rubric.fill(before.replace(/machine: .*/, 'machine: nobody'))
    await page.getByRole('dialog').getByRole('button', { name: 'Grade again' }).click()
    await page
      .getByRole('alert')
      .filter({ hasText: /Line \d+/ })
      .waitFor()
    await shoot(page, 'grading-bad-rubric')
    const pinged =
      '  - { id: pinged, check: command-used, machine: ubuntu1, pattern: ping, title: Somebody has pinged, points: 4 }\n'
    await rubric.fill(`${before.trimEnd()}\n${pinged}`)
    await page.getByRole('dialog').getByRole('button', { name: 'Grade again' }).click()
    await page.waitForURL(/\/jobs\//)
    await page.getByText('ended: 2 of 2 done').waitFor({ timeout: 60_000 })
    const changed = page.locator('.table-frame').filter({ hasText: 'Before' })
    await changed.waitFor()
    const rows = await changed.locator('tbody tr').allInnerTexts()
    expect(
      rows.filter((row) => /Somebody has pinged/.test(row) && /no such check/.test(row) && /Passed, 4\/4/.test(row)),
    ).toHaveLength(2)
    await shoot(page, 'grading-changed')
    await expect
      .poll(() => hook.messages.filter(({ body }) => JSON.parse(body).type === 'grade.changed').length)
      .toBeGreaterThanOrEqual(2)
  })

  test('the archive alone is graded again in a fresh process, with the same digest', async () => {
    const { page } = tess
    await page.locator('.table-frame').getByRole('link', { name: 'Sam Student' }).click()
    await page.getByText('What the grade rests on').click()
    const digest = await page.locator('.proof dd.mono').first().innerText()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Archive' }).click()])
    const files = unzipSync(readFileSync(await download.path()))
    expect(Object.keys(files).sort()).toEqual([
      'README.md',
      'cited.pcapng',
      'grade.json',
      'lab.switchroom',
      'rubric.yaml',
      'submission.json',
    ])
    const folder = mkdtempSync(join(tmpdir(), 'switchroom-archive-'))
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes)
    const script = ['--import', './scripts/text-hook.mjs', 'scripts/grade.ts', join(folder, 'lab.switchroom')]
    const again = execFileSync(
      process.execPath,
      [...script, '--rubric', join(folder, 'rubric.yaml'), '--against', join(folder, 'grade.json'), '--json'],
      {
        encoding: 'utf8',
      },
    )
    rmSync(folder, { recursive: true })
    expect(JSON.parse(again).digest).toBe(digest)
    expect(JSON.parse(new TextDecoder().decode(files['grade.json'])).digest).toBe(digest)
  })

  test('journals are compared, with the lines and without a verdict; the table is downloaded', async () => {
    const { page } = tess
    await areas(page).getByRole('link', { name: 'Grades' }).click()
    await page.getByRole('link', { name: /What the Default Switch does/ }).click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Table (CSV)' }).click()])
    expect(download.suggestedFilename()).toMatch(/^grades-.*\.csv$/)
    await page.getByRole('button', { name: 'Compare journals' }).click()
    await page.waitForURL(/\/similarity\//)
    await page.getByText('a reason to ask, never a proof').waitFor()
    await page.getByText(/1 pair among 2 journals/).waitFor()
    await page.getByText('www.exmaple.test').first().waitFor()
    await shoot(page, 'grading-similarity')
    await page.goBack()
    await areas(page).getByRole('link', { name: 'Grades' }).click()
    await page.getByRole('link', { name: 'Jobs' }).click()
    await expect.poll(() => page.locator('.plain-list > li').count()).toBeGreaterThanOrEqual(2)
    await shoot(page, 'grading-jobs')
  })

  test('the student reads the answer, and the points count', async () => {
    const { page } = sam
    await page.goto(server.url)
    await areas(page).getByRole('link', { name: 'Grades' }).click()
    await page.getByRole('link', { name: /What the Default Switch does/ }).click()
    await page.getByText(/given by Tess Teacher: It did, at first\./).waitFor()
    await page.getByText('Well done.').waitFor()
    await page.getByRole('heading', { name: 'Somebody has pinged' }).waitFor()
  })

  test('the pages reported no errors', () => {
    // Two refusals were wanted.
    const faults = [...tess.faults, ...sam.faults].filter((one) => !/status of 422/.test(one))
    expect(faults).toEqual([])
  })
})
