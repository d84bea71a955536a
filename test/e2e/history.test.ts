import { gunzipSync, gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingChromium, openBrowser, shoot } from './browser.ts'
import { PersonAtPage } from './person.ts'
import { type DemoServer, startDemo } from './real-server.ts'

describe.skipIf(missingChromium !== undefined)('a teacher and a student in one lab', () => {
  let server: DemoServer
  let browser: Browser
  let sam: PersonAtPage
  let tess: PersonAtPage
  let lab: string

  beforeAll(async () => {
    server = await startDemo()
    browser = await openBrowser()
    sam = await PersonAtPage.open(browser)
    tess = await PersonAtPage.open(browser, 'dark')
    await sam.page.goto(server.signIn('student'))
    lab = await sam.startLab(/^Start .*What the Default Switch does/)
    await tess.page.goto(server.signIn('teacher'))
    await tess.page.goto(lab)
    await tess.ready()
    await tess.openTerminal('ubuntu1')
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  const askRewind = async (page: Page, line: string) => {
    await page.getByRole('button', { name: 'Timeline' }).click()
    await page.locator('.timeline-list .timeline-line').filter({ hasText: line }).click()
    await page.getByRole('button', { name: 'Rewind to here' }).click()
  }

  const going = ({ page }: PersonAtPage) => page.getByRole('alert', { name: 'Going back' })

  test('the student asks the teacher, who refuses', async () => {
    const { page } = sam
    await sam.openTerminal('ubuntu1')
    await sam.run('echo first', /\nfirst/)
    await sam.run('sudo ip route del default', /\$\s*$/)
    await sam.run('ping -c 1 192.0.2.80', /unreachable/)
    await page.locator('.presence').getByText('Tess Teacher').waitFor()
    await askRewind(page, 'echo first')
    await page.locator('.dialog').getByText('1 other is here: they will be asked.').waitFor()
    await page.locator('.dialog').getByRole('button', { name: 'Ask them' }).click()
    await going(sam).getByText('Still to agree: Tess Teacher.').waitFor()
    await expect.poll(() => going(tess).innerText()).toMatch(/Sam Student wants to go back to line 1 \(echo first\)\./)
    await shoot(page, 'history-asking')
    await shoot(tess.page, 'history-asked')
    await going(tess).getByRole('button', { name: 'Refuse' }).click()
    await page.getByText('Tess Teacher refused. The lab does not go back to line 1.').waitFor()
    for (const one of [sam, tess]) await expect.poll(() => going(one).count()).toBe(0)
    await sam.sees(/unreachable/)
  })

  test('asks again and takes it back', async () => {
    await sam.page.getByRole('button', { name: 'Rewind to here' }).click()
    await sam.page.locator('.dialog').getByRole('button', { name: 'Ask them' }).click()
    await going(tess).waitFor()
    await going(sam).getByRole('button', { name: 'Take back' }).click()
    await tess.page.getByText('Sam Student took it back').waitFor()
    await expect.poll(() => going(tess).count()).toBe(0)
    await tess.sees(/unreachable/)
    await sam.page.getByRole('button', { name: 'Close the timeline' }).click()
  })

  test('the teacher rewinds for everybody, and the student sees it', async () => {
    const { page } = tess
    await tess.sees(/unreachable/)
    await askRewind(page, 'echo first')
    const dialog = page.locator('.dialog')
    expect(await dialog.innerText()).toMatch(
      /Sam Student is here too[\s\S]*2 later lines are left behind|2 later lines are left behind[\s\S]*Sam Student is here too/,
    )
    await shoot(page, 'history-forced')
    await dialog.getByRole('button', { name: 'Rewind for everybody' }).click()
    await page.getByText('These 2 lines were left behind when Tess Teacher rewound.').waitFor()
    for (const one of [tess, sam]) {
      await expect.poll(() => one.text()).not.toMatch(/unreachable/)
      await one.sees(/\nfirst/)
    }
    await sam.run('ping -c 1 192.0.2.80', /1 packets transmitted, 1 received/)
    await tess.sees(/1 packets transmitted, 1 received/)
    // What another does comes into the timeline and moves the clock.
    await page.locator('.timeline-list .timeline-line:not(.left)').getByText('ping -c 1 192.0.2.80').waitFor()
    const clocks = () => Promise.all([tess, sam].map((one) => one.page.getByRole('timer', { name: 'Lab time' }).innerText()))
    await expect.poll(async () => new Set(await clocks()).size).toBe(1)
  })

  test('and takes it back: from a branch that was left other lines are left', async () => {
    const { page } = tess
    await page.locator('.timeline-list .timeline-line.left').filter({ hasText: 'ip route del' }).click()
    await page.getByRole('button', { name: 'Rewind to here' }).click()
    const dialog = page.locator('.dialog')
    await dialog.getByText('2 later lines are left behind').waitFor()
    await dialog.getByRole('button', { name: 'Rewind for everybody' }).click()
    await page.locator('.timeline-list').getByText('Rewind to line 2').waitFor()
    await sam.run('ping -c 1 192.0.2.80', /unreachable/)
  })

  test('and when the teacher agrees, the student takes both back', async () => {
    const { page } = sam
    await tess.sees(/unreachable/)
    await askRewind(page, 'echo first')
    await page.locator('.dialog').getByRole('button', { name: 'Ask them' }).click()
    await going(tess).getByRole('button', { name: 'Agree' }).click()
    for (const one of [sam, tess]) {
      await one.page.getByText('Everybody agreed: the lab is back at line 1.').waitFor()
      await expect.poll(() => one.text()).not.toMatch(/unreachable/)
      await one.sees(/\nfirst/)
      await expect.poll(() => going(one).count()).toBe(0)
    }
    await page.locator('.timeline-list').getByText('when Sam Student rewound.').first().waitFor()
    await sam.run('ping -c 1 192.0.2.80', /1 packets transmitted, 1 received/)
    await tess.sees(/1 packets transmitted, 1 received/)
  })

  test('the pages reported no errors', () => expect([...sam.faults, ...tess.faults]).toEqual([]))
})

describe.skipIf(missingChromium !== undefined)('a student alone', () => {
  let server: DemoServer
  let browser: Browser
  let sam: PersonAtPage
  let lab: string

  beforeAll(async () => {
    server = await startDemo()
    browser = await openBrowser()
    sam = await PersonAtPage.open(browser)
    await sam.page.goto(server.signIn('student'))
    lab = await sam.startLab(/^Start .*What the Default Switch does/)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  const bar = () => sam.page.getByRole('region', { name: 'Time' })
  /** Lab seconds, as the lab itself tells them; asking makes no time pass. */
  const labSeconds = (): Promise<number> =>
    sam.page.evaluate(
      async (path) => ((await (await fetch(path)).json()) as { now: number }).now / 1_000_000,
      `/v1/labs/${new URL(lab).pathname.split('/').at(-1)}/clock`,
    )
  const leaveFor = async (milliseconds: number) => {
    await sam.page.goto(server.url)
    await sam.page.getByRole('button', { name: /^Start .*What the Default Switch does/ }).waitFor()
    const left = await labSeconds()
    await sam.page.waitForTimeout(milliseconds)
    expect(await labSeconds()).toBe(left)
    await sam.page.goto(lab)
    await sam.ready()
    return left
  }

  test('leaves a lab that freezes, and finds it where it was', async () => {
    const { page } = sam
    await bar().getByText('Live').click()
    await page.getByLabel('Speed').selectOption('100')
    await page.getByLabel('While nobody is here').selectOption('frozen')
    await bar().getByRole('button', { name: 'Pause' }).waitFor()
    const begun = await labSeconds()
    await expect.poll(labSeconds, { timeout: 10_000 }).toBeGreaterThan(begun + 50)
    await leaveFor(3_000)
    await page.waitForTimeout(1_000)
    expect(await page.getByText('has caught up').count()).toBe(0)
  })

  test('leaves one that catches up, and is told how far it came', async () => {
    const { page } = sam
    await page.getByLabel('While nobody is here').selectOption('catch-up')
    await expect.poll(() => page.getByLabel('While nobody is here').inputValue()).toBe('catch-up')
    const left = await leaveFor(3_000)
    await page.getByText(/The lab has caught up on the \d+ min/).waitFor()
    expect(await labSeconds()).toBeGreaterThanOrEqual(left + 300)
    await shoot(page, 'history-caught-up')
    await bar().getByText('Instant').click()
    await page.getByLabel('Speed').waitFor({ state: 'detached' })
  })

  test('opens a lab whose past was changed, and the replay shows where', async () => {
    const { page } = sam
    await sam.openTerminal('ubuntu1')
    await sam.run('ping -c 1 192.0.2.80', /1 packets transmitted, 1 received/)
    const id = new URL(lab).pathname.split('/').at(-1)
    const file = await page.evaluate(async (path) => {
      const bytes = new Uint8Array(await (await fetch(path)).arrayBuffer())
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    }, `/v1/labs/${id}/export`)
    const rows = gunzipSync(Buffer.from(file, 'base64')).toString()
    const changed = rows.replace('"line":"ping -c 1 192.0.2.80"', '"line":"ping -c 1 192.0.2.81"')
    expect(changed).not.toBe(rows)
    // With the hashes of its lines the file is not even taken; without them, as earlier versions wrote it, a replay tells.
    const take = (text: string) =>
      sam.page.request.post(`${server.url}/v1/labs/import`, {
        headers: { 'content-type': 'application/octet-stream', origin: server.url },
        data: gzipSync(text),
      })
    const refused = await take(changed)
    expect([refused.status(), await refused.text()]).toEqual([422, expect.stringMatching(/line \d+/)])
    const stripped = changed.replaceAll(/,"hash":"[0-9a-f]{64}"/g, '')
    expect((await take(stripped)).status()).toBe(422)
    const made = await take(stripped.replace(/^.*/, '{"format":"switchroom-lab","version":1}'))
    expect(made.status()).toBe(201)
    await page.goto(`${server.url}/labs/${((await made.json()) as { id: string }).id}`)
    await sam.ready()
    await page.getByRole('button', { name: 'Timeline' }).click()
    await page.getByRole('button', { name: 'Replay' }).click()
    await page.getByText(/The first difference is at line \d+: packets/).waitFor({ timeout: 60_000 })
    await page.getByRole('button', { name: 'Compare' }).click()
    const sides = page.locator('.side')
    await expect.poll(() => sides.count()).toBe(2)
    expect(await sides.first().innerText()).toMatch(/192\.0\.2\.80/)
    expect(await sides.last().innerText()).toMatch(/192\.0\.2\.81/)
    await expect.poll(() => page.locator('.side .hex-bytes .marked').count()).toBeGreaterThan(1)
    await shoot(page, 'history-replay')
  })

  test('the page reported no errors', () => expect(sam.faults).toEqual([]))
})
