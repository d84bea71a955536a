import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingChromium, openBrowser, shoot } from './browser.ts'
import { PersonAtPage } from './person.ts'
import { type DemoServer, startDemo } from './real-server.ts'

describe.skipIf(missingChromium !== undefined)('a student moves the time of a lab', () => {
  let server: DemoServer
  let browser: Browser
  let sam: PersonAtPage

  beforeAll(async () => {
    server = await startDemo()
    browser = await openBrowser()
    sam = await PersonAtPage.open(browser)
    await sam.page.goto(server.signIn('student'))
    await sam.startLab(/^Start .*What the Default Switch does/)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  const count = async () => Number(/^\d+/.exec(await sam.packetCount())?.[0])
  const line = (text: string) => sam.page.locator('.timeline-list .timeline-line').filter({ hasText: text })

  test('why: a packet tells its story, and its sentences mark bytes', async () => {
    const { page } = sam
    await sam.openTerminal('ubuntu1')
    await sam.run('ping -c 1 www.example.com', /1 packets transmitted, 1 received/)
    await page.getByLabel('Show only packets that contain these words').fill('request ubuntu1')
    await page.locator('.packet-row').filter({ hasText: 'Echo (ping) request' }).first().click()
    await page.getByRole('button', { name: 'Why?' }).click()
    const why = page.getByRole('region', { name: 'Why' })
    await expect.poll(() => why.locator('li').count()).toBeGreaterThanOrEqual(2)
    expect(await why.innerText()).toMatch(/ping -c 1 www\.example\.com/)
    await page.getByRole('button', { name: 'The whole way' }).click()
    await expect.poll(() => why.innerText()).toMatch(/VMBus/)
    await shoot(page, 'time-why')
    await page.getByRole('button', { name: 'Close the packet' }).click()
    await page.getByLabel('Show only packets that contain these words').fill('')
  })

  test('why nothing: the cause of a silence is named', async () => {
    const { page } = sam
    await sam.run('ping -c 1 -W 1 192.168.3.99', /0 received/)
    await page.getByRole('button', { name: 'Why nothing?' }).click()
    await expect.poll(() => page.locator('.causes-panel li').count()).toBeGreaterThanOrEqual(1)
    expect(await page.locator('.causes-panel').innerText()).toMatch(/192\.168\.3\.99/)
    await shoot(page, 'time-why-nothing')
    await page.locator('.causes-panel').getByRole('button', { name: 'Close' }).click()
  })

  test('a question about the history is answered', async () => {
    const { page } = sam
    await page.getByRole('button', { name: 'Ask about what has happened' }).click()
    await page.getByLabel('Question about what has happened').fill('packet(dns) before packet(icmp)')
    await page.keyboard.press('Enter')
    await page.locator('.ask-box').getByText('It holds.').waitFor()
    await shoot(page, 'time-ask')
    await page.getByRole('button', { name: 'Close the question' }).click()
  })

  test('a display filter is asked of the bytes', async () => {
    const { page } = sam
    const all = await count()
    const box = page.getByLabel('Show only packets that contain these words')
    await box.fill('icmp.type == 8')
    await expect.poll(async () => (await count()) > 0 && (await count()) < all).toBe(true)
    await box.fill('')
    await expect.poll(count).toBe(all)
  })

  test('play, speed, pause: output streams while time passes, and stops when it stands', async () => {
    const { page } = sam
    const bar = page.getByRole('region', { name: 'Time' })
    const play = bar.getByRole('button', { name: 'Play' })
    const pause = bar.getByRole('button', { name: 'Pause' })
    await bar.getByText('Live').click()
    await play.or(pause).waitFor()
    if (await pause.count()) await pause.click()
    await play.waitFor()
    await page.getByLabel('Speed').selectOption('5')
    await sam.type('ping 192.0.2.80')
    await page.keyboard.press('Enter')
    await page.getByText('A command is running, but time stands still.').waitFor()
    expect(await sam.text()).not.toMatch(/icmp_seq=3/)
    await play.click()
    await sam.sees(/icmp_seq=3/)
    await shoot(page, 'time-live')
    await pause.click()
    await play.waitFor()
    const before = await sam.text()
    await page.waitForTimeout(1_000)
    expect(await sam.text()).toBe(before)
  })

  test('a step goes on by one packet', async () => {
    const before = await count()
    await sam.page.getByRole('button', { name: 'Packet', exact: true }).click()
    await expect.poll(count).toBeGreaterThan(before)
    expect(await count()).toBeLessThan(before + 12)
  })

  test('Ctrl-Z stops what runs, fg has it go on', async () => {
    const { page } = sam
    await sam.type('')
    await page.keyboard.press('Control+z')
    await sam.sees(/\[1\]\+ {2}Stopped {17}ping[^\n]*\n\S*\$\s*$/)
    await sam.run('fg', /\$ fg\s+ping 192/)
  })

  test('Ctrl-C ends what runs, and in instant time an hour is one press', async () => {
    const { page } = sam
    await sam.type('')
    await page.keyboard.press('Control+c')
    await page.locator('.mode-switch').getByText('Instant').click()
    await sam.sees(/ping statistics[\s\S]*\$\s*$/)
    await page.getByRole('button', { name: '+1 h' }).click()
    await page.locator('.outcome').getByText('+1 h').waitFor()
    await page.getByRole('button', { name: 'Go to next' }).click()
    await page.locator('.next-list').getByText('Lease renewal').click()
    await page
      .locator('.outcome')
      .getByText(/\+\d+ (h|d|min)/)
      .waitFor()
  })

  test('a rewind leaves lines behind, and says so', async () => {
    const { page } = sam
    await sam.run('hostname marker-one', /hostname/)
    await page.getByRole('button', { name: 'Timeline' }).click()
    await line('ping -c 1 www.example.com').click()
    await page.getByRole('button', { name: 'Rewind to here' }).click()
    await page.locator('.dialog').getByRole('button', { name: 'Rewind', exact: true }).click()
    await page.getByText(/lines were left behind when Sam Student rewound/).waitFor()
    await expect.poll(() => sam.text()).not.toMatch(/marker-one/)
    await page.getByText('Tab completes').waitFor()
    await shoot(page, 'time-rewound')
  })

  test('the replay finds the same packets', async () => {
    await sam.page.getByRole('button', { name: 'Replay' }).click()
    await sam.page.getByText('the same packets, byte for byte').waitFor({ timeout: 60_000 })
  })

  test('a snapshot gets a name, and a line is undone', async () => {
    const { page } = sam
    await page.getByLabel('Name of the snapshot').fill('All well')
    await page.getByRole('button', { name: 'Take a snapshot' }).click()
    await expect.poll(() => page.locator('.snapshots').innerText()).toMatch(/All well/)
    await sam.run('ping -c 1 192.0.2.80', /1 packets transmitted, 1 received/)
    await line('ping -c 1 192.0.2.80').last().click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText(/Undone: ping -c 1 192\.0\.2\.80/).waitFor()
  })

  test('a fork is a lab of its own', async () => {
    const { page } = sam
    const before = page.url()
    await line('ping -c 1 www.example.com').first().click()
    await page.getByRole('button', { name: 'Fork from here' }).click()
    await expect.poll(() => page.url()).not.toBe(before)
    await sam.ready()
    await page.getByRole('heading', { level: 1 }).waitFor()
    await sam.openTerminal('ubuntu1')
    await sam.run('ping -c 1 192.0.2.80', /1 packets transmitted, 1 received/)
    await shoot(page, 'time-fork')
  })

  test('the page reported no errors', () => expect(sam.faults).toEqual([]))
})
