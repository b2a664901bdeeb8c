/* SPDX-License-Identifier: Apache-2.0 */
/*
 * landing.c: the page after a sign-in, as HTML. Sentences and what came from
 * outside go through one function that escapes them; markup stands only here.
 */
#include "sendas/landing.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/buf.h"
#include "sendas/i18n.h"
#include "sendas/text.h"

/* Where a person sees and ends what programs may do. The text may break after
 * the host's name, where it stays readable on a phone. */
#define CONNECTIONS "https://myaccount.google.com/connections"
#define CONNECTIONS_TEXT "https://myaccount.google.com/<wbr>connections"

/* All of the page but what came from outside; it is about 7 KiB. */
#define OWN_BYTES (64u * 1024)

/*
 * The hash of `style`, without which a browser leaves the page bare. After a
 * change of the style the unit test tells the new one.
 */
#define STYLE_HASH "sha256-6MagBgUAA6cq/4T4chz5ibjnvI+rHr3wk+J1rT3/sDg="

/* The colours have a contrast of 4.5 or more on their ground (WCAG AA). */
static const char style[] =
    ":root{color-scheme:light dark;"
    "--ground:#f3f4f6;--card:#fff;--line:#d5d9de;--text:#1f2328;"
    "--soft:#545c66;--link:#0b57a4;--good:#1a6b3c;--care:#8a5300;"
    "--bad:#a32a2a}"
    "@media(prefers-color-scheme:dark){:root{"
    "--ground:#14171a;--card:#1e2226;--line:#3b4249;--text:#e8eaed;"
    "--soft:#a9b2bb;--link:#8ab8ff;--good:#6fd08f;--care:#ecbb62;"
    "--bad:#ff9a8f}}"
    "*{box-sizing:border-box}"
    "body{margin:0;padding:2rem 1rem;background:var(--ground);"
    "color:var(--text);font:1.125rem/1.7 system-ui,-apple-system,"
    "\"Segoe UI\",\"Hiragino Sans\",\"Hiragino Kaku Gothic ProN\","
    "\"Yu Gothic UI\",Meiryo,\"Noto Sans CJK JP\",\"Noto Sans JP\","
    "sans-serif;overflow-wrap:anywhere;line-break:strict;"
    "word-break:auto-phrase}"
    "main,footer{max-width:40rem;margin:0 auto}"
    "main{padding:2rem;background:var(--card);border:1px solid var(--line);"
    "border-radius:.75rem}"
    "svg{display:block;width:3.5rem;height:3.5rem;margin:0 0 1rem;fill:none;"
    "stroke:currentColor;stroke-width:3;stroke-linecap:round;"
    "stroke-linejoin:round}"
    ".good svg{color:var(--good)}.care svg{color:var(--care)}"
    ".bad svg{color:var(--bad)}.calm svg{color:var(--soft)}"
    "h1,h2{text-wrap:balance}"
    "h1{margin:0 0 .75rem;font-size:2rem;line-height:1.3}"
    "h2{margin:2rem 0 .25rem;font-size:1.25rem;line-height:1.4}"
    "p{margin:0 0 .75rem}ul,ol{margin:0 0 .75rem;padding-left:1.5rem}"
    ".who span{display:block;color:var(--soft);font-size:1rem}"
    ".who b{font-size:1.25rem}"
    ".detail{margin:1rem 0;padding:.75rem 1rem;white-space:pre-wrap;"
    "background:var(--ground);border-left:.25rem solid var(--care);"
    "border-radius:.25rem}"
    ".bad .detail{border-color:var(--bad)}"
    ".good .detail,.calm .detail{border-color:var(--soft)}"
    "code{padding:.1em .4em;background:var(--ground);"
    "border:1px solid var(--line);border-radius:.25rem;"
    "font:1em/1.5 ui-monospace,Consolas,Menlo,\"DejaVu Sans Mono\","
    "monospace}"
    "a{color:var(--link)}"
    "a:focus-visible{outline:3px solid var(--link);outline-offset:2px}"
    "footer{padding:1rem 2rem;color:var(--soft);font-size:1rem}"
    "@media(max-width:30rem){body{padding:.75rem}main{padding:1.25rem}"
    "h1{font-size:1.625rem}a{font-size:1rem}footer{padding:1rem 1.25rem}}"
    "@media(max-width:21rem){h1{font-size:1.375rem}"
    ".who b{font-size:1.125rem}a{font-size:.875rem}}";

