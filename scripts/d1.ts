import type { Miniflare } from 'miniflare'

/** A D1 database as Miniflare hands it to Node. */
export type D1 = Awaited<ReturnType<Miniflare['getD1Database']>>
