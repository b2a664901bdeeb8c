/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model.h: what all layers speak about: a mailbox, its send-as addresses,
 * what was found on them, and what was changed. Plain data, no behaviour
 * but lifetime. Names follow Google's where Google has one:
 * https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.settings.sendAs
 */
#ifndef SENDAS_MODEL_H
#define SENDAS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include "sendas/error.h"

enum sendas_severity {
	SENDAS_SEVERITY_NONE = 0,
	SENDAS_SEVERITY_INFO,
	SENDAS_SEVERITY_ADVICE,
	SENDAS_SEVERITY_WARNING,
	SENDAS_SEVERITY_ERROR,
};

/* How sure the reason behind a finding is. */
enum sendas_evidence {
	SENDAS_EVIDENCE_CONFIRMED = 0, /* by the provider or a standard */
	SENDAS_EVIDENCE_REPORTED, /* by users */
};

/* How a finding is repaired, by the policy; what the credentials in hand can
 * do is another question. */
enum sendas_repair {
	SENDAS_REPAIR_NONE = 0,
	SENDAS_REPAIR_API,
	SENDAS_REPAIR_PASSWORD, /* by API, with the SMTP password */
	SENDAS_REPAIR_MANUAL,
};

enum sendas_value_kind {
	SENDAS_VALUE_NULL = 0,
	SENDAS_VALUE_BOOL,
	SENDAS_VALUE_INT,
	SENDAS_VALUE_TEXT,
	SENDAS_VALUE_RELAY, /* smtpMsa, as far as Google shows it */
};

/* A setting's value as it stands in a report. */
struct sendas_value {
	enum sendas_value_kind kind;
	bool is_true;
	long number; /* of a relay the port; -1 when absent */
	char *text; /* owned; of a relay the host; NULL when absent */
	char *security; /* of a relay, owned; NULL when absent */
};

struct sendas_finding {
	const char *rule; /* the rule's id, static */
	enum sendas_severity severity;
	enum sendas_evidence evidence;
	enum sendas_repair repair;
	const char
	    *source; /* of the reason; borrowed from the policy, or NULL */
	bool is_on_request; /* repaired only when named with --only */
	char *message; /* for a person, in the user's language */
	struct sendas_value observed, expected;
};

/* smtpMsa: the outgoing SMTP server of one address. Its password is never
 * here, and its user name, which the API does not show either, only when a
 * person read it off Gmail's window. */
struct sendas_relay {
	char *host; /* as Google said it; NULL when absent */
	long port; /* -1 when absent */
	char *security; /* securityMode, verbatim; NULL when absent */
	char *user_name; /* "" when the field is empty; NULL when unseen */
};

/* What nobody could say of an address, for a set of bits: with the API none,
 * since what it leaves out is absent. Such a field holds what an absent one
 * does, and means nothing. */
enum sendas_unseen {
	SENDAS_UNSEEN_ALIAS = 1 << 0, /* treat_as_alias */
	SENDAS_UNSEEN_HOST = 1 << 1, /* there is a relay; not its name */
	SENDAS_UNSEEN_PORT = 1 << 2,
	SENDAS_UNSEEN_SECURITY = 1 << 3,
	SENDAS_UNSEEN_NAME = 1 << 4, /* display_name */
};

/* The provider whose addresses are judged, as far as a report speaks of it;
 * borrowed from the policy. */
struct sendas_provider {
	const char *name; /* short id: "ocn" */
	const char *label; /* as people call it: "OCN" */
	const char *host; /* of its SMTP server */
	long port; /* likewise */
	const char *security; /* "ssl" or "starttls" */
};

struct sendas_address {
	char *address; /* sendAsEmail */
	char *display_name; /* NULL when absent */
	char *reply_to; /* replyToAddress; NULL when absent */
	char *verification; /* verificationStatus, verbatim; NULL if absent */
	bool is_primary, is_default, treat_as_alias;
	bool has_relay; /* smtpMsa was there */
	unsigned unseen; /* bits of enum sendas_unseen */
	struct sendas_relay relay;
	/* What judging adds: */
	const char *provider; /* the policy's name, borrowed from it; or NULL */
	struct sendas_finding *findings;
	size_t finding_count;
};

enum sendas_field {
	SENDAS_FIELD_NONE = 0,
	SENDAS_FIELD_TREAT_AS_ALIAS,
	SENDAS_FIELD_RELAY, /* smtpMsa, whole: Google takes no part of it */
	SENDAS_FIELD_COUNT,
};

enum sendas_outcome {
	SENDAS_OUTCOME_PLANNED = 0,
	SENDAS_OUTCOME_APPLIED, /* read back and right */
	SENDAS_OUTCOME_IGNORED, /* Google took it, and it is as before */
	SENDAS_OUTCOME_PENDING_VERIFICATION,
	SENDAS_OUTCOME_REFUSED, /* Google lets no program change it */
	SENDAS_OUTCOME_CHANGED_MEANWHILE,
	SENDAS_OUTCOME_FAILED,
	SENDAS_OUTCOME_UNDONE, /* it was applied, and taken back since */
	SENDAS_OUTCOME_COUNT,
};

