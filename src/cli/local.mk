bin_PROGRAMS += sendas
sendas_SOURCES = \
	src/cli/browser.c \
	src/cli/by_hand.c \
	src/cli/cmd_audit.c \
	src/cli/cmd_doctor.c \
	src/cli/cmd_explain.c \
	src/cli/cmd_fix.c \
	src/cli/cmd_login.c \
	src/cli/cmd_logout.c \
	src/cli/cmd_probe.c \
	src/cli/cmd_runs.c \
	src/cli/cmd_undo.c \
	src/cli/consent.c \
	src/cli/explain_screen.c \
	src/cli/given.c \
	src/cli/main.c \
	src/cli/menu.c \
	src/cli/options.c \
	src/cli/runs_json.c \
	src/cli/runs_text.c \
	src/cli/setup.c \
	src/cli/signed_in.c \
	src/cli/signin_screen.c \
	src/cli/smtp_passwords.c \
	src/cli/steps_sink.c \
	src/cli/terminal.c \
	src/cli/tty.c \
	src/cli/which_run.c
sendas_LDADD = $(sendas_libs)
