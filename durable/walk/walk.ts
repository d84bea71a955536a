// Types a script into a lab. Pure but for what it is given, so that tests can do it inside workerd too.

import type { CheckMaterial, CheckOutcome, ExecResult, GivenAnswer, Hand, JournalEntry, LabApi } from '../engine/lab/lab-api.ts'
import { LINK_ETHERNET, LINK_RAW_IP, pcapng } from '../engine/lab/pcapng.ts'
import { fillPlaceholders } from '../engine/lab/placeholders.ts'
import type { Change } from '../engine/lab/query/index.ts'
import type { Sighting } from '../engine/link/recorder.ts'
import { VERDICTS } from '../engine/link/verdict.ts'
import { matchesWildcard } from '../engine/machine/wildcard.ts'
import type { Step } from './script.ts'

/** One step and what came of it. `output` is the answer of a command, `further` what other consoles printed meanwhile. */
export type Told = {
  readonly step: Step
  /** The line as it was typed, with addresses filled in. */
  readonly line: string
  readonly prompt: string
  readonly output: string
  readonly result: ExecResult | null
  readonly further: readonly { readonly console: string; readonly text: string }[]
  readonly fault: string
  /** What was seen because of it. */
  readonly seen: readonly Sighting[]
}

export class Walk {
  /** May be replaced between steps by the same lab, stored and opened again. */
  lab: LabApi
  readonly told: Told[] = []
  readonly journal: JournalEntry[] = []
  readonly sightings: Sighting[] = []
  readonly answers: GivenAnswer[] = []
  /** What changed, where a check asks for it: reading it off all parts after every step takes time. */
  readonly changes: Change[] = []
  /** What was kept of what lines printed, by name. */
  readonly kept = new Map<string, string>()
  /** Sightings that the ring had overwritten before they were gathered. */
  lost = 0
  private readonly asksForChanges: boolean
  private command = 0
  private gathered = 0

  constructor(lab: LabApi) {
    this.lab = lab
    this.asksForChanges = lab.definition.checks.some(({ verb }) => verb.kind === 'answer' && verb.when === 'ever')
    this.note()
    this.changes.length = 0
    this.gather()
  }

  play(steps: readonly Step[], tell: (told: Told) => void = () => {}): this {
    for (const step of steps) tell(this.step(step))
    return this
  }

  step(step: Step): Told {
    this.lab.readBy(() => this.gather())
    const before = this.sightings.length
    const taken = this.take(step)
    this.gather()
    this.note()
    const told = { ...taken, seen: this.sightings.slice(before).filter(({ origin }) => origin === this.command) }
    this.told.push(told)
    return told
  }

  /** Types one line and answers what it printed. */
  type(console: string, text: string): string {
    return this.step({ kind: 'type', line: 0, console, text }).output
  }

  check(): CheckOutcome[] {
    return this.lab.grade(this.lab.definition.checks, this.material())
  }

  /** What checks look at beside the lab. */
  material(): CheckMaterial {
    return { journal: this.journal, seen: () => this.sightings, answers: this.answers, changes: () => this.changes }
  }

  /** What every adapter saw, as a capture file: one interface per adapter, in order of name. */
  capture(): Uint8Array<ArrayBuffer> {
    const { vantages, definition } = this.lab
    const places = vantages.map((one) => ({ ...one, name: `${one.machine}/${one.adapter}` }))
    const names = places.map(({ name }) => name).sort()
    const number = new Map(places.map((one) => [one.number, names.indexOf(one.name)]))
    const linkTypes = new Map(places.map(({ name, linkType }) => [name, linkType === 'raw-ip' ? LINK_RAW_IP : LINK_ETHERNET]))
    return pcapng(
      names.map((name) => ({ name, linkType: linkTypes.get(name) as number })),
      this.sightings.map((seen) => ({
        interface: number.get(seen.vantage) as number,
        timeMicros: seen.time,
        bytes: seen.bytes,
        originalLength: seen.length,
        direction: seen.direction,
        comment: comment(seen),
      })),
      definition.epochMicros,
    )
  }

  private take(step: Step): Omit<Told, 'seen'> {
    const empty = { step, line: '', prompt: '', output: '', result: null, further: [], fault: '' }
    switch (step.kind) {
      case 'say':
        return empty
      case 'type': {
        const line = this.filled(step.text)
        const prompt = this.lab.console(step.console)?.prompt
        if (prompt === undefined) return { ...empty, line, fault: `there is no terminal on ${step.console}` }
        const id = ++this.command
        const result = this.lab.exec(step.console, line, id)
        const { output, exitStatus, startedAt: at, endedAt } = result
        this.journal.push({ id, console: step.console, line, output, at, exitStatus, endedAt })
        const busy = result.status === 'done' || step.goesOn ? [] : [`${step.console} is still busy: ${result.status}`]
        return {
          ...empty,
          line,
          prompt,
          output: result.output,
          result,
          further: this.lab.takeOutput(),
          fault: [...busy, ...result.unsettled.map((what) => `not settled: ${what}`)].join('; '),
        }
      }
      case 'shows':
      case 'hides':
        return { ...empty, fault: this.unexpected(step.kind, step.text) }
      case 'keep': {
        const found = new RegExp(this.known(step.pattern, literally), 'm').exec(this.lastOutput())?.[1]
        if (found !== undefined) this.kept.set(step.name, found)
        return {
          ...empty,
          fault: found === undefined ? `"${this.lastTyped()?.line ?? ''}" prints nothing like ${step.pattern}` : '',
        }
      }
      case 'answer':
        return this.answer(empty, step.check, this.filled(step.text))
      case 'wait': {
        const { refused = '' } = this.lab.operate({ do: 'advance', to: this.lab.now + step.micros }, ++this.command)
        return { ...empty, further: this.lab.takeOutput(), fault: refused }
      }
      case 'interrupt':
        this.lab.interrupt(step.console)
        return { ...empty, further: this.lab.takeOutput() }
      case 'plug':
      case 'unplug':
        return this.hand(empty, { action: step.kind, link: step.link })
      case 'power-on':
      case 'power-off':
        return this.hand(empty, { action: step.kind, machine: step.machine })
    }
  }

