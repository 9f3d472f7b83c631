import { expect, it } from 'vitest'
import { unitOfCode } from './unit-of-code.ts'

it.each([
  [4_408_652, 'Cel'],
  [20_529, '%'],
  [5_457_219, 's'],
  [0x3342, 'MJ'],
  [0, undefined],
  [-1, undefined],
])('%d is %s', (unitId, unit) => expect(unitOfCode(unitId)).toBe(unit))
