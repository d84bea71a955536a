import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { missingChromium, openBrowser, shoot } from './browser.ts'
import { PersonAtPage } from './person.ts'
import { type DemoServer, startDemo } from './real-server.ts'

const PORT = 'home-switch:6'
const MAC = '02:00:00:00:00:01'
/** An ARP request for the router, of a machine at 192.168.3.240. */
const ASK = Buffer.from(`ffffffffffff0200000000010806${'0001080006040001'}020000000001c0a803f0000000000000c0a80301`, 'hex')

describe.skipIf(missingChromium !== undefined)('a student plugs a real machine in', () => {
  let server: DemoServer
  let browser: Browser
  let sam: PersonAtPage
  let socket: WebSocket | undefined

  beforeAll(async () => {
    server = await startDemo()
    browser = await openBrowser()
    sam = await PersonAtPage.open(browser)
    await sam.page.goto(server.signIn('student'))
    await sam.startLab(/^Start .*What the Default Switch does/)
  })
  afterAll(async () => {
    socket?.terminate()
    await browser?.close()
    await server?.stop()
  })

  let command = ''
  test('the page makes a token and shows the command', async () => {
    const { page } = sam
    await page.getByRole('button', { name: 'Real machines' }).click()
    const dialog = page.getByRole('dialog', { name: 'Real machines' })
    await dialog.getByText('No real machine is plugged in.').waitFor()
    await dialog.locator('select').first().selectOption(PORT)
    await dialog.locator('select').nth(1).selectOption('qemu')
    await dialog.getByLabel('Name', { exact: true }).fill('my laptop')
    await dialog.getByLabel('MAC address').fill(MAC)
    await dialog.getByRole('button', { name: 'Make a token' }).click()
    command = await dialog.locator('.plug-command pre').first().innerText()
    expect(command).toMatch(
      /^SWITCHROOM_TOKEN=srp_\S+ npm run attach -- --url http\S+ --lab \S+ --port home-switch:6 --qemu 127\.0\.0\.1:5555$/,
    )
    await shoot(page, 'ports-command')
  })

  test('the machine that comes by it is in the picture, is counted, and talks to the lab', async () => {
    const { page } = sam
    const [, token = '', url = '', lab = '', port = ''] =
      /SWITCHROOM_TOKEN=(\S+) .*--url (\S+) --lab (\S+) --port (\S+)/.exec(command) ?? []
    const address = `${url.replace('http', 'ws')}/v1/labs/${lab}/ports/${port}/attach`
    socket = new WebSocket(address, { headers: { authorization: `Bearer ${token}` }, perMessageDeflate: false })
    const answer = new Promise<Buffer>((resolve) => socket?.on('message', (data: Buffer) => resolve(data)))
    await new Promise((resolve) => socket?.once('open', resolve))
    socket.send(ASK)
    expect((await answer).subarray(0, 6).toString('hex')).toBe('020000000001')
    const dialog = page.getByRole('dialog', { name: 'Real machines' })
    await expect
      .poll(() => dialog.locator('.ports-table').innerText(), { timeout: 10_000 })
      .toMatch(/home-switch:6[\s\S]*my laptop[\s\S]*02:00:00:00:00:01\s+1 frame, 42 B/)
    await shoot(page, 'ports-plugged-in')
    await dialog.getByRole('button', { name: 'Close' }).click()
    await page.locator('.node.real').getByText('Real machine').waitFor()
    expect(await page.locator('.node.real').innerText()).toContain(MAC)
    await shoot(page, 'ports-picture')
  })

  test('and can be unplugged again', async () => {
    const { page } = sam
    const closed = new Promise<string>((resolve) => socket?.once('close', (code, reason) => resolve(`${code} ${reason}`)))
    await page.getByRole('button', { name: 'Real machines' }).click()
    const dialog = page.getByRole('dialog', { name: 'Real machines' })
    await dialog.getByRole('button', { name: 'Unplug the machine at home-switch:6' }).click()
    expect(await closed).toBe('1008 unplugged by Sam Student')
    await dialog.getByText('No real machine is plugged in.').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await expect.poll(() => page.locator('.node.real').count()).toBe(0)
    expect(sam.faults).toEqual([])
  })
})
