import type { Page } from 'playwright-core'

// What somebody who teaches does on the pages, from wherever they are.

/** To one of the parts of the product. */
export const toArea = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name, exact: true }).click()

export async function makeCourse(page: Page, title: string): Promise<void> {
  await toArea(page, 'Courses')
  await page.getByLabel('Name of a new course').fill(title)
  await page.getByRole('button', { name: 'Make the course' }).click()
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
}

type Wish = {
  /** Of the catalogue, as it is called there; or the text of one. */
  readonly lab: string | { readonly yaml: string }
  readonly title?: string
  readonly variants?: 'Each gets their own'
  readonly forGroups?: true
}

/** On the page of a course: makes an assignment and publishes it; the id of it. */
export async function assign(page: Page, { lab, title, variants, forGroups }: Wish): Promise<string> {
  await page.getByRole('button', { name: 'New assignment' }).click()
  const dialog = page.getByRole('dialog', { name: 'New assignment' })
  await dialog.getByRole('combobox').selectOption({ label: typeof lab === 'string' ? lab : 'A lab.yaml of your own' })
  if (typeof lab !== 'string') await dialog.getByRole('textbox').fill(lab.yaml)
  await dialog.getByRole('button', { name: 'Make a draft' }).click()
  await page.getByRole('heading', { level: 1, name: /^Edit/ }).waitFor()
  if (title !== undefined) await page.getByLabel(/^Title/).fill(title)
  if (variants !== undefined) await page.getByLabel('Variants').selectOption({ label: variants })
  if (forGroups) await page.getByLabel(/Groups work on it/).check()
  await page.getByRole('button', { name: 'Publish' }).click()
  await page.waitForURL(/\/assignments\/[^/]+$/)
  return page.url().split('/').at(-1) ?? ''
}

/** On the page of a course: takes somebody of the organisation into it. */
export async function enrol(page: Page, name: RegExp, part: 'Student' | 'Assistant' | 'Observer'): Promise<void> {
  await page.getByRole('button', { name: 'Add somebody' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add somebody to the course' })
  const who = dialog.getByRole('combobox').first()
  await who.selectOption(await who.locator('option', { hasText: name }).getAttribute('value'))
  await dialog.getByRole('combobox').last().selectOption({ label: part })
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('row', { name }).waitFor()
}

/** A student opens what they have to do by its name, and the lab of it. */
export async function openLab(page: Page, title: string): Promise<void> {
  await toArea(page, 'Courses')
  await page.getByRole('link', { name: new RegExp(`^${title}`) }).click()
  await page.getByRole('button', { name: /the lab$/ }).click()
  await page.waitForURL(/\/labs\//)
}
