/* SPDX-License-Identifier: Apache-2.0 */
/*
 * redirect.c: reads what came back from the sign-in page. It trusts nothing
 * before the state was found to be right, and decides nothing after that.
 */
#include "sendas/redirect.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/oauth2_glue.h"
#include "sendas/text.h"

/* What of the query matters, each with how often it stands there. */
struct parameters {
	struct sendas_secret state, code, error;
	size_t states, codes, errors;
};

static void
note(struct sendas_secret *value, size_t *count, const char *text)
{
	sendas_secret_set(value, text, strlen(text));
	(*count)++;
}

static bool
note_pair(void *ctx, const char *name, const char *value)
{
	struct parameters *parameters = ctx;

	if (strcmp(name, "state") == 0)
		note(&parameters->state, &parameters->states, value);
	else if (strcmp(name, "code") == 0)
		note(&parameters->code, &parameters->codes, value);
	else if (strcmp(name, "error") == 0)
		note(&parameters->error, &parameters->errors, value);
	return true;
}

static void
clear_parameters(struct parameters *parameters)
{
	sendas_secret_clear(&parameters->state);
	sendas_secret_clear(&parameters->code);
	sendas_secret_clear(&parameters->error);
}

/* Visible ASCII (RFC 6749 appendix A: VSCHAR and less), of a sane length. */
static bool
is_plain(const char *text, size_t max)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++) {
		if (text[i] <= ' ' || text[i] >= 0x7f)
			return false;
	}
	return len > 0 && len <= max;
}

/* Once the state is right. */
static enum sendas_redirect_verdict
take(struct parameters *parameters, struct sendas_redirect *out)
{
	bool has_code = parameters->codes == 1 && parameters->errors == 0;
	bool has_error = parameters->errors == 1 && parameters->codes == 0;

	if (has_code &&
	    is_plain(parameters->code.data, SENDAS_LIMIT_TOKEN_BYTES)) {
		*out = (struct sendas_redirect){.code = parameters->code};
		parameters->code = (struct sendas_secret){0};
		return SENDAS_REDIRECT_GOOD;
	}
	if (has_error &&
	    is_plain(parameters->error.data, SENDAS_LIMIT_TOKEN_BYTES)) {
		*out = (struct sendas_redirect){
		    .error = sendas_xstrdup(parameters->error.data)};
		return SENDAS_REDIRECT_GOOD;
	}
	return SENDAS_REDIRECT_BROKEN;
}

enum sendas_redirect_verdict
sendas_redirect_parse(
    const char *target, const char *state, struct sendas_redirect *out)
{
	enum sendas_redirect_verdict verdict = SENDAS_REDIRECT_FOREIGN;
	struct parameters parameters = {0};

	if (!is_plain(target, SENDAS_LIMIT_REDIRECT_BYTES) ||
	    strncmp(target, "/?", 2) != 0 ||
	    !sendas_oauth2_form_decode(target + 2, note_pair, &parameters))
		return SENDAS_REDIRECT_NOTHING;
	if (parameters.states == 0)
		verdict = SENDAS_REDIRECT_NOTHING;
	else if (sendas_oauth2_is_equal(parameters.state.data, state))
		verdict = parameters.states == 1 ? take(&parameters, out)
						 : SENDAS_REDIRECT_BROKEN;
	clear_parameters(&parameters);
	return verdict;
}

/* What follows "http://127.0.0.1:" in an address, or NULL. */
static const char *
after_host(const char *address)
{
	static const char scheme[] = "http://", host[] = "127.0.0.1:";

	if (strncmp(address, scheme, sizeof(scheme) - 1) == 0)
		address += sizeof(scheme) - 1;
	if (strncmp(address, host, sizeof(host) - 1) != 0)
		return NULL;
	return address + sizeof(host) - 1;
}

static enum sendas_redirect_verdict
parse_address(char *address, unsigned port, const char *state,
    struct sendas_redirect *out)
{
	const char *at = after_host(address);
	size_t digits = at != NULL ? strspn(at, "0123456789") : 0;
	char wanted[16];

	if (digits == 0 || at[digits] != '/')
		return SENDAS_REDIRECT_NOTHING;
	snprintf(wanted, sizeof(wanted), "%u", port);
	if (strlen(wanted) != digits || strncmp(at, wanted, digits) != 0)
		return SENDAS_REDIRECT_FOREIGN;
	/* A browser keeps what follows "#" to itself. */
	address[strcspn(address, "#")] = '\0';
	return sendas_redirect_parse(at + digits, state, out);
}

enum sendas_redirect_verdict
sendas_redirect_parse_pasted(const char *text, unsigned port, const char *state,
    struct sendas_redirect *out)
{
	char *address = sendas_text_trim(text);
	enum sendas_redirect_verdict verdict =
	    parse_address(address, port, state, out);

	sendas_secret_wipe(address);
	free(address);
	return verdict;
}

void
sendas_redirect_clear(struct sendas_redirect *redirect)
{
	sendas_secret_clear(&redirect->code);
	free(redirect->error);
	redirect->error = NULL;
}
