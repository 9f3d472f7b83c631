import type { Profile } from '#connector'
import type { ModbusAddressInput } from '../address.ts'

/** A machine's register list as data. */
export type ModbusProfile = Profile<ModbusAddressInput>
