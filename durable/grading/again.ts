/** `endedAt` of an answer that an undo has written again into another branch: it was given before, and is no further try. */
export const AGAIN = -1
