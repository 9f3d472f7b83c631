import { BakewireError } from '#core'

/** What is wrong with a certificate and what to do, by OpenSSL's verification codes as Node names them. */
const certificateFaults: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "has expired: renew it on the machine, or set the machine's and this computer's clock",
  CERT_NOT_YET_VALID: "is not valid yet: set the machine's and this computer's clock",
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed: give it as ca, or set verify_ssl to false',
  SELF_SIGNED_CERT_IN_CHAIN: "is of an authority that is not known here: give that authority's certificate as ca",
  UNABLE_TO_GET_ISSUER_CERT: "is of an authority that is not known here: give that authority's certificate as ca",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "is of an authority that is not known here: give that authority's certificate as ca",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'comes without the certificate of its authority: give that as ca, or install the whole chain on the machine',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another host: use the host name that stands in it as endpoint',
  HOSTNAME_MISMATCH: 'is for another host: use the host name that stands in it as endpoint',
  CERT_REVOKED: 'has been revoked: renew it on the machine',
  CERT_SIGNATURE_FAILURE: 'has a wrong signature: install a new one on the machine',
  CERT_UNTRUSTED: 'is marked as not to be trusted',
  CERT_REJECTED: 'is marked as not to be used for this',
  INVALID_PURPOSE: 'is not made for servers: install a server certificate on the machine',
  INVALID_CA: 'is signed by a certificate that may not sign: give the right ca',
  PATH_LENGTH_EXCEEDED: 'has a longer chain than its authority allows',
  CERT_CHAIN_TOO_LONG: 'has a chain that is too long',
  EE_KEY_TOO_SMALL: 'has a key that is too short to be safe: install one of at least 2048 bits (RSA)',
  CA_KEY_TOO_SMALL: 'is signed with a key that is too short to be safe',
  CA_MD_TOO_WEAK: 'is signed in a way that is no longer safe (MD5, SHA-1)',
}

const handshakeFaults: Readonly<Record<string, string>> = {
  ERR_SSL_WRONG_VERSION_NUMBER: 'does not speak TLS on this port: use another port, or an address without TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'does not speak TLS on this port: use another port, or an address without TLS',
  ERR_SSL_HTTP_REQUEST: 'does not speak TLS on this port: use another port, or an address without TLS',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'speaks only versions of TLS older than 1.2: update the machine',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'speaks only versions of TLS older than 1.2: update the machine',
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL:
    'does not speak HTTP/1.1 or MQTT on this port, but perhaps HTTP/2 alone: switch the older one on, or use another port',
  ERR_SSL_DH_KEY_TOO_SMALL: 'uses keys that are too short to be safe: update the machine',
}

/** What a TLS handshake died of: CERTIFICATE_REJECTED or TLS_FAILED. `what` is the place, `https://oven.example:443`. */
export function tlsFault(cause: NodeJS.ErrnoException, what: string): BakewireError {
  const code = cause.code ?? ''
  const certificate = certificateFaults[code]
  if (certificate !== undefined) {
    return new BakewireError('CERTIFICATE_REJECTED', `The certificate of ${what} ${certificate}`, { cause })
  }
  const handshake = handshakeFaults[code]
  if (handshake !== undefined) return new BakewireError('TLS_FAILED', `${what} ${handshake}`, { cause })
  if (['ECONNRESET', 'EPIPE', 'ECONNABORTED'].includes(code)) {
    const message = `${what} closed the connection during the TLS handshake: does it speak TLS on this port?`
    return new BakewireError('TLS_FAILED', message, { cause })
  }
  return new BakewireError('TLS_FAILED', `No encrypted connection to ${what} could be agreed (${code})`, { cause })
}
