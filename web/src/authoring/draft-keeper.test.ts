import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Draft, Texts } from '../api/authoring.ts'
import { Problem } from '../api/http.ts'
import { DraftKeeper } from './draft-keeper.ts'

const who = { id: 'p', name: 'Tess' }
const draft: Draft = { definition: 'a', brief: 'b', solutions: [], revision: 4, savedBy: who, savedAt: 't4' }

/** A service that holds a draft, as the real one does. */
function service() {
  const held = { revision: 4, definition: 'a' }
  const sent: string[] = []
  const refusals: Problem[] = []
  const save = async (_id: string, revision: number, texts: Texts) => {
    sent.push(texts.definition)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const refusal = refusals.shift()
    if (refusal) throw refusal
    if (revision !== held.revision) throw new Problem(409, 'Otto saved this draft.', undefined, 'draft-changed')
    held.revision++
    held.definition = texts.definition
    return { revision: held.revision, savedAt: `t${held.revision}`, title: '' }
  }
  return { held, sent, refusals, save }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

it('saves once, a moment after the last key, and what came meanwhile after that', async () => {
  const { held, sent, save } = service()
  const keeper = new DraftKeeper('x', draft, save)
  for (const definition of ['ab', 'abc', 'abcd']) {
    keeper.change({ definition })
    await pass(500)
  }
  expect([sent, keeper.store.get().state]).toEqual([[], 'dirty'])
  await pass(710)
  expect(keeper.store.get().state).toBe('saving')
  keeper.change({ definition: 'abcde' })
  await pass(100)
  expect([held.definition, keeper.store.get().state]).toEqual(['abcd', 'dirty'])
  await pass(2000)
  expect([sent, held, keeper.store.get().state, keeper.read]).toEqual([
    ['abcd', 'abcde'],
    { revision: 6, definition: 'abcde' },
    'saved',
    6,
  ])
})

it('does not overwrite what somebody else has saved, keeps its own text, and goes on with either', async () => {
  const { held, sent, save } = service()
  const keeper = new DraftKeeper('x', draft, save)
  held.revision = 9
  keeper.change({ definition: 'mine' })
  await pass(2000)
  expect(keeper.store.get()).toMatchObject({
    state: 'conflict',
    message: 'Otto saved this draft.',
    texts: { definition: 'mine' },
  })
  keeper.change({ definition: 'mine too' })
  await pass(60_000)
  expect(sent).toEqual(['mine'])
  const saving = keeper.overwrite({ ...draft, definition: 'theirs', revision: 9 })
  await pass(100)
  expect([await saving, held.definition]).toEqual([true, 'mine too'])
  keeper.replace({ ...draft, definition: 'restored', revision: 12 })
  expect(keeper.store.get()).toMatchObject({ state: 'saved', loaded: 1, texts: { definition: 'restored' } })
})

it('tries again when the service could not be reached, and not when it refuses', async () => {
  const { held, sent, refusals, save } = service()
  const keeper = new DraftKeeper('x', draft, save)
  refusals.push(new Problem(0, 'gone'), new Problem(413, 'too large'))
  keeper.change({ definition: 'c' })
  await pass(1300)
  expect(keeper.store.get()).toMatchObject({ state: 'failed', message: 'gone' })
  await pass(60_000)
  expect([sent.length, keeper.store.get().message, held.definition]).toEqual([2, 'too large', 'a'])
  keeper.change({ definition: 'd' })
  keeper.close()
  await pass(100)
  expect(held.definition).toBe('d')
})
