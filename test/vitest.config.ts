import { defineConfig } from 'vitest/config'
import { soon } from './setup/soon.ts'

export default defineConfig({
  test: {
    globalSetup: ['test/setup/database.ts'],
    // Processes, not threads: tests start servers and kill processes.
    pool: 'forks',
    // Much of a run is waiting: for machines that are silent, leases that run out, processes that start.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: soon },
    teardownTimeout: 15_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: ['src/**/*.test.ts', 'connectors/**/*.test.ts', 'workers/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.long.test.ts'],
        },
      },
      // Minutes for each connector, one after another so that they do not disturb each other's count.
      {
        extends: true,
        test: { name: 'faults', include: ['test/faults/**/*.test.ts'], env: { FAULT_ROUNDS: '20' }, maxWorkers: 1 },
      },
    ],
  },
})
