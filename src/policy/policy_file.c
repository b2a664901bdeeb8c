/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_file.c: a policy file to struct sendas_policy. Everything in a file
 * is checked here, with its path in the message, so that the rules can rely
 * on it; a key that nobody knows is an error, because a mistyped one would
 * switch a check off in silence. Judges nothing.
 */
#include "sendas/policy_file.h"

#include <stdlib.h>
#include <string.h>
#include "builtin.h"
#include "sendas/buf.h"
#include "sendas/file.h"
#include "sendas/i18n.h"
#include "sendas/json.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/names.h"
#include "sendas/rules.h"

/* RFC 1035 2.3.4, as text without the last dot. */
#define DOMAIN_BYTES 253
#define LABEL_BYTES 63

#define NAME_BYTES 32

/* Fails unless the member is there. */
static enum sendas_status
want_member(
    const struct sendas_json *at, const char *key, struct sendas_error *err)
{
	struct sendas_json member = sendas_json_member(at, key);

	if (member.node != NULL)
		return SENDAS_OK;
	return sendas_json_fail(
	    at, err, _("\"%s\" is missing; add it (see doc/policy.md)"), key);
}

/* A text that must be there and must not be empty; *out is the caller's. */
static enum sendas_status
read_text(const struct sendas_json *at, const char *key, char **out,
    struct sendas_error *err)
{
	struct sendas_json member = sendas_json_member(at, key);
	const char *text = NULL;
	enum sendas_status status = want_member(at, key, err);

	if (status == SENDAS_OK)
		status = sendas_json_as_string(&member, &text, err);
	if (status != SENDAS_OK)
		return status;
	if (*text == '\0')
		return sendas_json_fail(&member, err,
		    _("is empty; write a text or leave the key out"));
	*out = sendas_xstrdup(text);
	return SENDAS_OK;
}

/* The same for a text that may be absent. */
static enum sendas_status
read_optional_text(const struct sendas_json *at, const char *key, char **out,
    struct sendas_error *err)
{
	struct sendas_json member = sendas_json_member(at, key);

	return member.node == NULL ? SENDAS_OK : read_text(at, key, out, err);
}

/* A note is for readers of the file; it only has to be text. */
static enum sendas_status
check_note(const struct sendas_json *at, struct sendas_error *err)
{
	const char *note = NULL;

	return sendas_json_read_string(at, "note", &note, err);
}

/* An object that has no other keys than these, and whose note is text. */
static enum sendas_status
open_object(const struct sendas_json *at, const char *const *keys,
    struct sendas_error *err)
{
	enum sendas_status status = sendas_json_want_object(at, err);

	if (status == SENDAS_OK)
		status = sendas_json_only_keys(at, keys, err);
	return status != SENDAS_OK ? status : check_note(at, err);
}

/* True for a domain name as the rules compare it: lower case, at least two
 * labels, no dot at its end. */
static bool
is_domain(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	size_t labels = 0, len;

	if (strlen(name) > DOMAIN_BYTES)
		return false;
	for (;; name += len + 1) {
		len = strspn(name, plain);
		if (len == 0 || len > LABEL_BYTES)
			return false;
		labels++;
		if (name[len] == '\0')
			return labels >= 2;
		if (name[len] != '.')
			return false;
	}
}

/* The domain name at a cursor; *out is the caller's. */
static enum sendas_status
as_domain(const struct sendas_json *at, char **out, struct sendas_error *err)
{
	const char *text = NULL;
	char *shown;
	enum sendas_status status = sendas_json_as_string(at, &text, err);

	if (status != SENDAS_OK)
		return status;
	if (is_domain(text)) {
		*out = sendas_xstrdup(text);
		return SENDAS_OK;
	}
	shown = sendas_names_shorten(text, SENDAS_NAMES_SHOWN_BYTES);
	status = sendas_json_fail(at, err,
	    _("\"%s\" is not a domain name in lower case without a dot at its "
	      "end, such as \"smtp.example.jp\""),
	    shown);
	free(shown);
	return status;
}

/* A domain name that must be there. */
static enum sendas_status
read_domain(const struct sendas_json *at, const char *key, char **out,
    struct sendas_error *err)
{
	struct sendas_json member = sendas_json_member(at, key);
	enum sendas_status status = want_member(at, key, err);

