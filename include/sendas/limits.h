/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limits.h: every limit of the program, in one list, so that a reader can
 * judge them together. Sizes in bytes unless the name says otherwise.
 */
#ifndef SENDAS_LIMITS_H
#define SENDAS_LIMITS_H

/* 10,000 send-as addresses are 3.7 MB; 10 MB of hostile JSON would cost
 * cJSON 411 MB of memory. */
#define SENDAS_LIMIT_ANSWER_BYTES (8u * 1024 * 1024)
#define SENDAS_LIMIT_TOKEN_ANSWER_BYTES (64u * 1024)
#define SENDAS_LIMIT_CREDENTIALS_BYTES (64u * 1024)
#define SENDAS_LIMIT_POLICY_BYTES (1024u * 1024)
#define SENDAS_LIMIT_TOKEN_BYTES (16u * 1024)
#define SENDAS_LIMIT_CA_BYTES (8u * 1024 * 1024)
#define SENDAS_LIMIT_BOUNCE_BYTES (1024u * 1024)
#define SENDAS_LIMIT_RECORD_BYTES (64u * 1024) /* a command line's options */
#define SENDAS_LIMIT_PROGRESS_BYTES (8u * 1024 * 1024)
/* One mailbox: less than twice the answer that it was read from. */
#define SENDAS_LIMIT_PLAN_LINE_BYTES (2 * SENDAS_LIMIT_ANSWER_BYTES)

/* Google's answer is 4 levels deep; nothing that we read needs more. */
#define SENDAS_LIMIT_JSON_DEPTH 32

/* RFC 5321 4.5.3.1 allows 254; some room for what people paste. */
#define SENDAS_LIMIT_ADDRESS_BYTES 320

/* A cell of Excel has 32,767 characters at most, of 3 bytes in Japanese, and a
 * row 16,384 cells. */
#define SENDAS_LIMIT_CSV_FIELD_BYTES (128u * 1024)
#define SENDAS_LIMIT_CSV_RECORD_BYTES (1024u * 1024)
#define SENDAS_LIMIT_CSV_FIELDS 16384

/* 100,000 passwords in rows of 300 bytes; while they are checked, the file is
 * in memory. */
#define SENDAS_LIMIT_PASSWORDS_BYTES (32u * 1024 * 1024)

#define SENDAS_LIMIT_CONNECT_MS 15000
#define SENDAS_LIMIT_TRANSFER_MS 30000
#define SENDAS_LIMIT_TRIES 6
#define SENDAS_LIMIT_BACKOFF_MS 60000
#define SENDAS_LIMIT_CONNECTIONS 2 /* a host, of 100 streams each */
#define SENDAS_LIMIT_CONNECTIONS_HTTP1 16 /* a host, without streams */
#define SENDAS_LIMIT_THREADS 4 /* beside the loop */
#define SENDAS_LIMIT_PLAN_SHOWN 5 /* mailboxes that a question shows whole */
#define SENDAS_LIMIT_LOGINS 50 /* at SMTP servers, in a run */
#define SENDAS_LIMIT_SLOTS 64 /* mailboxes in flight */
#define SENDAS_LIMIT_CACHED_TOKENS 1024

/* Of a sign-in in the browser: an address that comes back, of which Google's
 * have 500 or so; how long a person may take; how long the browser may take to
 * fetch its page; connections to the listener, of which a browser opens some
 * for nothing; and how long to wait for another process's renewal. */
#define SENDAS_LIMIT_REDIRECT_BYTES (8u * 1024)
#define SENDAS_LIMIT_SIGN_IN_SEC 600
#define SENDAS_LIMIT_LANDING_MS 3000
#define SENDAS_LIMIT_LOOPBACK_CONNECTIONS 64
#define SENDAS_LIMIT_LOOPBACK_IDLE_SEC 10
#define SENDAS_LIMIT_SIGN_IN_LOCK_MS 60000

/* What waits for the disk: rows, of about half a KiB each. */
#define SENDAS_LIMIT_JOURNAL_QUEUE 8192
#define SENDAS_LIMIT_JOURNAL_BATCH 500 /* mailboxes that nobody waits for */
#define SENDAS_LIMIT_JOURNAL_DELAY_MS 1000 /* how long these may wait */
#define SENDAS_LIMIT_JOURNAL_BUSY_MS 5000 /* for another process's writing */

#endif
