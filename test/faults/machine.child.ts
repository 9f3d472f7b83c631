import { loadSubject } from '../contract/subject.ts'

/** `machine.child.ts <connector>`: the machine of its example in a process of its own, which tells its address and its connections. */
const [folder = ''] = process.argv.slice(2)
const { simulator } = await loadSubject(folder)
const machine = await simulator.start(simulator.example.equipment)
process.on('message', () => process.send?.(machine.connections()))
process.on('disconnect', () => process.exit(0))
process.send?.(machine.configuration)