	return status != SENDAS_OK ? status : as_domain(&member, out, err);
}

/* Adds the domain names of an array to a list that is the policy's. */
static enum sendas_status
add_domains(const struct sendas_json *array, char ***list, size_t *count,
    struct sendas_error *err)
{
	struct sendas_json item;
	enum sendas_status status = sendas_json_want_array(array, err);

	if (status != SENDAS_OK)
		return status;
	*list = sendas_xrealloc(
	    *list, *count + sendas_json_count(array) + 1, sizeof(**list));
	for (item = sendas_json_first(array); item.node != NULL;
	     sendas_json_next(&item)) {
		status = as_domain(&item, *list + *count, err);
		if (status != SENDAS_OK)
			return status;
		(*count)++;
	}
	return SENDAS_OK;
}

static enum sendas_status
read_version(const struct sendas_json *root, struct sendas_error *err)
{
	struct sendas_json member = sendas_json_member(root, "version");
	long version = 0;
	enum sendas_status status = want_member(root, "version", err);

	if (status == SENDAS_OK)
		status = sendas_json_read_int(
		    root, "version", 0, 1000000, &version, err);
	if (status != SENDAS_OK || version == 1)
		return status;
	return sendas_json_fail(&member, err,
	    _("this program reads version 1 of the policy file, not %ld; use a "
	      "newer program, or a file of version 1"),
	    version);
}

/* The id of the policy: it stands in reports and in --policy. */
static enum sendas_status
read_name(const struct sendas_json *root, struct sendas_policy *policy,
    struct sendas_error *err)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	struct sendas_json member = sendas_json_member(root, "name");
	enum sendas_status status = read_text(root, "name", &policy->name, err);

	if (status != SENDAS_OK)
		return status;
	if (policy->name[strspn(policy->name, plain)] == '\0' &&
	    strlen(policy->name) <= NAME_BYTES)
		return SENDAS_OK;
	return sendas_json_fail(&member, err,
	    _("want at most %d of the characters a-z, 0-9 and -"), NAME_BYTES);
}

static enum sendas_status
read_own_domain(const struct sendas_json *at,
    struct sendas_policy_domain *domain, struct sendas_error *err)
{
	static const char *const keys[] = {"name", "subdomains", "note", NULL};
	enum sendas_status status = sendas_json_want_object(at, err);

	if (status == SENDAS_OK)
		status = sendas_json_only_keys(at, keys, err);
	if (status == SENDAS_OK)
		status = read_domain(at, "name", &domain->name, err);
	if (status == SENDAS_OK)
		status = sendas_json_read_bool(
		    at, "subdomains", &domain->has_subdomains, err);
	return status != SENDAS_OK ? status : check_note(at, err);
}

static enum sendas_status
read_domains(const struct sendas_json *root, struct sendas_policy *policy,
    struct sendas_error *err)
{
	struct sendas_json array = sendas_json_member(root, "domains"), item;
	enum sendas_status status = want_member(root, "domains", err);

	if (status == SENDAS_OK)
		status = sendas_json_want_array(&array, err);
	if (status != SENDAS_OK)
		return status;
	if (sendas_json_count(&array) == 0)
		return sendas_json_fail(&array, err,
		    _("is empty; name at least one domain of the provider"));
	policy->domains =
	    sendas_xcalloc(sendas_json_count(&array), sizeof(*policy->domains));
	for (item = sendas_json_first(&array); item.node != NULL;
	     sendas_json_next(&item)) {
		status = read_own_domain(
		    &item, &policy->domains[policy->domain_count++], err);
		if (status != SENDAS_OK)
			return status;
	}
	return SENDAS_OK;
}

static enum sendas_status
read_infrastructure(const struct sendas_json *root,
    struct sendas_policy *policy, struct sendas_error *err)
{
	struct sendas_json array = sendas_json_member(root, "infrastructure");

	if (array.node == NULL)
		return SENDAS_OK;
	return add_domains(&array, &policy->infrastructure,
	    &policy->infrastructure_count, err);
}

/* One group of known_other: names that share a note. */
static enum sendas_status
read_known_group(const struct sendas_json *group, struct sendas_policy *policy,
    struct sendas_error *err)
{
	static const char *const keys[] = {"names", "note", NULL};
	struct sendas_json names;
	enum sendas_status status = open_object(group, keys, err);

