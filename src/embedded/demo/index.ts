export { startDemoBakery } from './demo-bakery.ts'
export { connectDemo, enterDemo } from './set-up-demo.ts'
