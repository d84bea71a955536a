import { describe, expect, test } from 'vitest'
import { missingChromium, shoot } from './browser.ts'
import { consoleAlone } from './console-alone.ts'

const ines = { id: 'ines', name: 'Ines Student', role: 'student', console: 'ubuntu1', typing: true }

// The console by itself, against answers from memory: states that a healthy service seldom shows.
describe.skipIf(missingChromium !== undefined)('the console', () => {
  const open = consoleAlone()

  test('signed out: a link that is none is refused in words', async () => {
    const { page, faults } = await open('/', { signedIn: false })
    await page.getByText('I have a sign-in link').click()
    await page.getByLabel('Sign-in link').fill('hello there')
    await page.getByRole('button', { name: 'Open it' }).click()
    await page.getByRole('alert').getByText('This is not a sign-in link').waitFor()
    await shoot(page, 'console-landing')
    expect(faults).toEqual([])
  })

  test('nothing yet, and nothing reached', async () => {
    const empty = await open('/', { labs: false })
    await empty.page.getByText('No labs yet').waitFor()
    await shoot(empty.page, 'console-empty')
    const broken = await open('/', { mood: 'broken' })
    await broken.page.getByText('Your labs did not load').waitFor()
    await shoot(broken.page, 'console-broken')
    const nowhere = await open('/nowhere')
    await nowhere.page.getByText('There is no such page').waitFor()
  })

  test('an address of a packet leads to its bytes by keyboard alone', async () => {
    const { page, faults } = await open('/labs/demo1', {}, 'dark')
    await page.locator('.xterm-rows').waitFor()
    await page.getByRole('tab', { name: 'ubuntu1' }).click()
    await page.keyboard.type('ping -c 3 www.example.com\n')
    await page.getByText('caused 11 packets').waitFor()
    await page.getByRole('listbox', { name: /Packets/ }).focus()
    await page.keyboard.press('End')
    await page.getByText('Dropped. The firewall has no rule').waitFor()
    await page.getByRole('tree').getByRole('treeitem').first().focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => page.locator('.hex-bytes .marked').count()).toBe(6)
    await shoot(page, 'console-keyboard')
    expect(faults).toEqual([])
  })

  test('somebody else types: the line is shown and the keys are not taken', async () => {
    const { page, sockets, sent } = await open('/labs/demo1', { others: [ines] })
    await page.locator('.xterm-rows').waitFor()
    const state = { console: 'pc', prompt: 'PS C:\\Users\\student> ', busy: false, typist: 'ines' }
    sockets[0].send(JSON.stringify({ type: 'console', state, draft: 'ipconfig /al' }))
    await page.getByText('Ines Student is typing').waitFor()
    await expect.poll(() => page.locator('.xterm-rows').innerText()).toMatch(/ipconfig\s\/al/)
    await page.keyboard.type('x\n')
    expect(sent.filter((one) => one.type === 'exec')).toEqual([])
  })

  test('a lost connection says so, and what was entered meanwhile is sent once it is back', async () => {
    const { page, sockets, sent } = await open('/labs/demo1')
    await page.locator('.xterm-rows').waitFor()
    await sockets[0].close({ code: 1012 })
    await page.getByText('Connection lost').waitFor()
    await page.keyboard.type('hostname\n')
    await page.getByText('Reconnected').waitFor()
    await expect.poll(() => sent.filter((one) => one.type === 'exec').length).toBe(1)
    expect(sent.filter((one) => one.type === 'hello').length).toBe(2)
    await expect.poll(() => page.locator('.xterm-rows').innerText()).toMatch(/>\shostname/)
  })

  test('panes can be sized by keyboard', async () => {
    const { page } = await open('/labs/demo1')
    const bar = page.getByRole('separator', { name: 'Width of the brief' })
    const before = Number(await bar.getAttribute('aria-valuenow'))
    await bar.focus()
    await page.keyboard.press('ArrowRight')
    expect(Number(await bar.getAttribute('aria-valuenow'))).toBe(before + 16)
  })
})