	if (status == SENDAS_OK)
		status = want_member(group, "names", err);
	if (status != SENDAS_OK)
		return status;
	names = sendas_json_member(group, "names");
	return add_domains(
	    &names, &policy->known_other, &policy->known_other_count, err);
}

static enum sendas_status
read_known_other(const struct sendas_json *root, struct sendas_policy *policy,
    struct sendas_error *err)
{
	struct sendas_json array = sendas_json_member(root, "known_other");
	struct sendas_json group;
	enum sendas_status status;

	if (array.node == NULL)
		return SENDAS_OK;
	status = sendas_json_want_array(&array, err);
	if (status != SENDAS_OK)
		return status;
	for (group = sendas_json_first(&array); group.node != NULL;
	     sendas_json_next(&group)) {
		status = read_known_group(&group, policy, err);
		if (status != SENDAS_OK)
			return status;
	}
	return SENDAS_OK;
}

/* The word may be empty: "mail" or "au" would call far too much alike. */
static enum sendas_status
read_lookalike_word(const struct sendas_json *at, struct sendas_policy *policy,
    struct sendas_error *err)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	struct sendas_json member = sendas_json_member(at, "word");
	const char *word = NULL;
	enum sendas_status status =
	    sendas_json_read_string(at, "word", &word, err);

	if (status != SENDAS_OK || word == NULL)
		return status;
	if (strlen(word) > LABEL_BYTES || word[strspn(word, plain)] != '\0')
		return sendas_json_fail(&member, err,
		    _("want one label of a domain name in lower case, or \"\" "
		      "for none"));
	policy->lookalike_word = sendas_xstrdup(word);
	return SENDAS_OK;
}

/* What look-alikes are held against; by default the first domain and its
 * first label. */
static enum sendas_status
read_lookalike(const struct sendas_json *root, struct sendas_policy *policy,
    struct sendas_error *err)
{
	static const char *const keys[] = {"domain", "word", "note", NULL};
	struct sendas_json at = sendas_json_member(root, "lookalike");
	struct sendas_json domain = sendas_json_member(&at, "domain");
	enum sendas_status status = SENDAS_OK;

	if (at.node != NULL) {
		status = open_object(&at, keys, err);
		if (status == SENDAS_OK && domain.node != NULL)
			status =
			    as_domain(&domain, &policy->lookalike_domain, err);
		if (status == SENDAS_OK)
			status = read_lookalike_word(&at, policy, err);
	}
	if (status != SENDAS_OK)
		return status;
	if (policy->lookalike_domain == NULL)
		policy->lookalike_domain =
		    sendas_xstrdup(policy->domains[0].name);
	if (policy->lookalike_word == NULL)
		policy->lookalike_word =
		    sendas_xstrndup(policy->lookalike_domain,
			strcspn(policy->lookalike_domain, "."));
	return SENDAS_OK;
}

static enum sendas_status
read_pair(const struct sendas_json *at, struct sendas_policy_pair *pair,
    struct sendas_error *err)
{
	struct sendas_json security = sendas_json_member(at, "security");
	enum sendas_status status = want_member(at, "port", err);

	if (status == SENDAS_OK)
		status = sendas_json_read_int(
		    at, "port", 1, 65535, &pair->port, err);
	if (status == SENDAS_OK)
		status = read_text(at, "security", &pair->security, err);
	if (status != SENDAS_OK)
		return status;
	if (strcmp(pair->security, "ssl") == 0 ||
	    strcmp(pair->security, "starttls") == 0)
		return SENDAS_OK;
	return sendas_json_fail(&security, err,
	    _("want \"ssl\" or \"starttls\"; a connection that is not secured "
	      "is never right"));
}

static enum sendas_status
read_accepted_pair(const struct sendas_json *at, struct sendas_policy *policy,
    struct sendas_error *err)
{
	static const char *const keys[] = {"port", "security", "note", NULL};
	struct sendas_policy_pair pair = {0, NULL};
	enum sendas_status status = open_object(at, keys, err);

