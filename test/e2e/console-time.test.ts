import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { missingChromium, shoot } from './browser.ts'
import { consoleAlone } from './console-alone.ts'
import type { CannedOptions } from './mock/canned-service.ts'

const ines = { id: 'ines', name: 'Ines Student', role: 'student', console: 'ubuntu1', typing: false }

// What the console makes of time, history and explanations, against answers from memory.
describe.skipIf(missingChromium !== undefined)('time in the console', () => {
  const openPage = consoleAlone()

  async function open(options: CannedOptions = {}, colorScheme: 'light' | 'dark' = 'light') {
    const opened = await openPage('/labs/demo1', options, colorScheme)
    await opened.page.locator('.xterm-rows').waitFor()
    return opened
  }

  async function ping(page: Page) {
    await page.getByRole('tab', { name: 'ubuntu1' }).click()
    await page.keyboard.type('ping -c 3 www.example.com\n')
    await page.getByText('caused 11 packets').waitFor()
  }

  test('the clock is a date, and an advance says what came of it', async () => {
    const { page, faults } = await open()
    const face = page.getByRole('timer', { name: 'Lab time' })
    expect(await face.innerText()).toMatch(/Mon 14 Sept\s*10:00:12\s*3612\.3457/)
    await page.getByRole('button', { name: '+1 h' }).click()
    await expect.poll(() => face.innerText()).toMatch(/11:00:12/)
    await page.getByRole('button', { name: '2 packets' }).click()
    await page.getByText('Only what belongs to time that passed (1 h)').waitFor()
    expect(faults).toEqual([])
  })

  test('live time has its own controls, all of them reached by keyboard', async () => {
    const { page, faults } = await open({}, 'dark')
    await page.getByRole('radio', { name: 'Instant' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.getByRole('button', { name: 'Play' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await page.getByLabel('Speed').selectOption('1000')
    await page.getByLabel('While nobody is here').selectOption('catch-up')
    await page.getByRole('button', { name: 'Go to next' }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('.next-list button:focus').innerText()).toMatch(/ARP expiry/)
    await page.keyboard.press('ArrowDown')
    await shoot(page, 'console-live')
    await page.keyboard.press('Enter')
    await page.locator('.outcome').getByText('+3 min 59 s').waitFor()
    expect(faults).toEqual([])
  })

  test('an amount of time that is none is refused in words', async () => {
    const { page } = await open()
    await page.getByRole('button', { name: 'Other' }).click()
    await page.keyboard.type('3 fortnights\n')
    await page.getByRole('alert').getByText('is no unit here').waitFor()
    await page.keyboard.press('Escape')
    expect(await page.locator('.custom-amount').count()).toBe(0)
  })

  test('a rewind names who else is here; a student asks them or forks, a teacher may', async () => {
    const student = await open({ others: [ines] }, 'dark')
    await student.page.getByRole('button', { name: 'Timeline' }).click()
    await student.page.locator('.timeline-list').getByText('ip neigh').click()
    await student.page.getByRole('button', { name: 'Rewind to here' }).click()
    await student.page.getByText('1 other is here: they will be asked.').waitFor()
    await shoot(student.page, 'console-rewind-student')
    await student.page.getByRole('button', { name: 'Ask them' }).click()
    await expect.poll(() => student.sent.at(-1)).toEqual({ type: 'rewind', line: 2 })
    await student.page.getByRole('button', { name: 'Fork from here' }).click()
    await student.page.waitForURL(/demo2/)
    const { page } = await open({ others: [ines], role: 'teacher' })
    await page.getByRole('button', { name: 'Timeline' }).click()
    await page.getByText('These 2 lines were left behind when Sam Student rewound.').waitFor()
    await page.locator('.timeline-list').getByText('ip neigh').click()
    await page.getByRole('button', { name: 'Rewind to here' }).click()
    await page.getByText('Ines Student is here too').waitFor()
    await shoot(page, 'console-rewind')
    await page.getByRole('button', { name: 'Rewind for everybody' }).click()
    await page.locator('.timeline-list').getByText('Rewind to line 2').waitFor()
  })

  test('alone, a rewind leaves lines behind and a snapshot gets a name', async () => {
    const { page, faults } = await open()
    await page.getByRole('button', { name: 'Timeline' }).click()
    await page.locator('.timeline-list').getByText('ip neigh').click()
    await page.getByRole('button', { name: 'Rewind to here' }).click()
    await page.getByRole('button', { name: 'Rewind', exact: true }).last().click()
    await page.locator('.timeline-list').getByText('Rewind to line 2').waitFor()
    await page.getByLabel('Name of the snapshot').fill('Before the firewall')
    await page.getByRole('button', { name: 'Take a snapshot' }).click()
    await expect.poll(() => page.locator('.timeline-line .mark').allInnerTexts()).toContain('Before the firewall')
    expect(faults).toEqual([])
  })

  test('a damaged lab says what is damaged and leads back', async () => {
    const detail =
      'Part pc/nat is damaged. Rewind to line 3 (Everything works) to go on from there; until then nothing is changed.'
    const { page } = await openPage('/labs/demo1', {}, 'light', (context) =>
      context.route(/\/v1\/labs\/demo1$/, (route) =>
        route.fulfill({ status: 503, json: { code: 'corrupt-part', detail, line: 3 } }),
      ),
    )
    await page.getByText('Part pc/nat is damaged').waitFor()
    const rewound = page.waitForRequest((one) => one.url().endsWith('/rewind'))
    await page.getByRole('button', { name: 'Rewind to line 3' }).click()
    expect((await rewound).postDataJSON()).toEqual({ line: 3 })
  })

  test('a replay that differs shows both packets', async () => {
    const { page, faults } = await open({ replaysSame: false }, 'dark')
    await page.getByRole('button', { name: 'Timeline' }).click()
    await page.getByRole('button', { name: 'Replay' }).click()
    await page.getByText('The first difference is at line 3').waitFor()
    await page.getByRole('button', { name: 'Compare' }).click()
    await expect.poll(() => page.locator('.side .hex-bytes .marked').allInnerTexts()).toEqual(['40', '3f'])
    await shoot(page, 'console-replay')
    expect(faults).toEqual([])
  })

  test('why: a sentence marks its bytes, opens its table and leads to another packet', async () => {
    const { page, faults } = await open()
    await ping(page)
    await page.getByRole('listbox', { name: /Packets/ }).focus()
    await page.keyboard.press('End')
    await page.getByRole('button', { name: 'Why?' }).click()
    await page.getByRole('button', { name: 'Bytes 30 to 33', exact: true }).focus()
    await expect.poll(() => page.locator('.hex-bytes .marked').count()).toBe(4)
    await shoot(page, 'console-why')
    await page.getByRole('button', { name: 'Table firewall of pc' }).click()
    await page.locator('.state-table [aria-current]').getByText('Core Networking - Echo Request In').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Show that packet' }).click()
    await page.getByText('The NAT of pc wrote').waitFor()
    await expect.poll(() => page.locator('.hex-bytes .marked').count()).toBe(4)
    await page.getByRole('button', { name: 'The whole way' }).click()
    await page.getByText('VMBus carried it').waitFor()
    expect(faults).toEqual([])
  })

  test('why nothing: causes in order, each with its packets', async () => {
    const { page, faults } = await open()
    await ping(page)
    expect(await page.getByRole('button', { name: 'Why nothing?' }).count()).toBe(0)
    await page.getByRole('tab', { name: 'LABHOST' }).click()
    await page.keyboard.type('Test-NetConnection www.example.com -Port 81\n')
    await page.getByRole('button', { name: 'Why nothing?' }).click()
    const causes = page.locator('.causes-panel li')
    await expect.poll(() => causes.count()).toBe(2)
    expect(await causes.first().innerText()).toMatch(/Nothing listens on TCP port 81/)
    await causes.first().getByRole('button', { name: 'Show 2 packets' }).click()
    await expect.poll(() => page.locator('.packet-count').innerText()).toMatch(/^4 of 20$/)
    expect(faults).toEqual([])
  })

  test('a display filter is one, words stay words, and a fault is shown at its place', async () => {
    const { page } = await open()
    await ping(page)
    const box = page.getByLabel('Show only packets that contain these words')
    const count = () => page.locator('.packet-count').innerText()
    await box.fill('icmp.type == 8 && ip.ttl < 64')
    await expect.poll(count).toBe('3 of 20')
    await box.fill('icmp && ip.adr == 1')
    await page.getByRole('alert').getByText('did you mean ip.addr?').waitFor()
    expect(await page.locator('.filter-mirror u').textContent()).toBe('ip.adr')
    await shoot(page, 'console-filter')
    await box.fill('request ubuntu1')
    await expect.poll(count).toBe('3 of 20')
    expect(await page.locator('.filter-fault').count()).toBe(0)
  })

  test('a question about the history is answered with what shows it', async () => {
    const { page } = await open({}, 'dark')
    await ping(page)
    await page.getByRole('button', { name: 'Ask about what has happened' }).click()
    await page.getByLabel('Question about what has happened').fill('never packet(icmp.type == 8)')
    await page.keyboard.press('Enter')
    await page.getByText('It does not hold.').waitFor()
    await shoot(page, 'console-ask')
    await page.getByRole('button', { name: 'Show the packet' }).click()
    await expect.poll(() => page.locator('.packet-count').innerText()).toMatch(/^1 of 20$/)
    await page.getByRole('button', { name: 'Line 3' }).click()
    await page.locator('.timeline-line.chosen').getByText('ping -c 3 www.example.com').waitFor()
  })
})