struct sendas_change {
	long long id; /* in the journal; 0: not there */
	long long undoes; /* the id of the change that it takes back; 0: none */
	bool was_begun; /* an earlier process may have sent it */
	char *address;
	enum sendas_field field;
	struct sendas_value before, after;
	enum sendas_outcome outcome;
	bool is_reversible;
	char *message; /* why it is not applied; NULL if there is nothing */
};

enum sendas_mailbox_status {
	SENDAS_MAILBOX_READ = 0,
	SENDAS_MAILBOX_UNREADABLE,
	SENDAS_MAILBOX_WRONG, /* another mailbox answered */
	SENDAS_MAILBOX_SKIPPED,
};

enum sendas_source {
	SENDAS_SOURCE_GMAIL = 0,
	SENDAS_SOURCE_FILE,
	SENDAS_SOURCE_ANSWERS, /* a person's, to questions */
};

struct sendas_mailbox {
	char *mailbox; /* NULL when nobody said whose the settings are */
	enum sendas_mailbox_status status;
	enum sendas_source source;
	struct sendas_address *addresses;
	size_t address_count;
	struct sendas_change *changes;
	size_t change_count;
	bool has_applied; /* by the journal: Google took a change without a
			   * password earlier in this run */
	enum sendas_reason reason; /* when it is not read */
	char *message; /* likewise; NULL if there is nothing */
};

/* New and empty; freed with _free and all that it owns. */
struct sendas_mailbox *sendas_mailbox_new(
    const char *mailbox, enum sendas_source source);
void sendas_mailbox_free(struct sendas_mailbox *mailbox);

/* How many of its changes are planned and have no outcome. */
size_t sendas_mailbox_count_planned(const struct sendas_mailbox *mailbox);

/* Adds an empty address (finding, change) and returns it; the pointer is
 * good until the next one is added. */
struct sendas_address *sendas_mailbox_add_address(
    struct sendas_mailbox *mailbox);
struct sendas_finding *sendas_address_add_finding(
    struct sendas_address *address);
/* Frees an address's findings: before it is judged anew. */
void sendas_address_clear_findings(struct sendas_address *address);

struct sendas_change *sendas_mailbox_add_change(struct sendas_mailbox *mailbox);

/* The entry with this address: to the letter, or else without regard to the
 * case of ASCII letters; NULL when there is none. Borrowed. */
const struct sendas_address *sendas_mailbox_find(
    const struct sendas_mailbox *mailbox, const char *address);

/* True when the field of the address has this value. */
bool sendas_address_stands_at(const struct sendas_address *address,
    enum sendas_field field, const struct sendas_value *value);

/* True when at least one address was judged: the provider's, and not the
 * mailbox's own. Without one nothing is known to be right. */
bool sendas_mailbox_has_judged(const struct sendas_mailbox *mailbox);

/* How many of its addresses are sent through a relay. The primary one is never
 * among them: its mail goes through Google. */
size_t sendas_mailbox_count_relays(const struct sendas_mailbox *mailbox);

/* The primary address, NULL when the list has none. Borrowed. */
const char *sendas_mailbox_primary(const struct sendas_mailbox *mailbox);

/* Moves the addresses of `from` to `to`, whose own are freed: a mailbox that
 * was read again. */
void sendas_mailbox_take_addresses(
    struct sendas_mailbox *to, struct sendas_mailbox *from);

/* Marks it as not read, and why. */
void sendas_mailbox_set_unread(
    struct sendas_mailbox *mailbox, const struct sendas_error *why);

/* The worst severity found in the mailbox. */
enum sendas_severity sendas_mailbox_worst(const struct sendas_mailbox *mailbox);

struct sendas_value sendas_value_bool(bool is_true);
struct sendas_value sendas_value_int(long number);
struct sendas_value sendas_value_text(const char *text); /* NULL: null */
struct sendas_value sendas_value_relay(
    const char *host, long port, const char *security);

/* The relay of an address, or null when it has none. */
struct sendas_value sendas_address_relay(const struct sendas_address *address);

/* A copy that owns what it holds. */
struct sendas_value sendas_value_copy(const struct sendas_value *value);

/* Frees what a value owns, and makes it null. */
void sendas_value_clear(struct sendas_value *value);

/* The words of the report's JSON. */
const char *sendas_severity_name(enum sendas_severity severity);
const char *sendas_evidence_name(enum sendas_evidence evidence);
const char *sendas_repair_name(enum sendas_repair repair);
const char *sendas_outcome_name(enum sendas_outcome outcome);
const char *sendas_field_name(enum sendas_field field);
const char *sendas_mailbox_status_name(enum sendas_mailbox_status status);
const char *sendas_source_name(enum sendas_source source);

/* What Gmail's window calls a securityMode: "SSL" for ssl, else "TLS". */
const char *sendas_security_label(const char *security);

/* The severity with this name; SENDAS_SEVERITY_NONE for another word. */
enum sendas_severity sendas_severity_parse(const char *name);

#endif