	if (status == SENDAS_OK)
		status = read_pair(at, &pair, err);
	if (status == SENDAS_OK &&
	    sendas_policy_match_pair(policy, pair.port, pair.security) >=
		SENDAS_MATCH_ACCEPTED)
		status = sendas_json_fail(at, err,
		    _("this port and connection are already named; leave "
		      "one of the two out"));
	if (status == SENDAS_OK)
		policy->accepted[policy->accepted_count++] = pair;
	else
		free(pair.security);
	return status;
}

static enum sendas_status
read_accepted(const struct sendas_json *relay, struct sendas_policy *policy,
    struct sendas_error *err)
{
	struct sendas_json array = sendas_json_member(relay, "accepted"), item;
	enum sendas_status status;

	if (array.node == NULL)
		return SENDAS_OK;
	status = sendas_json_want_array(&array, err);
	if (status != SENDAS_OK)
		return status;
	policy->accepted = sendas_xcalloc(
	    sendas_json_count(&array) + 1, sizeof(*policy->accepted));
	for (item = sendas_json_first(&array); item.node != NULL;
	     sendas_json_next(&item)) {
		status = read_accepted_pair(&item, policy, err);
		if (status != SENDAS_OK)
			return status;
	}
	return SENDAS_OK;
}

static enum sendas_status
read_relay(const struct sendas_json *root, struct sendas_policy *policy,
    struct sendas_error *err)
{
	static const char *const keys[] = {
	    "host", "port", "security", "accepted", "source", "note", NULL};
	struct sendas_json relay = sendas_json_member(root, "relay");
	const char *source = NULL;
	enum sendas_status status = want_member(root, "relay", err);

	if (status == SENDAS_OK)
		status = open_object(&relay, keys, err);
	if (status == SENDAS_OK)
		status =
		    sendas_json_read_string(&relay, "source", &source, err);
	if (status == SENDAS_OK)
		status = read_domain(&relay, "host", &policy->host, err);
	if (status == SENDAS_OK)
		status = read_pair(&relay, &policy->wanted, err);
	return status != SENDAS_OK ? status
				   : read_accepted(&relay, policy, err);
}

static enum sendas_status
read_localised(const struct sendas_json *texts, const char *key,
    struct sendas_policy_text *text, struct sendas_error *err)
{
	static const char *const keys[] = {"en", "ja", NULL};
	struct sendas_json at = sendas_json_member(texts, key);
	enum sendas_status status;

	if (at.node == NULL)
		return SENDAS_OK;
	status = sendas_json_want_object(&at, err);
	if (status == SENDAS_OK)
		status = sendas_json_only_keys(&at, keys, err);
	if (status == SENDAS_OK)
		status = read_optional_text(&at, "en", &text->en, err);
	if (status == SENDAS_OK)
		status = read_optional_text(&at, "ja", &text->ja, err);
	return status;
}

static enum sendas_status
read_texts(const struct sendas_json *root, struct sendas_policy *policy,
    struct sendas_error *err)
{
	static const char *const keys[] = {
	    "webmail", "password_note", "password_lost", "note", NULL};
	struct sendas_json texts = sendas_json_member(root, "texts");
	enum sendas_status status;

	if (texts.node == NULL)
		return SENDAS_OK;
	status = open_object(&texts, keys, err);
	if (status == SENDAS_OK)
		status =
		    read_localised(&texts, "webmail", &policy->webmail, err);
	if (status == SENDAS_OK)
		status = read_localised(
		    &texts, "password_note", &policy->password_note, err);
	if (status == SENDAS_OK)
		status = read_localised(
		    &texts, "password_lost", &policy->password_lost, err);
	return status;
}

static enum sendas_status
read_help_url(const struct sendas_json *root, struct sendas_policy *policy,
    struct sendas_error *err)
{
	struct sendas_json member = sendas_json_member(root, "help_url");
	enum sendas_status status =
	    read_optional_text(root, "help_url", &policy->help_url, err);

	if (status != SENDAS_OK || policy->help_url == NULL ||
	    strncmp(policy->help_url, "https://", strlen("https://")) == 0)
		return status;
	return sendas_json_fail(
	    &member, err, _("want an address that begins with https://"));
}

static enum sendas_status
read_severity(const struct sendas_json *at, enum sendas_severity *out,
    struct sendas_error *err)
{
	struct sendas_json member = sendas_json_member(at, "severity");
	const char *word = NULL;
	enum sendas_severity severity;
	enum sendas_status status =
	    sendas_json_read_string(at, "severity", &word, err);

