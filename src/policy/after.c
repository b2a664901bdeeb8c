/* SPDX-License-Identifier: Apache-2.0 */
/*
 * after.c: the texts that follow a repair. Never says that mail arrives:
 * nobody here can know.
 */
#include "sendas/after.h"

#include "sendas/buf.h"
#include "sendas/i18n.h"

#define TEXT_BYTES (16u * 1024)

/* Users report 30 to 60 minutes until a change works. */
#define EFFECT_SEC (60 * 60)

/* "15:15" in local time. */
static void
format_time(time_t when, char *out, size_t bytes)
{
	struct tm local;

	localtime_r(&when, &local);
	strftime(out, bytes, "%H:%M", &local);
}

char *
sendas_after_next(const struct sendas_policy *policy, time_t now)
{
	const char *webmail = sendas_policy_text(&policy->webmail);
	struct sendas_buf text;
	char when[16];

	format_time(now + EFFECT_SEC, when, sizeof(when));
	sendas_buf_init(&text, TEXT_BYTES);
	sendas_buf_printf(&text,
	    _("What to do next\n"
	      " 1. Wait until about %s (a change can take 30 minutes to an "
	      "hour)\n"
	      " 2. Send one message to an address at another provider, a "
	      "relative's for example\n"
	      " 3. If no error comes back and it arrives, all is done\n"
	      " 4. Mail that came back before is not sent again by itself: "
	      "send it again\n"),
	    when);
	sendas_buf_add_text(
	    &text, _("If it still comes back: sendas explain -\n"));
	if (webmail != NULL)
		sendas_buf_printf(&text,
		    _("If it is urgent: send it from %s meanwhile\n"), webmail);
	sendas_buf_add_text(&text,
	    _("Only the settings were looked at; step 2 shows whether mail "
	      "arrives.\n"));
	return sendas_buf_take(&text);
}

char *
sendas_after_ladder(const struct sendas_policy *policy)
{
	const char *webmail = sendas_policy_text(&policy->webmail);
	struct sendas_buf text;
	int step = 0;

	sendas_buf_init(&text, TEXT_BYTES);
	sendas_buf_add_text(
	    &text, _("If mail still comes back, look in this order\n"));
	sendas_buf_printf(&text,
	    _("%2d. Is the error older than the change? Then it is an old "
	      "notice: send a new test\n"),
	    ++step);
	if (webmail != NULL)
		sendas_buf_printf(&text,
		    _("%2d. Does the same password open %s? If not, it is not "
		      "the right one\n"),
		    ++step, webmail);
	sendas_buf_printf(&text,
	    _("%2d. What does the error say?  sendas explain -\n"), ++step);
	if (policy->help_url != NULL)
		sendas_buf_printf(&text,
		    _("    %s's own page, which explains a pasted error:\n"
		      "    %s\n"),
		    policy->label, policy->help_url);
	sendas_buf_printf(&text,
	    _("%2d. Ask %s's support, and read out: which address, what is "
	      "set (server, port,\n"
	      "    SSL), since when it fails, and the line of the error. "
	      "Never the password\n"),
	    ++step, policy->label);
	return sendas_buf_take(&text);
}
