import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { soon } from './setup/soon.ts'

/** The contract suite takes longest, and would come last because its file is small. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLongest = ({ moduleId }: TestSpecification) => moduleId.endsWith('/test/contract/connectors.test.ts')
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))]
  }
}

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
    sequence: { sequencer: LongestFirst },
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
