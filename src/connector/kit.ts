import { z } from 'zod'
import { BakewireError } from '#core'
import { defineConnector } from './definition.ts'
import { field } from './field.ts'

/** What a connector's file is given: all it needs to define itself, so that it may live in any folder. */
export const kit = { defineConnector, field, z, BakewireError } as const
export type Kit = typeof kit