	if (status != SENDAS_OK || word == NULL)
		return status;
	severity = sendas_severity_parse(word);
	if (severity == SENDAS_SEVERITY_NONE && strcmp(word, "off") != 0)
		return sendas_json_fail(&member, err,
		    _("want \"error\", \"warning\", \"advice\", \"info\" or "
		      "\"off\""));
	*out = severity;
	return SENDAS_OK;
}

static enum sendas_status
read_evidence(const struct sendas_json *at, enum sendas_evidence *out,
    struct sendas_error *err)
{
	struct sendas_json member = sendas_json_member(at, "evidence");
	const char *word = NULL;
	enum sendas_status status =
	    sendas_json_read_string(at, "evidence", &word, err);

	if (status != SENDAS_OK || word == NULL)
		return status;
	if (strcmp(word, "confirmed") == 0)
		*out = SENDAS_EVIDENCE_CONFIRMED;
	else if (strcmp(word, "reported") == 0)
		*out = SENDAS_EVIDENCE_REPORTED;
	else
		return sendas_json_fail(
		    &member, err, _("want \"confirmed\" or \"reported\""));
	return SENDAS_OK;
}

static enum sendas_status
read_rule(const struct sendas_json *at, struct sendas_policy_rule *rule,
    struct sendas_error *err)
{
	static const char *const keys[] = {
	    "severity", "evidence", "source", "reply", "note", NULL};
	enum sendas_status status = open_object(at, keys, err);

	if (status == SENDAS_OK)
		status = read_severity(at, &rule->severity, err);
	if (status == SENDAS_OK)
		status = read_evidence(at, &rule->evidence, err);
	if (status == SENDAS_OK)
		status = read_optional_text(at, "source", &rule->source, err);
	if (status == SENDAS_OK)
		status = read_optional_text(at, "reply", &rule->reply, err);
	return status;
}

static void
set_default_rules(struct sendas_policy *policy)
{
	int i;

	policy->rule_count = SENDAS_RULE_COUNT;
	policy->rules =
	    sendas_xcalloc(SENDAS_RULE_COUNT, sizeof(*policy->rules));
	for (i = 0; i < SENDAS_RULE_COUNT; i++) {
		policy->rules[i].severity =
		    sendas_rules_default_severity((enum sendas_rule)i);
		policy->rules[i].evidence =
		    sendas_rules_default_evidence((enum sendas_rule)i);
	}
}

static enum sendas_status
read_rules(const struct sendas_json *root, struct sendas_policy *policy,
    struct sendas_error *err)
{
	const char *keys[SENDAS_RULE_COUNT + 1] = {NULL};
	struct sendas_json rules = sendas_json_member(root, "rules"), at;
	enum sendas_status status;
	int i;

	set_default_rules(policy);
	if (rules.node == NULL)
		return SENDAS_OK;
	for (i = 0; i < SENDAS_RULE_COUNT; i++)
		keys[i] = sendas_rules_name((enum sendas_rule)i);
	status = sendas_json_want_object(&rules, err);
	if (status == SENDAS_OK)
		status = sendas_json_only_keys(&rules, keys, err);
	for (i = 0; i < SENDAS_RULE_COUNT && status == SENDAS_OK; i++) {
		at = sendas_json_member(&rules, keys[i]);
		if (at.node != NULL)
			status = read_rule(&at, &policy->rules[i], err);
	}
	return status;
}

static enum sendas_status
read_policy(const struct sendas_json *root, struct sendas_policy *policy,
    struct sendas_error *err)
{
	static const char *const keys[] = {"version", "name", "label",
	    "domains", "infrastructure", "known_other", "lookalike", "relay",
	    "texts", "help_url", "rules", "note", NULL};
	enum sendas_status status = sendas_json_want_object(root, err);

