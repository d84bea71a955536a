import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LocalServer, startServer } from '../../scripts/local-server.ts'
import { missingChromium, openBrowser, shoot } from './browser.ts'
import { buildConsole } from './built-console.ts'
import { startMailBox } from './mail-box.ts'
import { startProvider } from './oidc-provider.ts'
import { PersonAtPage } from './person.ts'
import { makeCourse, toArea } from './teaching.ts'

const PASSWORD = 'a rather long password'
const FIRST_OWNER_TOKEN = 'browser-test-owner-token'
const OPERATOR_KEY = 'browser-test-operator-key'

// One organisation from its first owner on; everybody finds their way by what is on the page.
describe.skipIf(missingChromium !== undefined)('an organisation and its people', () => {
  let server: LocalServer
  let browser: Browser
  let mail: Awaited<ReturnType<typeof startMailBox>>
  let provider: Awaited<ReturnType<typeof startProvider>>
  let olga: PersonAtPage
  let ada: PersonAtPage
  let sam: PersonAtPage
  const people: PersonAtPage[] = []
  let invitation = ''
  let samsCode = ''

  const somebody = async (scheme: 'light' | 'dark' = 'light') => {
    const one = await PersonAtPage.open(browser, scheme)
    people.push(one)
    return one
  }
  const tab = (page: Page, name: string) =>
    page.getByRole('navigation', { name: 'Organisation' }).getByRole('link', { name }).click()

  beforeAll(async () => {
    await buildConsole()
    mail = await startMailBox()
    provider = await startProvider()
    const discovery = `${provider.issuer}/.well-known/openid-configuration`
    const school = {
      id: 'school',
      name: 'School account',
      discovery,
      clientId: 'switchroom',
      clientSecret: 'browser-test-secret',
    }
    const bindings = {
      FIRST_OWNER_TOKEN,
      OPERATOR_KEY,
      MAIL_URL: mail.url,
      MAIL_FROM: 'switchroom@school.test',
      OIDC_PROVIDERS: JSON.stringify([school]),
    }
    server = await startServer({ quiet: true, bindings })
    browser = await openBrowser()
    olga = await somebody()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.dispose()
    await mail?.stop()
    await provider?.stop()
  })

  test('the first owner opens the instance and finds the organisation', async () => {
    await olga.page.goto(`${server.url}/auth/first-owner#${FIRST_OWNER_TOKEN}`)
    await olga.page.getByLabel('Organisation').fill('Lakeside School')
    await olga.page.getByLabel('Your name').fill('Olga Owner')
    await olga.page.getByRole('button', { name: 'Open' }).click()
    await toArea(olga.page, 'Organisation')
    await olga.page.getByRole('heading', { name: 'Members' }).waitFor()
    await shoot(olga.page, 'organisation-members')
  })

  test('a teacher is invited by letter, accepts with a password, and signs in with it', async () => {
    await olga.page.getByLabel('Name (optional)').fill('Ada Teacher')
    await olga.page.getByLabel('E-mail address (optional)').fill('ada@school.test')
    await olga.page.getByLabel('Role', { exact: true }).selectOption('teacher')
    await olga.page.getByRole('button', { name: 'Invite', exact: true }).click()
    await olga.page.getByText('A letter is on its way to ada@school.test').waitFor()
    await expect.poll(() => mail.letters.length).toBe(1)
    const link = /http\S+\/invitation#\S+/.exec(mail.letters[0]?.text ?? '')?.[0] ?? ''
    ada = await somebody('dark')
    await ada.page.goto(link)
    await ada.page.getByText('Olga Owner invites you as teacher').waitFor()
    expect(ada.page.url()).not.toContain('#')
    await shoot(ada.page, 'invitation-dark')
    await ada.page.getByLabel('Password').fill('short')
    await ada.page.getByRole('button', { name: 'Accept' }).click()
    await ada.page.getByLabel('Password').fill(PASSWORD)
    await ada.page.getByRole('button', { name: 'Accept' }).click()
    await ada.page.getByRole('heading', { name: 'Start a lab' }).waitFor()
    await ada.page.getByRole('button', { name: 'Sign out' }).click()
    await ada.page.getByLabel('E-mail address').fill('ada@school.test')
    await ada.page.getByLabel('Password').fill('not the password')
    await ada.page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await ada.page.getByText('E-mail address or password is wrong.').waitFor()
    await shoot(ada.page, 'sign-in-wrong-dark')
    await ada.page.getByLabel('Password').fill(PASSWORD)
    await ada.page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await ada.page.getByRole('heading', { name: 'Start a lab' }).waitFor()
  })

  test('by a link in a letter', async () => {
    await ada.page.getByRole('button', { name: 'Sign out' }).click()
    await ada.page.getByLabel('E-mail address').fill('ada@school.test')
    await ada.page.getByRole('button', { name: 'Send me a link instead' }).click()
    await ada.page.getByText('a letter with a link is on its way').waitFor()
    await expect.poll(() => mail.letters.length).toBe(2)
    await ada.page.goto(/http\S+\/sign-in\/mail#\S+/.exec(mail.letters[1]?.text ?? '')?.[0] ?? '')
    await ada.page.getByRole('button', { name: 'Sign in' }).click()
    await ada.page.getByRole('heading', { name: 'Start a lab' }).waitFor()
  })

  test('by the provider of the school; a stranger is told', async () => {
    await ada.page.getByRole('button', { name: 'Sign out' }).click()
    const through = async (email: string) => {
      await ada.page.getByRole('link', { name: 'Sign in with School account' }).click()
      await ada.page.getByLabel('School account').fill(email)
      await ada.page.getByRole('button', { name: 'Continue' }).click()
    }
    await through('stranger@school.test')
    await ada.page.getByText('nobody here has that identity').waitFor()
    await shoot(ada.page, 'sign-in-stranger-dark')
    await through('ada@school.test')
    await ada.page.getByRole('heading', { name: 'Start a lab' }).waitFor()
  })

  test('a student joins by code and a name, and comes back with the code that was shown', async () => {
    await makeCourse(ada.page, 'Networks 1')
    const code = await ada.page.locator('.join-code').innerText()
    sam = await somebody()
    await sam.page.goto(server.url)
    await shoot(sam.page, 'sign-in')
    await sam.page.getByRole('link', { name: 'Join a course with a code' }).click()
    await sam.page.getByLabel('Code of the course').fill('nothing')
    await sam.page.getByRole('button', { name: 'Look it up' }).click()
    await sam.page.getByText('No course has this code').waitFor()
    await sam.page.getByLabel('Code of the course').fill(code.toLowerCase())
    await sam.page.getByRole('button', { name: 'Look it up' }).click()
    await sam.page.getByRole('heading', { name: 'Networks 1' }).waitFor()
    await sam.page.getByLabel('What are you called?').fill('Sam <b>Student</b>')
    await sam.page.getByRole('button', { name: 'Join', exact: true }).click()
    samsCode = await sam.page.locator('.shown-once code').innerText()
    await shoot(sam.page, 'return-code')
    await sam.page.getByRole('button', { name: 'I have it. Go on' }).click()
    await sam.page.getByText('Sam <b>Student</b>').waitFor()
    await sam.page.getByRole('button', { name: 'Sign out' }).click()
    await sam.page.getByText('I have a return code').click()
    await sam.page.getByLabel('Return code').fill(samsCode.toUpperCase().replaceAll('-', ' '))
    await sam.page.getByRole('button', { name: 'Come back' }).click()
    await sam.page.getByText('Sam <b>Student</b>').waitFor()
    expect(await sam.page.getByRole('link', { name: 'Organisation' }).count()).toBe(0)
  })

  test('an account: another name, sessions, what is used, and the data as a file', async () => {
    await sam.page.getByRole('link', { name: /Sam .*account/ }).click()
    await sam.page.getByRole('heading', { name: 'Your account' }).waitFor()
    await sam.page.getByLabel('What you are called').fill('Sam Student')
    await sam.page.getByRole('button', { name: 'Change the name' }).click()
    await sam.page.getByText('Your name is changed').waitFor()
    await sam.page.getByText('This one').waitFor()
    await shoot(sam.page, 'account')
    const waiting = sam.page.waitForEvent('download')
    await sam.page.getByRole('link', { name: 'Export my data' }).click()
    const file = await (await waiting).createReadStream()
    let text = ''
    for await (const part of file) text += String(part)
    expect(JSON.parse(text)).toMatchObject({ person: { name: 'Sam Student', role: 'student' } })
    expect(text).not.toContain(samsCode)
    await sam.page.setViewportSize({ width: 420, height: 800 })
    await shoot(sam.page, 'account-narrow')
    await sam.page.setViewportSize({ width: 1280, height: 800 })
  })

  test('an account: an e-mail address counts when the link of its letter was opened, and is changed by another', async () => {
    const { page } = sam
    const letterTo = async (address: string) => {
      await expect
        .poll(() => mail.letters.some(({ to, text }) => to === address && text.includes('/account/address#')))
        .toBe(true)
      const { text = '' } = mail.letters.findLast(({ to }) => to === address) ?? {}
      await page.goto(/http\S+\/account\/address#\S+/.exec(text)?.[0] ?? '')
      expect(page.url()).toContain('/account/address')
      await page.getByRole('button', { name: 'Confirm the address' }).click()
      await page.getByText(`${address} is yours.`).waitFor()
    }
    const signsIn = async (address: string) => {
      await page.getByRole('button', { name: 'Sign out' }).click()
      // The page before has a section of that name.
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
      await page.getByLabel('E-mail address').fill(address)
      await page.getByLabel('Password').fill(PASSWORD)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    }
    await page.getByLabel('E-mail address').fill('sam@school.test')
    await page.getByLabel('New password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Set a password' }).click()
    await page.getByText('A letter is on its way to sam@school.test. Open the link').waitFor()
    await shoot(page, 'account-letter-sent')
    await letterTo('sam@school.test')
    await shoot(page, 'account-address-proved')
    await page.getByRole('link', { name: 'Your account' }).click()
    await page.getByText('sam@school.test (proved)').waitFor()
    await signsIn('sam@school.test')
    await page.getByRole('link', { name: /Sam .*account/ }).click()
    await page.getByLabel('New address').fill('sam.student@school.test')
    await page.getByLabel('Your password').fill('not the password')
    await page.getByRole('button', { name: 'Send the letter' }).click()
    await page.getByText('The password is wrong.').waitFor()
    await page.getByLabel('Your password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Send the letter' }).click()
    await page.getByText('A letter is on its way to sam.student@school.test. Open the link').waitFor()
    await letterTo('sam.student@school.test')
    await expect.poll(() => mail.letters.at(-1)?.to).toBe('sam@school.test')
    await page.getByRole('link', { name: 'Your account' }).click()
    await page.getByText('sam.student@school.test (proved)').waitFor()
    await signsIn('sam@school.test')
    await page.getByText('E-mail address or password is wrong.').waitFor()
    await page.getByLabel('E-mail address').fill('sam.student@school.test')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('link', { name: /Sam .*account/ }).waitFor()
  })

  test('a link to copy is accepted by one person', async () => {
    await toArea(olga.page, 'Organisation')
    await olga.page.reload()
    await olga.page.getByLabel('Name (optional)').fill('Ines')
    await olga.page.getByLabel('Role', { exact: true }).selectOption('observer')
    await olga.page.getByRole('button', { name: 'Invite', exact: true }).click()
    invitation = await olga.page.locator('.shown-once code').innerText()
    const ines = await somebody()
    await ines.page.goto(invitation)
    await ines.page.getByRole('button', { name: 'Accept' }).click()
    await ines.page.getByText('Your return code').waitFor()
    const second = await somebody()
    await second.page.goto(invitation)
    await second.page.getByRole('heading', { name: 'This invitation does not work' }).waitFor()
  })

  test('roles change, what was not accepted is withdrawn, and who is removed is out at once', async () => {
    const { page } = olga
    await page.getByLabel('Name (optional)').fill('Nobody Yet')
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
    await page.getByRole('button', { name: 'Withdraw the invitation of Nobody Yet' }).click()
    await page.getByText('The invitation is withdrawn').waitFor()
    await page.reload()
    const ines = people.at(-2)
    await page.getByLabel('Role of Ines').selectOption('assistant')
    await page.getByText('Ines is now assistant').waitFor()
    await page.getByRole('button', { name: 'More about Ines' }).click()
    await page.getByRole('button', { name: 'Make a sign-in link' }).click()
    const link = await page.locator('.shown-once code').innerText()
    await ines?.page.goto(link)
    await ines?.page.getByText('assistant, Lakeside School').waitFor()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('Ines is no member any more').waitFor()
    await expect.poll(() => page.getByRole('rowheader', { name: 'Ines' }).count()).toBe(0)
    await ines?.page.reload()
    await ines?.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  test('a key is made, used, and revoked', async () => {
    await tab(olga.page, 'Keys')
    await olga.page.getByText('There is none yet.').waitFor()
    await olga.page.getByLabel('What it is for').fill('Grader')
    await olga.page.getByLabel(/labs:check/).check()
    await olga.page.getByRole('button', { name: 'Make the key' }).click()
    const secret = await olga.page.locator('.shown-once code').first().innerText()
    const use = () => fetch(`${server.url}/v1/labs`, { headers: { authorization: `Bearer ${secret}` } })
    expect((await use()).status).toBe(200)
    await olga.page.getByRole('cell', { name: `${secret.slice(0, 7)}…` }).waitFor()
    await shoot(olga.page, 'organisation-keys')
    await olga.page.getByRole('button', { name: 'Revoke Grader' }).click()
    await olga.page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await olga.page.getByText('Grader is revoked').waitFor()
    expect((await use()).status).toBe(401)
  })

  test('usage, settings and the log; what a teacher may not see, a teacher does not see', async () => {
    await tab(olga.page, 'Usage')
    await olga.page.getByText('Estimated cost').waitFor()
    await shoot(olga.page, 'organisation-usage')
    await tab(olga.page, 'Settings')
    await olga.page.getByLabel(/Remove labs and submissions/).check()
    await olga.page.getByLabel('After how many days without use').fill('90')
    await olga.page.getByRole('button', { name: 'Save' }).click()
    await olga.page.getByText('The settings are saved').waitFor()
    await shoot(olga.page, 'organisation-settings')
    await tab(olga.page, 'Audit log')
    await olga.page.getByText('key.revoked').waitFor()
    await olga.page.getByLabel('Show').selectOption('organisation')
    await olga.page.getByText('organisation.changed').waitFor()
    await expect.poll(() => olga.page.getByText('key.revoked').count()).toBe(0)
    await shoot(olga.page, 'organisation-audit')
    await toArea(ada.page, 'Organisation')
    await ada.page.getByRole('navigation', { name: 'Organisation' }).getByRole('link', { name: 'Usage' }).waitFor()
    expect(await ada.page.getByRole('navigation', { name: 'Organisation' }).getByRole('link').allInnerTexts()).toEqual([
      'Members',
      'Usage',
    ])
    await ada.page.setViewportSize({ width: 420, height: 800 })
    await shoot(ada.page, 'organisation-members-narrow-dark')
  })

  test('a student is exported and erased by an owner, name typed', async () => {
    await tab(olga.page, 'Members')
    await olga.page.getByRole('button', { name: 'More about Sam Student' }).click()
    const waiting = olga.page.waitForEvent('download')
    await olga.page.getByRole('link', { name: 'Export their data' }).click()
    expect((await waiting).suggestedFilename()).toBe('switchroom-person.json')
    await olga.page.getByRole('button', { name: 'Erase', exact: true }).click()
    const dialog = olga.page.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: 'Erase for ever' }).isDisabled()).toBe(true)
    await dialog.getByLabel(/to confirm/).fill('Sam Student')
    await shoot(olga.page, 'organisation-erase')
    await dialog.getByRole('button', { name: 'Erase for ever' }).click()
    await olga.page.getByText('Sam Student is erased').waitFor()
    await expect.poll(() => olga.page.getByRole('rowheader', { name: 'Sam Student' }).count()).toBe(0)
    await sam.page.reload()
    await sam.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  test('the hourly sweep runs', async () => {
    await server.sweep()
    await tab(olga.page, 'Usage')
    await olga.page.getByText('Estimated cost').waitFor()
    await tab(olga.page, 'Members')
  })

  test('whoever runs the installation suspends it: there is one page, and export, until it goes on', async () => {
    const { page } = await somebody()
    await page.goto(`${server.url}/operator`)
    await page.getByLabel('Key of the operator').fill('wrong')
    await page.getByRole('button', { name: 'Open' }).click()
    await page.getByText('This needs the key of the operator.').waitFor()
    await page.getByLabel('Key of the operator').fill(OPERATOR_KEY)
    await page.getByRole('button', { name: 'Open' }).click()
    await page.getByRole('button', { name: 'Limits of Lakeside School' }).click()
    await page.getByRole('dialog').getByLabel('Labs', { exact: true }).fill('500')
    await page.getByRole('dialog').getByLabel('At rest, GiB', { exact: true }).fill('1.5')
    await page.getByRole('button', { name: 'Set the limits' }).click()
    await page.getByText('Labs: 500, At rest, GiB: 1.5').waitFor()
    await page.getByRole('button', { name: 'Suspend Lakeside School' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('Not paid')
    await page.getByRole('button', { name: 'Suspend it' }).click()
    await page.getByText(/suspended today at \d\d:\d\d: Not paid/).waitFor()
    await shoot(page, 'operator')
    await olga.page.reload()
    await olga.page.getByRole('heading', { name: 'This organisation is suspended' }).waitFor()
    await shoot(olga.page, 'suspended')
    const waiting = olga.page.waitForEvent('download')
    await olga.page.getByRole('button', { name: 'Export the organisation' }).click()
    expect((await waiting).suggestedFilename()).toBe('switchroom-organisation.json')
    await page.getByRole('button', { name: 'Resume Lakeside School' }).click()
    await page.getByText('Lakeside School goes on').waitFor()
    await olga.page.reload()
    await olga.page.getByRole('heading', { name: 'Members' }).waitFor()
    await tab(olga.page, 'Usage')
    await olga.page.getByText('of 500').waitFor()

    await page.getByLabel('Its name').fill('Hillside School')
    await page.getByRole('button', { name: 'Make it' }).click()
    const owner = await somebody('dark')
    await owner.page.goto(await page.locator('.shown-once code').innerText())
    await owner.page.getByLabel('What are you called?').fill('Hilda Owner')
    await owner.page.getByRole('button', { name: 'Accept' }).click()
    await owner.page.getByRole('button', { name: 'I have it. Go on' }).click()
    await owner.page.getByText('owner, Hillside School').waitFor()
  })

  test('the pages reported no errors', () => {
    // A suspended organisation is refused what it asks, which the browser notes.
    expect(people.flatMap(({ faults }) => faults.filter((one) => !/401|403/.test(one)))).toEqual([])
  })
})