/* The paths of a sign in a square of 48. */
#define TICK "M15 25l6 6 12-14"
#define MARK "M24 14v13M24 33.5v.5"
#define DOTS "M15.5 24h.01M24 24h.01M32.5 24h.01"

/* What is the same on every page of a kind. */
struct kind {
	const char *look; /* a class of the style */
	const char *sign;
	const char *heading;
	const char *lead; /* where there is no detail */
	const char *mailbox; /* what the mailbox is */
	bool is_unchanged; /* to say so comforts */
};

static const struct kind kinds[] = {
    [SENDAS_LANDING_DONE] = {"good", TICK, N_("You are signed in"),
	N_("sendas can now look at your settings."), N_("Gmail account"),
	false},
    [SENDAS_LANDING_DECLINED] = {"care", MARK, N_("Permission was not given"),
	N_("sendas cannot look at your settings without it. If you would like "
	   "to go on after all, please sign in once more."),
	N_("Gmail account"), true},
    [SENDAS_LANDING_INCOMPLETE] = {"care", MARK,
	N_("One permission is still missing"),
	N_("Google's page has a box for each permission, and sendas needs the "
	   "one for Gmail's settings. Please sign in once more and tick it."),
	N_("Gmail account"), true},
    [SENDAS_LANDING_WRONG_ACCOUNT] = {"care", MARK,
	N_("Another account was chosen"),
	N_("sendas was started for another account than this one. Please sign "
	   "in once more and choose that account on Google's page."),
	N_("Chosen on Google's page"), true},
    [SENDAS_LANDING_FAILED] = {"bad", MARK, N_("The sign-in did not work"),
	N_("Please sign in once more. If it happens again, the window in "
	   "which you started sendas says more."),
	N_("Gmail account"), true},
    [SENDAS_LANDING_FOREIGN] = {"care", MARK,
	N_("This page belongs to another sign-in"),
	N_("sendas is waiting for a different sign-in. Perhaps an older page "
	   "was still open. If there is a newer page from Google, please go "
	   "on there."),
	N_("Gmail account"), true},
    [SENDAS_LANDING_NOTHING] = {"calm", DOTS, N_("There is nothing here"),
	N_("sendas only waits here until you come back from Google's sign-in "
	   "page. There is nothing to do on this page."),
	N_("Gmail account"), false},
};

static void
add_escaped(struct sendas_buf *page, const char *text)
{
	char *escaped = sendas_text_escape_html(text);

	sendas_buf_add_text(page, escaped);
	free(escaped);
}

/* An element without attributes, with a text in it. */
static void
add_element(struct sendas_buf *page, const char *name, const char *text)
{
	sendas_buf_printf(page, "<%s>", name);
	add_escaped(page, text);
	sendas_buf_printf(page, "</%s>\n", name);
}

/* The address of this page has secrets of the sign-in in it: no page that the
 * person goes on to is to learn it. */
static void
add_head(struct sendas_buf *page, const struct kind *kind)
{
	sendas_buf_add_text(page,
	    "<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"robots\" content=\"noindex\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n"
	    "<title>");
	add_escaped(page, gettext(kind->heading));
	sendas_buf_printf(
	    page, " - sendas</title>\n<style>%s</style>\n</head>\n", style);
}

static void
add_sign(struct sendas_buf *page, const struct kind *kind)
{
	sendas_buf_printf(page,
	    "<svg viewBox=\"0 0 48 48\" aria-hidden=\"true\" "
	    "focusable=\"false\"><circle cx=\"24\" cy=\"24\" r=\"21\"/>"
	    "<path d=\"%s\"/></svg>\n",
	    kind->sign);
}

/* `mailbox` is escaped already, and so is `detail` below. <bdi>: an address
 * in a right-to-left script leaves the words around it where they are. */
