import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingChromium, openBrowser, shoot } from './browser.ts'
import { PersonAtPage } from './person.ts'
import { type DemoServer, startDemo } from './real-server.ts'

describe.skipIf(missingChromium !== undefined)('a student walks through the first lab', () => {
  let server: DemoServer
  let browser: Browser
  let sam: PersonAtPage

  beforeAll(async () => {
    server = await startDemo()
    browser = await openBrowser()
    sam = await PersonAtPage.open(browser)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  test('without a session, the page says how to get in', async () => {
    await sam.page.goto(server.url)
    await sam.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await shoot(sam.page, 'walk-landing')
  })

  test('the link signs in, and the catalogue starts a lab', async () => {
    await sam.page.goto(server.signIn('student'))
    await sam.page.getByRole('heading', { name: 'Start a lab' }).waitFor()
    await sam.page.getByText('No labs yet').waitFor()
    await sam.startLab(/^Start .*What the Default Switch does/)
    await sam.page.getByRole('heading', { level: 1, name: /Default Switch/ }).waitFor()
    await shoot(sam.page, 'walk-fresh')
  })

  test('the network is drawn with live addresses', async () => {
    const host = sam.page.locator('.node.computer').filter({ hasText: 'LABHOST' })
    await expect.poll(() => host.innerText()).toMatch(/192\.168\.3\.\d+\/24/)
    const guest = sam.page.locator('.node.guest').first()
    await expect.poll(() => guest.innerText()).toMatch(/\d+\.\d+\.\d+\.\d+\/\d+/)
  })

  test('commands on the computer answer as the real ones do', async () => {
    await sam.openTerminal('LABHOST')
    await sam.run('Get-VMSwitch', /Default Switch\s+Internal/)
    await sam.run('ipconfig /all', /DHCP Enabled[\s\S]*NetBIOS over Tcpip/)
    await sam.sees(/PS [^>]*> *$/)
    await sam.run('nosuchcommand', /The term 'nosuchcommand' is not\s+recognized/)
  })

  test('a ping from the guest is answered and its packets are listed', async () => {
    await sam.openTerminal('ubuntu1')
    await sam.run('ping -c 2 www.example.com', /2 packets transmitted, 2 received, 0% packet loss/)
    await sam.page.getByText(/caused \d+ packets/).waitFor()
    await sam.page.getByLabel('Show only packets that contain these words').fill('icmp ubuntu1')
    const rows = sam.page.locator('.packet-row')
    await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(4)
    await rows.filter({ hasText: 'Echo (ping) request' }).first().click()
  })

  test('an opened packet shows its layers, and fields mark their bytes both ways', async () => {
    const { page } = sam
    await page.getByRole('treeitem', { name: /^Internet Protocol/ }).click()
    await page
      .getByRole('treeitem', { name: /^Time to live/i })
      .first()
      .hover()
    await expect.poll(() => page.locator('.hex-bytes .marked').count()).toBe(1)
    await page.locator('.hex-bytes [data-at="12"]').hover()
    await page.getByRole('treeitem', { name: /^Ethernet/ }).click()
    await page.locator('.hex-bytes [data-at="12"]').hover()
    await expect.poll(() => page.locator('.packet-tree .marked').innerText()).toMatch(/Type/)
    await shoot(page, 'walk-packet')
  })

  test('Tab completes, arrow up brings the line back, Ctrl-C ends a program', async () => {
    await sam.openTerminal('LABHOST')
    await sam.type('Get-VMSwi')
    await sam.page.keyboard.press('Tab')
    await sam.sees(/> Get-VMSwitch/)
    await sam.page.keyboard.press('Control+u')
    await sam.page.keyboard.press('ArrowUp')
    await sam.sees(/> nosuchcommand\s*$/)
    await sam.page.keyboard.press('Control+u')
    await sam.openTerminal('ubuntu1')
    await sam.run('ping 192.0.2.80', /PING 192\.0\.2\.80[\s\S]*icmp_seq=1/)
    await sam.page.getByText('A command is running').waitFor()
    await sam.page.keyboard.press('Control+c')
    await sam.sees(/--- 192\.0\.2\.80 ping statistics[\s\S]*\$\s*$/)
  })

  test('pulling a cable is drawn, and plugged again it is as before', async () => {
    const { page } = sam
    const handle = page.getByRole('button', { name: /^Cable from LABHOST \(Ethernet\)/ })
    await handle.click()
    await page.getByRole('button', { name: 'Unplug' }).click()
    const host = page.locator('.node.computer').filter({ hasText: 'LABHOST' })
    await expect.poll(() => host.innerText()).toMatch(/Ethernet\s+unplugged/)
    await shoot(page, 'walk-unplugged')
    await handle.click()
    await page.getByRole('button', { name: 'Plug in' }).click()
    await expect.poll(() => host.innerText()).not.toMatch(/unplugged/)
  })

  test('the check gives results with points', async () => {
    const { page } = sam
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.locator('.check-results').waitFor({ timeout: 60_000 })
    expect(await page.locator('.brief-score').innerText()).toMatch(/^\d+ of \d+ points$/)
    const results = page.locator('.check-results li.result')
    expect(await results.count()).toBeGreaterThanOrEqual(6)
    for (const text of await results.allInnerTexts()) expect(text).toMatch(/(Passed|Not yet|Could not run), \d+ of \d+ points?/)
    expect(await results.filter({ hasText: 'Passed' }).count()).toBeGreaterThan(0)
    await shoot(page, 'walk-check')
  })

  test('after a reset the lab is as it was', async () => {
    const { page } = sam
    await page.getByRole('button', { name: 'Reset' }).click()
    await page.getByRole('button', { name: 'Reset for everybody' }).click()
    await page.getByText('The lab is back at its beginning').waitFor()
    await expect.poll(() => sam.text()).not.toMatch(/icmp_seq/)
  })

  test('the HTTP interface can be read without signing in: every group opens, and shows its operations', async () => {
    const { page, faults } = await PersonAtPage.open(browser)
    await page.goto(`${server.url}/docs.html`)
    const document = (await (await page.request.get(`${server.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { tags?: string[] }>>
    }
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
    const groups = Map.groupBy(operations, ({ tags }) => tags?.[0] ?? 'default')
    await page.locator('.opblock-tag').first().waitFor({ timeout: 30_000 })
    expect(await page.locator('.opblock-tag').count()).toBe(groups.size)
    for (const [tag, { length }] of groups) {
      const head = page.locator(`[data-tag="${tag}"]`)
      await head.click()
      const open = page.locator('.opblock')
      await expect.poll(() => open.count(), { message: tag }).toBe(length)
      await head.click()
      await expect.poll(() => open.count()).toBe(0)
    }
    // It reads all its schemas anew, which takes a while.
    await page.locator('[data-tag="commands"]').click()
    await page.locator('#operations-commands-post_v1_labs__id__exec .opblock-summary-control').click()
    // The answers stand at the end of what an operation shows.
    await page.locator('.opblock .responses-wrapper').waitFor({ timeout: 30_000 })
    await shoot(page, 'walk-docs')
    expect(faults).toEqual([])
  })

  test('a lab that does not exist says so', async () => {
    const other = await sam.page.context().newPage()
    await other.goto(`${server.url}/labs/nosuchlab`)
    await other.getByText('This lab cannot be opened').waitFor()
    await other.close()
  })

  test('the pages reported no errors', () => expect(sam.faults).toEqual([]))
})
