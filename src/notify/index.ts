export { createDelivery, type DeliverNotification, type DeliveryOptions } from './deliver-notification.ts'
export type { PostWebhook, WebhookAnswer } from './webhook.ts'