	/* The version first: another one may have other keys. */
	if (status == SENDAS_OK)
		status = read_version(root, err);
	if (status == SENDAS_OK)
		status = sendas_json_only_keys(root, keys, err);
	if (status == SENDAS_OK)
		status = check_note(root, err);
	if (status == SENDAS_OK)
		status = read_name(root, policy, err);
	if (status == SENDAS_OK)
		status = read_text(root, "label", &policy->label, err);
	if (status == SENDAS_OK)
		status = read_domains(root, policy, err);
	if (status == SENDAS_OK)
		status = read_infrastructure(root, policy, err);
	if (status == SENDAS_OK)
		status = read_known_other(root, policy, err);
	if (status == SENDAS_OK)
		status = read_lookalike(root, policy, err);
	if (status == SENDAS_OK)
		status = read_relay(root, policy, err);
	if (status == SENDAS_OK)
		status = read_texts(root, policy, err);
	if (status == SENDAS_OK)
		status = read_help_url(root, policy, err);
	return status != SENDAS_OK ? status : read_rules(root, policy, err);
}

enum sendas_status
sendas_policy_file_parse(const char *text, size_t len, const char *origin,
    struct sendas_policy **out, struct sendas_error *err)
{
	struct sendas_policy *policy = NULL;
	struct sendas_json_doc *doc = NULL;
	struct sendas_json root;
	struct sendas_error why = {0};
	enum sendas_status status = sendas_json_parse(text, len, &doc, &why);

	if (status == SENDAS_OK) {
		policy = sendas_xcalloc(1, sizeof(*policy));
		root = sendas_json_root(doc);
		status = read_policy(&root, policy, &why);
	}
	sendas_json_doc_free(doc);
	if (status != SENDAS_OK) {
		sendas_policy_free(policy);
		return sendas_fail(err, status, "%s: %s", origin, why.message);
	}
	policy->content = sendas_xmalloc(len + 1);
	memcpy(policy->content, text, len);
	policy->content[len] = '\0';
	policy->content_len = len;
	*out = policy;
	return SENDAS_OK;
}

static enum sendas_status
load_file(
    const char *path, struct sendas_policy **out, struct sendas_error *err)
{
	struct sendas_buf text;
	enum sendas_status status =
	    sendas_file_read(path, SENDAS_LIMIT_POLICY_BYTES, &text, err);

	if (status != SENDAS_OK)
		return status;
	status = sendas_policy_file_parse(text.data, text.len, path, out, err);
	sendas_buf_clear(&text);
	return status;
}

/* The names of the built-in policies, for a message; the caller frees it. */
static char *
list_builtin(void)
{
	struct sendas_buf list;
	const char *name;
	size_t i;

	sendas_buf_init(&list, 1024);
	for (i = 0; (name = sendas_policy_file_builtin_name(i)) != NULL; i++) {
		if (i > 0)
			sendas_buf_add_text(&list, ", ");
		sendas_buf_add_text(&list, name);
	}
	return sendas_buf_take(&list);
}

static enum sendas_status
load_builtin(
    const char *name, struct sendas_policy **out, struct sendas_error *err)
{
	const struct sendas_builtin_policy *row = sendas_builtin_policies;
	enum sendas_status status;
	char *list, *shown;

	for (; row->name != NULL; row++)
		if (strcmp(row->name, name) == 0)
			return sendas_policy_file_parse(
			    row->text, row->size, row->name, out, err);
	list = list_builtin();
	shown = sendas_names_shorten(name, SENDAS_NAMES_SHOWN_BYTES);
	status = sendas_fail(err, SENDAS_ERR_USAGE,
	    _("There is no policy named \"%1$s\". Built in: %2$s. A file of "
	      "your own needs a / in its name, or .json at its end."),
	    shown, list);
	free(list);
	free(shown);
	return status;
}

bool
sendas_policy_file_is_path(const char *name)
{
	static const char suffix[] = ".json";
	size_t len = strlen(name), suffix_len = sizeof(suffix) - 1;

	if (strchr(name, '/') != NULL)
		return true;
	return len > suffix_len && strcmp(name + len - suffix_len, suffix) == 0;
}

enum sendas_status
sendas_policy_file_load(const char *name_or_file, struct sendas_policy **out,
    struct sendas_error *err)
{
	return sendas_policy_file_is_path(name_or_file)
	    ? load_file(name_or_file, out, err)
	    : load_builtin(name_or_file, out, err);
}

const char *
sendas_policy_file_builtin_name(size_t index)
{
	const struct sendas_builtin_policy *row = sendas_builtin_policies;

	while (index > 0 && row->name != NULL) {
		row++;
		index--;
	}
	return row->name;
}
