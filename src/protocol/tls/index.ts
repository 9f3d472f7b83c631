export { type CertificateWish, type MadeCertificate, makeCertificate } from './make-certificate.ts'
export { clientKeyFault, isPemCertificates } from './pem.ts'
export { secureContextOf, startTls, type TlsSettings } from './start-tls.ts'