  /** What is wrong with the answer of the last line, or ''. */
  private unexpected(kind: 'shows' | 'hides', text: string): string {
    const typed = this.lastTyped()
    const wanted = this.filled(text)
    const answer = this.lastOutput().split('\n')
    const shown = answer.some((one) => matchesWildcard(`*${wanted}*`, one))
    if (shown === (kind === 'shows')) return ''
    return `"${typed?.line ?? ''}" prints ${shown ? 'a' : 'no'} line with "${wanted}"`
  }

  private filled(text: string): string {
    return fillPlaceholders(
      this.known(text, (value) => value),
      (machine) => this.lab.kernel(machine),
    )
  }

  private known(text: string, write: (value: string) => string): string {
    return text.replace(/<([a-z][a-z0-9-]*)>/g, (whole, name: string) => {
      const value = this.kept.get(name)
      return value === undefined ? whole : write(value)
    })
  }

  private lastTyped(): Told | undefined {
    return this.told.findLast(({ step }) => step.kind === 'type')
  }

  private lastOutput(): string {
    const typed = this.lastTyped()
    return [typed?.output, ...(typed?.further ?? []).map((one) => one.text)].join('\n')
  }

  private answer(empty: Omit<Told, 'seen'>, check: string, value: string): Omit<Told, 'seen'> {
    const asked = this.lab.definition.checks.find(({ id }) => id === check)
    const { verb } = asked ?? {}
    const line = ++this.command
    if (!asked || (verb?.kind !== 'answer' && verb?.kind !== 'names-fault'))
      return { ...empty, line: value, fault: `${check} asks nothing` }
    if (verb.choices && !verb.choices.some(({ id }) => id === value) && !(verb.kind === 'answer' && verb.list))
      return { ...empty, line: value, fault: `${value} is none of the choices` }
    if (this.answers.filter((one) => one.check === check).length >= (verb.attempts ?? Number.POSITIVE_INFINITY))
      return { ...empty, line: value, fault: 'all answers to this task are used up' }
    this.answers.push({ check, value, at: this.lab.now, line, noted: this.lab.noted(asked) })
    return { ...empty, line: value }
  }

  private hand(empty: Omit<Told, 'seen'>, hand: Hand): Omit<Told, 'seen'> {
    const done = this.lab.hand(hand, ++this.command)
    return { ...empty, further: this.lab.takeOutput(), fault: done.ok ? '' : done.message }
  }

  private note(): void {
    if (this.asksForChanges) this.changes.push(...this.lab.takeChanges().changes)
  }

  private gather(): void {
    const seen = this.lab.sightings(this.gathered)
    this.lost += this.lab.nextSighting - this.gathered - seen.length
    this.sightings.push(...seen)
    this.gathered = this.lab.nextSighting
  }
}

/** The value as a pattern that finds itself. */
const literally = (value: string): string => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

const usual = new Set<string>(['sent', 'delivered', 'forwarded'])

/** What became of a packet, where that is worth a word. */
export function comment({ verdict, detail }: Sighting): string | undefined {
  if (usual.has(verdict)) return undefined
  const { sentence } = VERDICTS.find(({ code }) => code === verdict) as (typeof VERDICTS)[number]
  return detail === '' ? sentence : `${sentence} ${detail}`
}

/** What a person at the terminals would have seen. The console is named whenever another one is typed into. */
export class Transcript {
  private at = ''

  /** The text of one more step. */
  add(one: Told): string {
    const text = paragraph(one, this.at)
    if (one.step.kind !== 'shows' && one.step.kind !== 'hides' && one.step.kind !== 'keep')
      this.at = one.step.kind === 'type' && one.further.length === 0 ? one.step.console : ''
    return text
  }
}

export function transcript(told: readonly Told[]): string {
  const whole = new Transcript()
  return told
    .map((one) => whole.add(one))
    .join('')
    .trimStart()
}

function paragraph({ step, line, prompt, output, further, fault }: Told, at: string): string {
  const rest = [
    ...further.filter(({ text }) => text !== '').map(({ console, text }) => `[${console}]\n${ended(text)}`),
    ...(fault === '' ? [] : [`! ${fault}\n`]),
  ].join('')
  switch (step.kind) {
    case 'say':
      return `\n${step.text}\n`
    case 'type':
      return `${step.console === at ? '' : `\n[${step.console}]\n`}${prompt}${line}\n${ended(output)}${rest}`
    case 'shows':
    case 'hides':
    case 'keep':
      return fault === '' ? '' : `! ${fault}\n`
    case 'answer':
      return `\n? ${step.check}: ${line}\n${rest}`
    case 'wait':
      return `\n@ wait ${step.micros / 1_000_000}s\n${rest}`
    case 'interrupt':
      return `\n[${step.console}]\n^C\n${rest}`
    case 'plug':
    case 'unplug':
      return `\n@ ${step.kind} ${step.link}\n${rest}`
    case 'power-on':
    case 'power-off':
      return `\n@ ${step.kind} ${step.machine}\n${rest}`
  }
}

const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`)
