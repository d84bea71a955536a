import { mkdirSync } from 'node:fs'
import { startServer } from '../scripts/local-server.ts'
import { buildWeb } from '../scripts/web-bundle.ts'
import { openBrowser } from '../test/e2e/browser.ts'
await buildWeb({ ifStale: true })
const server = await startServer({ demo: true, quiet: true, bindings: { OPERATOR_KEY: 'key' } })
const browser = await openBrowser()
const out = process.env.OUT ?? '/tmp/r4-tour'
mkdirSync(out, { recursive: true })
const sign = (role: string, nth = 0) => server.url + server.demo!.signIn.filter((one) => one.role === role)[nth]!.path
async function person(role: string, nth = 0) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  page.on('pageerror', (e) => console.log(role, 'pageerror', e.message))
  page.on('console', (m) => m.type() === 'error' && console.log(role, page.url(), m.text().slice(0, 200)))
  await page.goto(sign(role, nth))
  await page.getByRole('heading').first().waitFor()
  const ask = (method: string, path: string, body?: unknown): Promise<any> =>
    page.evaluate(async ([how, where, what]) => {
      const answer = await fetch(String(where), { method: String(how), headers: { 'content-type': 'application/json' }, ...(what !== undefined && { body: JSON.stringify(what) }) })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${how} ${where}: ${answer.status} ${text}`)
      return text === '' ? null : JSON.parse(text)
    }, [method, path, body] as const)
  async function shot(path: string, name: string, before: () => Promise<unknown> = async () => {}) {
    for (const [width, scheme] of [[1440, 'light'], [1440, 'dark'], [390, 'light']] as const) {
      if (process.env.ONE && width !== 1440) continue
      if (process.env.ONE && scheme === 'dark') continue
      await page.emulateMedia({ colorScheme: scheme })
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
      await page.goto(server.url + path)
      await page.waitForLoadState('networkidle').catch(() => {})
      await page.waitForTimeout(150)
      await before()
      const over = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')
      if (Number(over) > 0) console.log('OVERFLOW', name, width, over)
      await page.screenshot({ path: `${out}/${name}-${width}-${scheme}.png` })
    }
  }
  return { page, ask, shot }
}
const tess = await person('teacher')
const olga = await person('owner')
const sam = await person('student')
const ines = await person('student', 1)
// empty
await tess.shot('/courses', 'e-courses')
await tess.shot('/grades', 'e-grades')
await tess.shot('/jobs', 'e-jobs')
await tess.shot('/authoring', 'e-authoring')
await sam.shot('/courses', 'e-courses-student')
await sam.shot('/', 'e-home-student')
const course = await tess.ask('POST', '/v1/courses', { title: 'Networks 1: how packets find their way through a rather long building, second year, group B' })
for (const p of ['demo-student-1', 'demo-student-2']) await tess.ask('POST', `/v1/courses/${course.id}/people`, { person: p, role: 'student' })
await tess.shot(`/courses/${course.id}`, 'course')
const csv = ['name,email,group', ...Array.from({ length: 200 }, (_, i) => `${i === 7 ? 'Maximiliane-Friederike von und zu Hohenschwangau-Neuschwanstein the Third' : i === 8 ? '<b>Bobby</b> Tables' : `Student ${i + 1}`},s${i}@example.org,`)].join('\n')
const read = await tess.ask('POST', `/v1/courses/${course.id}/roster`, { csv }).catch((e) => (console.log(String(e).slice(0, 300)), null))
const made = await tess.ask('POST', `/v1/courses/${course.id}/assignments`, { catalogue: 'default-switch-detective', title: 'Default Switch detective with a title that is longer than most' }).catch((e) => (console.log(String(e).slice(0, 300)), null)) ?? await tess.ask('POST', `/v1/courses/${course.id}/assignments`, { catalogue: 'default-switch', title: 'Default Switch' })
await tess.ask('PATCH', `/v1/assignments/${made.id}`, { dueAt: new Date(Date.now() + 3 * 86400000).toISOString(), attempts: 3 })
await tess.ask('POST', `/v1/assignments/${made.id}/publish`)
const labs: string[] = []
for (const one of [sam, ines]) {
  const { labId } = await one.ask('POST', `/v1/assignments/${made.id}/open`)
  labs.push(labId)
  const { consoles } = await one.ask('GET', `/v1/labs/${labId}`).catch(() => ({ consoles: [] }))
  for (const line of ['ip address', 'ping -c 1 www.example.com', 'pign x', 'pign x', 'pign x']) await one.ask('POST', `/v1/labs/${labId}/exec`, { console: 'ubuntu1', line, clientId: `${labId}${line}${Math.random()}` }).catch((e) => console.log(String(e).slice(0, 200)))
}
await sam.ask('POST', `/v1/assignments/${made.id}/submissions`, {})
await tess.page.waitForTimeout(3000)
await tess.shot('/courses', 'courses')
await tess.shot(`/assignments/${made.id}`, 'class')
await tess.shot(`/assignments/${made.id}`, 'class-scrolled', async () => { await tess.page.locator('.class-scroll').evaluate((el) => el.scrollTo(220, 1500)) })
const t0 = performance.now(); await tess.page.goto(`${server.url}/assignments/${made.id}`); await tess.page.locator('.class-table tbody tr').nth(50).waitFor(); console.log('class table ms', Math.round(performance.now() - t0), 'rows', await tess.page.locator('.class-table tbody tr').count())
await tess.shot(`/assignments/${made.id}/edit`, 'edit')
await tess.shot('/grades', 'grades')
await tess.shot(`/grades/${made.id}`, 'grades-of')
const grades = await tess.ask('GET', `/v1/assignments/${made.id}/grades`)
const sub = grades.grades[0]?.submission
await tess.shot(`/submissions/${sub}`, 'submission-teacher')
await sam.shot(`/submissions/${sub}`, 'submission-student')
await sam.shot(`/assignments/${made.id}`, 'assignment-student')
await sam.shot(`/courses`, 'courses-student')
await sam.shot(`/labs/${labs[0]}`, 'lab-student', async () => { await sam.page.locator('.node').first().waitFor({ timeout: 20000 }) })
await tess.shot(`/labs/${labs[0]}`, 'lab-teacher', async () => { await tess.page.locator('.node').first().waitFor({ timeout: 20000 }) })
await tess.shot(`/labs/${labs[0]}`, 'lab-share', async () => { await tess.page.locator('.node').first().waitFor({ timeout: 20000 }); await tess.page.getByRole('button', { name: 'Share' }).click(); await tess.page.waitForTimeout(600) })
await sam.shot(`/labs/nothing`, 'lab-none')
await sam.shot(`/nothing`, 'page-none')
await sam.shot(`/account`, 'account')
for (const p of ['', '/usage', '/keys', '/audit', '/settings']) await olga.shot(`/organisation${p}`, `organisation${p.replace('/', '-')}`)
await olga.shot('/platforms', 'platforms')
await tess.shot('/webhooks', 'webhooks')
await tess.shot('/jobs', 'jobs')
await tess.shot('/authoring', 'authoring')
await sam.shot('/organisation', 'organisation-student')
await sam.shot(`/grades/${made.id}`, 'grades-denied')
const nobody = await browser.newContext()
const np = await nobody.newPage()
for (const [path, name] of [['/', 'landing'], ['/join', 'join'], ['/invitation', 'invitation-bad'], ['/operator', 'operator'], ['/open#x', 'open-bad']] as const)
  for (const [width, scheme] of [[1440, 'light'], [390, 'dark']] as const) {
    await np.emulateMedia({ colorScheme: scheme }); await np.setViewportSize({ width, height: 900 }); await np.goto('about:blank'); await np.goto(server.url + path); await np.waitForTimeout(400)
    await np.screenshot({ path: `${out}/${name}-${width}-${scheme}.png` })
  }
await browser.close()
await server.dispose()
process.exit(0)
