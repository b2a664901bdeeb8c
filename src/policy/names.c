/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.c: is a domain the provider's, and is a host name what it should be,
 * or something that only looks like it. Compares text, and nothing else: it
 * never asks the DNS, so it cannot say that a server exists. What is the
 * provider's comes from the policy; Google's own servers stand here.
 */
#include "sendas/names.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "sendas/mem.h"
#include "sendas/suggest.h"
#include "sendas/text.h"

/* "Send mail as" with one of these sends through Google, whatever the
 * provider; names under the domains too. */
static const char *const google_hosts[] = {
    "smtp.gmail.com", "smtp-relay.gmail.com", NULL};
static const char *const google_domains[] = {
    "google.com", "googlemail.com", NULL};

/* True when `name` is `domain` or, at a label boundary, under it. */
static bool
is_at_or_under(const char *name, const char *domain)
{
	size_t name_len = strlen(name), domain_len = strlen(domain);

	if (name_len < domain_len ||
	    strcmp(name + name_len - domain_len, domain) != 0)
		return false;
	return name_len == domain_len || name[name_len - domain_len - 1] == '.';
}

/* The same for any of `count` domains. */
static bool
is_at_or_under_any(const char *name, char *const *domains, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (is_at_or_under(name, domains[i]))
			return true;
	return false;
}

/* True when `name` belongs to a domain of the provider, whatever its labels
 * and whether or not mail addresses under it are the provider's. */
static bool
is_own_name(const struct sendas_policy *policy, const char *name)
{
	size_t i;

	if (is_at_or_under(name, policy->lookalike_domain))
		return true;
	for (i = 0; i < policy->domain_count; i++)
		if (is_at_or_under(name, policy->domains[i].name))
			return true;
	return is_at_or_under_any(
	    name, policy->infrastructure, policy->infrastructure_count);
}

static bool
is_known_other(const struct sendas_policy *policy, const char *name)
{
	return is_at_or_under_any(
	    name, policy->known_other, policy->known_other_count);
}

char *
sendas_names_normalise(const char *host)
{
	char *folded, *name;
	size_t len;

	folded = sendas_text_fold_width(host == NULL ? "" : host);
	name = sendas_text_trim(folded);
	free(folded);
	len = strlen(name);
	if (len > 0 && name[len - 1] == '.')
		name[len - 1] = '\0';
	sendas_text_lower(name);
	return name;
}

/* The length of `name` without the ":digits" at its end; its whole length
 * when there are none, or when other colons make it an IPv6 address. */
static size_t
length_without_port(const char *name)
{
	const char *colon = strchr(name, ':');

	if (colon == NULL || colon == name || colon[1] == '\0')
		return strlen(name);
	if (colon[1 + strspn(colon + 1, "0123456789")] != '\0')
		return strlen(name);
	return (size_t)(colon - name);
}

bool
sendas_names_has_port(const char *host)
{
	char *name = sendas_names_normalise(host);
	bool has_port = name[length_without_port(name)] != '\0';

	free(name);
	return has_port;
}

/* An IPv4 or IPv6 literal, bare or in square brackets. */
static bool
is_ip_address(const char *name)
{
	unsigned char address[sizeof(struct in6_addr)];
	size_t len = strlen(name);
	char *bare;
	bool is_ip;

	if (len >= 2 && name[0] == '[' && name[len - 1] == ']')
		bare = sendas_xstrndup(name + 1, len - 2);
	else
		bare = sendas_xstrdup(name);
	is_ip = inet_pton(AF_INET, bare, address) == 1 ||
	    inet_pton(AF_INET6, bare, address) == 1;
	free(bare);
	return is_ip;
}

static bool
is_google(const char *name)
{
	size_t i;

	for (i = 0; google_hosts[i] != NULL; i++)
		if (strcmp(name, google_hosts[i]) == 0)
			return true;
	for (i = 0; google_domains[i] != NULL; i++)
		if (is_at_or_under(name, google_domains[i]))
			return true;
	return false;
}

/* True when the name can hold letters of another script: raw, or encoded in
 * a label that begins with xn-- (RFC 5890). */
