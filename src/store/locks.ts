/** Advisory locks of the database, so that no number means two things. */
export const locks = {
  /** Starting processes bring the schema up to date in turn. */
  migration: 5_512_001,
  /** Held while the number of admin keys matters, so that two callers cannot each take the last but one. */
  adminKeys: 5_512_002,
  /** One process judges silence at a time. */
  silence: 5_512_003,
  /** One process fills roll-ups at a time: each level is made of the one below, as it stands. */
  rollups: 5_512_004,
} as const
