-- Certificates of machines whose protocol has no authorities that everybody knows (OPC UA): seen until somebody trusts them.

create table trusted_certificates (
  id uuid primary key default gen_random_uuid(),
  fingerprint text not null unique,
  subject text not null,
  issuer text not null,
  valid_from timestamptz not null,
  valid_until timestamptz not null,
  seen_from text not null,
  first_seen_at timestamptz not null default date_trunc('milliseconds', now()),
  last_seen_at timestamptz not null default date_trunc('milliseconds', now()),
  trusted_at timestamptz
);
create index trusted_certificates_page on trusted_certificates (first_seen_at, id);
comment on table trusted_certificates is 'Trusted from trusted_at on; null: only seen. Of those only seen the newest few hundred are kept.';
comment on column trusted_certificates.fingerprint is 'SHA-256 of the certificate (DER), 64 hexadecimal digits in lower case.';
comment on column trusted_certificates.seen_from is 'host:port that showed it last.';