static bool
has_foreign_letters(const char *name)
{
	const char *at;

	for (at = name; *at != '\0'; at++) {
		if ((unsigned char)*at >= 0x80)
			return true;
		if ((at == name || at[-1] == '.') &&
		    strncmp(at, "xn--", 4) == 0)
			return true;
	}
	return false;
}

/* True when a label, or a part of one between hyphens, is exactly `word`. */
static bool
has_word(const char *name, const char *word)
{
	size_t len = strlen(word);
	const char *at;

	if (len == 0)
		return false;
	for (at = strstr(name, word); at != NULL; at = strstr(at + 1, word)) {
		bool begins = at == name || at[-1] == '.' || at[-1] == '-';
		char next = at[len];

		if (begins && (next == '\0' || next == '.' || next == '-'))
			return true;
	}
	return false;
}

/* A copy in which digits that pass for letters are those letters. */
static char *
read_digits_as_letters(const char *name)
{
	char *copy = sendas_xstrdup(name), *at;

	for (at = copy; *at != '\0'; at++) {
		if (*at == '0')
			*at = 'o';
		else if (*at == '1')
			*at = 'l';
	}
	return copy;
}

/* True when the name is the wanted host, or under the provider's domain, to
 * an eye that takes 0 for o and 1 for l. */
static bool
reads_like_own(const struct sendas_policy *policy, const char *name)
{
	char *read = read_digits_as_letters(name);
	char *host = read_digits_as_letters(policy->host);
	char *domain = read_digits_as_letters(policy->lookalike_domain);
	bool is_alike = strcmp(read, host) == 0 ||
	    (strcmp(read, domain) != 0 && is_at_or_under(read, domain));

	free(read);
	free(host);
	free(domain);
	return is_alike;
}

/*
 * `name` is normalised. A port at its end and dots left there do not decide:
 * "mail.ocn.ne.jp:465" and "smtp.ocn.ne.jp.." are typing errors, not traps.
 */
static bool
is_lookalike(const struct sendas_policy *policy, const char *name)
{
	size_t len = length_without_port(name);
	char *bare;
	bool is_alike;

	while (len > 0 && name[len - 1] == '.')
		len--;
	bare = sendas_xstrndup(name, len);
	is_alike = !is_own_name(policy, bare) &&
	    !is_known_other(policy, bare) &&
	    (has_foreign_letters(bare) ||
		strstr(bare, policy->lookalike_domain) != NULL ||
		has_word(bare, policy->lookalike_word) ||
		reads_like_own(policy, bare));
	free(bare);
	return is_alike;
}

enum sendas_host_class
sendas_names_classify_host(const struct sendas_policy *policy, const char *host)
{
	char *name = sendas_names_normalise(host);
	enum sendas_host_class class;

	if (*name == '\0')
		class = SENDAS_HOST_MISSING;
	else if (strcmp(name, policy->host) == 0)
		class = strcmp(host, policy->host) == 0 ? SENDAS_HOST_WANTED
							: SENDAS_HOST_SPELLING;
	else if (is_ip_address(name))
		class = SENDAS_HOST_ADDRESS;
	else if (is_google(name))
		class = SENDAS_HOST_GOOGLE;
	else if (is_lookalike(policy, name))
		class = SENDAS_HOST_LOOKALIKE;
	else
		class = SENDAS_HOST_OTHER;
	free(name);
	return class;
}

/* A copy in which every character beyond ASCII is one byte, so that it counts
 * as one difference. */
static char *
one_byte_a_character(const char *text)
{
	char *copy = sendas_xstrdup(text), *to = copy;
	const unsigned char *from;

	for (from = (const unsigned char *)text; *from != '\0'; from++)
		if ((*from & 0xc0) != 0x80)
			*to++ = (char)*from;
	*to = '\0';
	return copy;
}

/* True when `name` is at most `limit` typing errors away from `wanted`.
 * Lengths are compared first: a name from outside may be huge. */
