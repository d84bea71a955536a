// Who may do what: everybody that the table of routes speaks of, and each rule with its answers (docs/decisions/0009).

export const everybody = [
  'owner',
  'teacher',
  'assistant',
  'other assistant',
  'holder',
  'classmate',
  'other student',
  'course observer',
  'observer',
] as const
export type Who = (typeof everybody)[number]

/** For each of `everybody`, in that order: + may; - is told that they may not (403); 0 is told that there is none (404). */
type Outcomes = string
type Rule = {
  readonly words: string
  /** By object: labs are somebody's own or the copy of an assignment, everything else is `it`. */
  readonly on: Readonly<Record<string, Outcomes>>
  /** A key that acts for nobody, with the scope of the route; absent: it may. */
  readonly machine?: '-' | '0'
}

export const rules = {
  'organisation: everybody': { words: 'whoever belongs to the organisation', on: { it: '+++++++++' } },
  'organisation: students': { words: 'whoever may have labs', on: { it: '+++++++--' } },
  'organisation: assistants': { words: 'those who teach', on: { it: '++++-----' } },
  'organisation: teachers': { words: 'teachers and owners', on: { it: '++-------' } },
  'organisation: owners': { words: 'owners', on: { it: '+--------' } },
  'lab: watch': { words: 'whoever may see the lab', on: { own: '+++++++++', copy: '+++0+00+0' } },
  'lab: work': { words: 'whoever may type in the lab', on: { own: '+++++++--', copy: '+++0+00-0' } },
  'lab: teach': { words: 'those who teach there', on: { own: '++++-----', copy: '+++0-00-0' } },
  'course: see': { words: 'whoever has a part in the course', on: { it: '+++0++0+0' } },
  'course: study': { words: 'its students', on: { it: '---0++0-0' }, machine: '-' },
  'course: watch': { words: 'those who teach it, and its observers', on: { it: '+++0--0+0' } },
  'course: assist': { words: 'those who teach it', on: { it: '+++0--0-0' } },
  'course: manage': { words: 'its teachers', on: { it: '++-0--0-0' } },
  'submission: read': { words: 'who handed it in, who teaches the course, its observers', on: { it: '+++0+00+0' } },
  'submission: speak': { words: 'who handed it in, who teaches the course', on: { it: '+++0+00-0' } },
  'submission: grade': { words: 'who teaches the course', on: { it: '+++0-00-0' } },
  'organisation: people': {
    words: 'whoever belongs to the organisation; keys for machines do not',
    on: { it: '+++++++++' },
    machine: '-',
  },
  'lab: view': { words: 'who looks at that moment, teachers and owners', on: { view: '++00+0000' } },
  'lab: delete': {
    words: 'who made it, and those who teach; labs of assignments answer 409',
    on: { own: '+++++----', copy: '+++0+00-0' },
  },
  'lab: invite': { words: 'who made it, and those who teach there', on: { own: '+++++----', copy: '+++0-00-0' } },
  'job: read': { words: 'teachers and owners, and who has started it', on: { it: '++0000000' } },
  'launch: its person': { words: 'who came in by it', on: { it: '0+0000000' }, machine: '0' },
  'submission: own words': { words: 'who wrote it', on: { it: '0000+00-0' }, machine: '0' },
  'submission: ask': { words: 'who handed it in', on: { it: '---0+00-0' }, machine: '-' },
  'account: own session': { words: 'whose session it is', on: { it: '0000+0000' } },
  operator: { words: 'who runs the service, by the key of the operator; everybody else is told that they are nobody', on: {} },
  open: { words: 'anybody: what is sent is the secret', on: {} },
} satisfies Record<string, Rule>
