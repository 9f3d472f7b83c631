export { evaluatePointer } from './json-pointer.ts'
export { sampleOf, sampleOfFound } from './sample-of.ts'
export { timeOf } from './time-of.ts'