static bool
is_within(const char *name, const char *wanted, size_t limit)
{
	char *shape = one_byte_a_character(name);
	size_t len = strlen(shape), wanted_len = strlen(wanted);
	bool is_near = len <= wanted_len + limit && wanted_len <= len + limit &&
	    sendas_suggest_distance(shape, wanted) <= limit;

	free(shape);
	return is_near;
}

bool
sendas_names_is_typing_error(
    const struct sendas_policy *policy, const char *host)
{
	char *name = sendas_names_normalise(host);
	bool is_error = !is_known_other(policy, name) &&
	    strcmp(name, policy->host) != 0 && is_within(name, policy->host, 2);

	free(name);
	return is_error;
}

/* The domain of an address, as it stands there; NULL when the address is not
 * something, one @, and something. */
static const char *
domain_of(const char *address)
{
	const char *at = address == NULL ? NULL : strchr(address, '@');

	if (at == NULL || at == address || at[1] == '\0')
		return NULL;
	return strchr(at + 1, '@') == NULL ? at + 1 : NULL;
}

/* True when every label is there, of letters, digits, hyphens or underscores,
 * and no encoded one (xn--): what else resembles a domain is not it. */
static bool
has_plain_labels(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
	size_t len;

	for (;; name += len + 1) {
		len = strspn(name, plain);
		if (len == 0 || strncmp(name, "xn--", 4) == 0)
			return false;
		if (name[len] == '\0')
			return true;
		if (name[len] != '.')
			return false;
	}
}

/* True when the lower-cased `name` is a domain whose addresses are the
 * provider's. */
static bool
is_own_domain(const struct sendas_policy *policy, const char *name)
{
	const struct sendas_policy_domain *domain;
	size_t i;

	if (!has_plain_labels(name))
		return false;
	for (i = 0; i < policy->domain_count; i++) {
		domain = &policy->domains[i];
		if (domain->has_subdomains ? is_at_or_under(name, domain->name)
					   : strcmp(name, domain->name) == 0)
			return true;
	}
	return false;
}

bool
sendas_names_is_own_address(
    const struct sendas_policy *policy, const char *address)
{
	const char *domain = domain_of(address);
	char *name;
	size_t len;
	bool is_own;

	if (domain == NULL)
		return false;
	name = sendas_xstrdup(domain);
	len = strlen(name);
	if (name[len - 1] == '.')
		name[len - 1] = '\0';
	sendas_text_lower(name);
	is_own = is_own_domain(policy, name);
	free(name);
	return is_own;
}

/* True for the word under another ending: "ocn.jp", "ocn.co.jp"; not for a
 * name like "ocn.example.com". */
static bool
is_other_ending(const char *name, const char *word)
{
	size_t len = strlen(word), middle;
	const char *ending;

	if (len == 0 || strncmp(name, word, len) != 0 || name[len] != '.')
		return false;
	ending = name + len + 1;
	middle = strcspn(ending, ".");
	if (middle == 0)
		return false;
	if (ending[middle] == '\0')
		return true;
	return middle <= 3 && ending[middle + 1] != '\0' &&
	    strchr(ending + middle + 1, '.') == NULL;
}

bool
sendas_names_is_domain_lookalike(
    const struct sendas_policy *policy, const char *address)
{
	const char *domain = domain_of(address);
	char *name;
	bool is_alike;

	if (domain == NULL || sendas_names_is_own_address(policy, address))
		return false;
	name = sendas_names_normalise(domain);
	is_alike = !is_known_other(policy, name) &&
	    !is_at_or_under_any(
		name, policy->infrastructure, policy->infrastructure_count) &&
	    (is_other_ending(name, policy->lookalike_word) ||
		strstr(name, policy->lookalike_domain) != NULL ||
		is_within(name, policy->lookalike_domain, 1));
	free(name);
	return is_alike;
}

char *
sendas_names_shorten(const char *name, size_t max_bytes)
{
	size_t len;

	if (name == NULL)
		name = "";
	len = strlen(name);
	if (len <= max_bytes)
		return sendas_xstrdup(name);
	len = max_bytes;
	while (len > 0 && ((unsigned char)name[len] & 0xc0) == 0x80)
		len--;
	return sendas_xasprintf("%.*s...", (int)len, name);
}
