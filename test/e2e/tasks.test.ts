// A student answers tasks, pays for a hint, checks, and looks at what shows the points: by keyboard where it matters.
import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingChromium, openBrowser, shoot } from './browser.ts'
import { PersonAtPage } from './person.ts'
import { type DemoServer, startDemo } from './real-server.ts'

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
const definition = readFileSync('durable/definition/fixtures/two-rooms.yaml', 'utf8').replace(/\nchecks:[\s\S]*$/, `\n${tasks}`)

describe.skipIf(missingChromium !== undefined)('tasks of a lab', () => {
  let server: DemoServer
  let browser: Browser
  let sam: PersonAtPage

  beforeAll(async () => {
    server = await startDemo()
    browser = await openBrowser()
    sam = await PersonAtPage.open(browser)
    const { page } = sam
    await page.goto(server.signIn('student'))
    await page.getByRole('heading').first().waitFor()
    const id = await page.evaluate(async (yaml) => {
      const body = JSON.stringify({ definition: yaml, brief: '# Two rooms\n\n1. Look around.', seed: 5 })
      const made = await fetch('/v1/labs', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      return ((await made.json()) as { id: string }).id
    }, definition)
    await page.goto(`${server.url}/labs/${id}`)
    await sam.ready()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  test('are answered with the keyboard, in any way of writing', async () => {
    const { page } = sam
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

  test('a hint is free, or asked about before it is paid for', async () => {
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

  test('the check shows points, what hints cost, and what shows it', async () => {
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
    expect(sam.faults).toEqual([])
  })

  test('is legible in the dark and when it is narrow', async () => {
    const dark = await PersonAtPage.open(browser, 'dark')
    await dark.page.goto(server.signIn('student'))
    await dark.page.setViewportSize({ width: 900, height: 760 })
    await dark.page.goto(sam.page.url())
    await dark.ready()
    await dark.page.getByRole('article', { name: 'What is wrong here' }).waitFor()
    await shoot(dark.page, 'tasks-dark')
    expect(dark.faults).toEqual([])
  })
})
