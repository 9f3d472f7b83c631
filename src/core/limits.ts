/** Every bound in one place, each with its reason. Durations in ms, sizes in bytes. */
export const limits = {
  /** A poll interval of a day is the slowest that api.md allows, one second the fastest. */
  pollIntervalSecondsMin: 1,
  pollIntervalSecondsMax: 86_400,
  pollIntervalSecondsDefault: 30,
  /** Lists of minutes and hours fit; what is longer is searched for long. */
  cronCharsMax: 100,
  /** A wait for a time of day is looked at again after so long: the wall clock may have been set, and timers hold 24 days at most. */
  pollLookMs: 60_000,

  /** One machine with more points than this is a wrong profile; PLC exports stay far below. */
  pointsPerEquipment: 500,

  /** Seconds a person would still wait for one answer of a machine. */
  timeoutSecondsMax: 60,

  /** Back-off of a failing machine: first retry, and the longest wait. A machine switched on again is seen within the latter. */
  retryDelayMsMin: 1_000,
  retryDelayMsMax: 30_000,
  /** Refused credentials are tried again this rarely: accounts get locked by more. */
  credentialsRetryMs: 900_000,
  /** A machine that leaves so many requests in a row unanswered, while no other on its link answers either, has the link dialled again. */
  timeoutsBeforeRedial: 2,
  /** A point refused so often in a row is asked again only after `refusedPointRestMs`: as soon as a machine that was away is. */
  pointRefusalsBeforeRest: 3,
  refusedPointRestMs: 30_000,
  /** Shorter waits that a machine asks for are over before a restart is. */
  waitKeptMsMin: 30_000,
  /** Machines with different credentials on one link whose waits are kept; more share no account. */
  waitsPerLink: 50,
  /** One value that a link remembers: two tokens of a cloud, or a day of counts. */
  linkMemoryBytesMax: 32 * 1024,
  /** Dials under way at once in one process: bounds the sockets of a herd after a power cut; silent addresses hold a slot for the whole time-out. */
  dialsAtOnce: 256,
  /**
   * Links opened by one process: so many at once, then so many a second. A thousand that come back together, or are taken over
   * from a worker that died, are spread over 7 s, and with the 8 s of a take-over are polled within 15 s; up to 300 wait for nothing.
   */
  openingsBurst: 300,
  openingsPerSecond: 100,
  /** Requests waiting for one link; more means that the interval is shorter than the link is slow. */
  linkQueueLength: 256,

  /** TCP connect, name resolution included: three SYNs of a machine that is there. */
  dialTimeoutMs: 5_000,
  /** Opening a link in all, the wait for a free dial included. */
  openingTimeoutMs: 120_000,

  /** A link request (test, fresh read) that nobody has run after this long is void. */
  linkRequestLifetimeMs: 60_000,

  /** A shorter time without readings is no gap: a shard of a killed worker moves in less. */
  gapMsMin: 10_000,
  /** Gaps of one reason that follow within this time are one: a machine that comes and goes makes some hundred a day at most. */
  gapsJoinedMs: 300_000,
  /** How long polling waits to be told of gaps before it, where somebody has locked the readings. */
  beginLockTimeoutMs: 1_000,
  /** Days of completeness in one answer: a quarter, of some 2,200 hours. */
  completenessDaysMax: 92,
  /** A shorter time without readings is a machine that moved to another worker. */
  backfillGapMsMin: 10_000,
  /** What a machine has kept of longer ago is for whoever asks it himself. */
  backfillReachMs: 86_400_000,
  /** Rows of one gap: a day of every half minute, and what one transaction of the writer takes two or three times. */
  backfillRowsMax: 5_000,
  /** Moments asked for at once, and how long neighbours on a link with room for one request wait for them. */
  backfillPageRows: 500,
  backfillTurnMs: 5_000,
  /** Filling one gap in all; a machine that needs longer is one to leave alone. */
  backfillMs: 120_000,

  /** Things found on a machine that one answer holds: what a person looks through. */
  browsePageDefault: 100,
  browsePageMax: 500,
  /** Listening to a broker: most devices tell something within ten seconds, all that are worth waiting for within thirty. */
  browseSecondsDefault: 10,
  browseSecondsMax: 30,
  /** What a page may take besides listening: a dial, a log-in and some dozen answers of a slow machine. */
  browseAnswerMs: 15_000,
  /** Neighbours on a link with room for one request wait no longer than this for a page. */
  browseTurnMs: 10_000,
  /** Where to look next, in a connector's own words: a path of node ids, or a topic of MQTT. */
  browsePlaceLengthMax: 4_096,
  /** Values of one machine written by one request: a recipe has fewer. */
  writesAtOnce: 50,

  /** Readings are gathered for so long, and safe then: rules judge them. */
  batchIntervalMs: 250,
  /** Between two statements that store what was gathered: what programs and people see may be that much older than what rules judge. */
  storeIntervalMs: 1_000,
  /** So many neither are gathered nor wait for the next statement. */
  batchReadingsMax: 2_000,
  /** The spool holds at most this much; beyond it the oldest batches are dropped and counted. */
  spoolBytesMax: 512 * 1024 * 1024,
  /** Older readings are of no more use to anybody who waits for the database: two weeks outlast a holiday. */
  spoolAgeMsMax: 14 * 24 * 3_600_000,
  /** The spool leaves this much of its disk to others: room to delete from a file, which needs space too, and for a checkpoint. */
  spoolDiskFreeBytesMin: 3 * 1024 * 1024,
  /** After an outage the spool is emptied in statements of about so many readings: long enough to be fast, short for the newest to come between. */
  drainReadingsMax: 5_000,

  /** What no doorbell announced is found within this time. */
  sweepIntervalMs: 2_000,

  /** Request bodies: the largest configuration (500 points) is about 100 KB. */
  bodyBytesMax: 1024 * 1024,
  /** Deepest useful JSON is 6; a depth like this is an attack. */
  jsonDepthMax: 32,
  /** A client that takes longer than this to send its request is dripping. */
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 8_000,
  /** An answer that needs only the database; a frozen one must not hold clients for ever. */
  answerTimeoutMs: 15_000,
  /** How long a key that was valid opens what can be answered without the database, while that is away. */
  keyTrustWithoutDatabaseMs: 3_600_000,
  /** Machines whose newest values an api process remembers for when the database is away: a row of each. */
  newestValuesKept: 10_000,
  /** An answer that a machine is asked for. */
  machineAnswerTimeoutMs: 75_000,
  /** An answer kept under an Idempotency-Key: programs that lost it ask again within minutes, people the next morning. */
  answerKeptMs: 86_400_000,
  /** Such answers of one API key; a program that makes more in a day has long had the oldest ones. */
  answersKeptPerCaller: 10_000,
  pageSizeDefault: 50,
  pageSizeMax: 500,

  /** Body of an answer of a REST machine. */
  deviceBodyBytesMax: 1024 * 1024,

  /** Rows of history read at once: long enough to be fast, short enough that many answers fit side by side. */
  historyRowsAtOnce: 4_000,
  /** Parts of a history that are read at once, each with its first rows: all of most, whose edges are read from finer roll-ups. */
  historyPartsAhead: 4,
  /** Rows that one answer of buckets is made of: some 2 s of work. The next page goes on. */
  historyRowsPerAnswer: 200_000,
  /** Exports of one process at once; each keeps a connection of the database busy. */
  exportsMax: 4,

  /** A reading that is stored later than this after its time is late: its roll-ups are filled once more. */
  readingLateMs: 60_000,
  /** One run of filling roll-ups; what is left the next one does, and the rest of the upkeep gets its turn. */
  rollupRunMs: 300_000,
  /** Machines whose late hour is filled at once: at a reading a second each some 90,000 rows. */
  rollupMachinesAtOnce: 25,
  /** Values beyond are left out of statistics: sentinels of doubles, whose sum would be none. 1e18 of these still add up. */
  statisticValueMax: 1e290,

  /** Expired events deleted at once: some 100 ms, with what belongs to them. */
  expiredRowsAtOnce: 5_000,
  /** How long dropping a partition waits for its lock: writers wait behind it, and a second is what a batch may take. */
  dropLockTimeoutMs: 1_000,

  /** Live streams of one process: each takes some 50 KB. */
  streamsMax: 1_000,
  /** Bytes that still wait for a reader when more is to be sent: it is too slow. A second of 1,000 machines is two fifths, told in parts. */
  streamBufferBytesMax: 2 * 1024 * 1024,
  /** Events kept for a stream while what it missed is read. */
  streamEventsKept: 10_000,
  /** Readings that are read and sent at once: what readers take before the next ones come. */
  streamReadingsAtOnce: 500,
  /** Announced and not read yet: beyond this the database is slower than what is written. */
  streamNewsMax: 50_000,
  /** What a stream that is taken up again is told at most; who was away for longer asks for the history. */
  streamReplayMs: 3_600_000,
  streamReplayMax: 5_000,

  /** Longest backlink URL that mail, chat and aePiot carry. */
  backlinkLengthMax: 2_000,
  /** An alert link opens for a week: longer than any shift plan, short enough to be forgotten. */
  alertTokenLifetimeMs: 7 * 86_400_000,
  /** A closed alert stays readable for a day. */
  alertLinkAfterResolvedMs: 86_400_000,
  /** The same event again within this time is the same alert (requirement L6). */
  alertReopenMs: 300_000,

  /** Webhook: time for one try, and the number of tries over about a day. */
  webhookTimeoutMs: 15_000,
  notificationAttemptsMax: 12,
  /** Where no process has looked after the outbox for so long, or its database is a backup, what waits longer is for a person to judge. */
  outboxUnattendedMsMax: 4 * 3_600_000,
} as const