static void
add_mailbox(
    struct sendas_buf *page, const struct kind *kind, const char *mailbox)
{
	if (*mailbox == '\0')
		return;
	sendas_buf_add_text(page, "<p class=\"who\"><span>");
	add_escaped(page, gettext(kind->mailbox));
	sendas_buf_printf(page, "</span> <b><bdi>%s</bdi></b></p>\n", mailbox);
}

static void
add_detail(struct sendas_buf *page, const struct kind *kind, const char *detail)
{
	if (*detail == '\0')
		add_element(page, "p", gettext(kind->lead));
	else
		sendas_buf_printf(
		    page, "<div class=\"detail\">%s</div>\n", detail);
}

static void
add_next(struct sendas_buf *page)
{
	add_element(page, "h2", _("What to do now"));
	sendas_buf_add_text(page, "<ol>\n");
	add_element(page, "li", _("You can close this page."));
	add_element(page, "li",
	    _("Please go on in the window in which you started sendas."));
	sendas_buf_add_text(page, "</ol>\n");
}

static void
add_promises(struct sendas_buf *page)
{
	add_element(page, "h2", _("What sendas does, and what it does not do"));
	sendas_buf_add_text(page, "<ul>\n");
	add_element(
	    page, "li", _("It reads only Gmail's \"Send mail as\" settings."));
	add_element(page, "li", _("It does not read your mail."));
	add_element(page, "li", _("It changes nothing unless you tell it to."));
	sendas_buf_add_text(page, "</ul>\n");
}

static void
add_way_back(struct sendas_buf *page)
{
	add_element(page, "h2", _("If you want to take the permission back"));
	add_element(page, "p",
	    _("You can do so at any time, in one of these "
	      "two ways:"));
	sendas_buf_add_text(page, "<ul>\n<li>");
	add_escaped(page, _("With this command on this computer:"));
	sendas_buf_add_text(page, " <code>sendas logout</code></li>\n<li>");
	add_escaped(page, _("On this page of Google's:"));
	sendas_buf_add_text(page,
	    " <a href=\"" CONNECTIONS "\" rel=\"noreferrer\">" CONNECTIONS_TEXT
	    "</a></li>\n</ul>\n");
}

static void
add_main(struct sendas_buf *page, const struct kind *kind, const char *mailbox,
    const char *detail)
{
	sendas_buf_printf(page, "<main class=\"%s\">\n", kind->look);
	add_sign(page, kind);
	add_element(page, "h1", gettext(kind->heading));
	add_mailbox(page, kind, mailbox);
	add_detail(page, kind, detail);
	if (kind->is_unchanged)
		add_element(page, "p", _("Nothing in Gmail was changed."));
	add_next(page);
	if (kind == &kinds[SENDAS_LANDING_DONE]) {
		add_promises(page);
		add_way_back(page);
	}
	sendas_buf_add_text(page, "</main>\n");
}

char *
sendas_landing_format(const struct sendas_landing *landing)
{
	const struct kind *kind = &kinds[landing->kind];
	char *mailbox = sendas_text_escape_html(landing->mailbox);
	char *detail = sendas_text_escape_html(landing->detail);
	struct sendas_buf page;

	sendas_buf_init(&page, OWN_BYTES + strlen(mailbox) + strlen(detail));
	sendas_buf_printf(&page, "<!DOCTYPE html>\n<html lang=\"%s\">\n",
	    sendas_i18n_language());
	add_head(&page, kind);
	sendas_buf_add_text(&page, "<body>\n");
	add_main(&page, kind, mailbox, detail);
	sendas_buf_add_text(&page, "<footer>\n");
	add_element(&page, "p",
	    _("This page comes from sendas, the program on this computer "
	      "(127.0.0.1), not from Google."));
	sendas_buf_add_text(&page, "</footer>\n</body>\n</html>\n");
	free(mailbox);
	free(detail);
	return sendas_buf_take(&page);
}

const char *
sendas_landing_policy(void)
{
	return "default-src 'none'; style-src '" STYLE_HASH "'; "
	       "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}
