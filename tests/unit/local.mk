# One program a module. They link all of the program but its face.
unit_tests = \
	tests/unit/test_answers \
	tests/unit/test_as_log \
	tests/unit/test_as_text \
	tests/unit/test_ask \
	tests/unit/test_assertion \
	tests/unit/test_auth \
	tests/unit/test_bounce \
	tests/unit/test_credentials \
	tests/unit/test_credentials_find \
	tests/unit/test_csv \
	tests/unit/test_doctor \
	tests/unit/test_endpoints \
	tests/unit/test_fleet \
	tests/unit/test_google_error \
	tests/unit/test_guide \
	tests/unit/test_journal \
	tests/unit/test_journal_crash \
	tests/unit/test_journal_file \
	tests/unit/test_json \
	tests/unit/test_landing \
	tests/unit/test_login \
	tests/unit/test_loopback \
	tests/unit/test_names \
	tests/unit/test_oauth2_glue \
	tests/unit/test_passwords_file \
	tests/unit/test_paste \
	tests/unit/test_plan \
	tests/unit/test_plan_file \
	tests/unit/test_policy \
	tests/unit/test_redirect \
	tests/unit/test_retry \
	tests/unit/test_rules \
	tests/unit/test_runs_screen \
	tests/unit/test_secret \
	tests/unit/test_select \
	tests/unit/test_send_as \
	tests/unit/test_steps \
	tests/unit/test_suggest \
	tests/unit/test_text \
	tests/unit/test_token \
	tests/unit/test_token_store \
	tests/unit/test_users \
	tests/unit/test_workers

if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
endif

noinst_HEADERS += tests/unit/test_browser.h tests/unit/test_folder.h \
	tests/unit/test_journal.h tests/unit/test_keys.h tests/unit/test_ocn.h
unit_cflags = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
unit_libs = $(sendas_libs) $(CMOCKA_LIBS)

tests_unit_test_answers_SOURCES = tests/unit/test_answers.c
tests_unit_test_answers_CFLAGS = $(unit_cflags)
tests_unit_test_answers_LDADD = $(unit_libs)

tests_unit_test_as_log_SOURCES = tests/unit/test_as_log.c
tests_unit_test_as_log_CFLAGS = $(unit_cflags)
tests_unit_test_as_log_LDADD = $(unit_libs)

tests_unit_test_as_text_SOURCES = tests/unit/test_as_text.c
tests_unit_test_as_text_CFLAGS = $(unit_cflags)
tests_unit_test_as_text_LDADD = $(unit_libs)

tests_unit_test_ask_SOURCES = tests/unit/test_ask.c
tests_unit_test_ask_CFLAGS = $(unit_cflags)
tests_unit_test_ask_LDADD = $(unit_libs)

tests_unit_test_assertion_SOURCES = tests/unit/test_assertion.c
tests_unit_test_assertion_CFLAGS = $(unit_cflags)
tests_unit_test_assertion_LDADD = $(unit_libs)

tests_unit_test_auth_SOURCES = tests/unit/test_auth.c
tests_unit_test_auth_CFLAGS = $(unit_cflags)
tests_unit_test_auth_LDADD = $(unit_libs)

tests_unit_test_bounce_SOURCES = tests/unit/test_bounce.c
tests_unit_test_bounce_CFLAGS = $(unit_cflags)
tests_unit_test_bounce_LDADD = $(unit_libs)

tests_unit_test_credentials_SOURCES = tests/unit/test_credentials.c
tests_unit_test_credentials_CFLAGS = $(unit_cflags)
tests_unit_test_credentials_LDADD = $(unit_libs)

tests_unit_test_endpoints_SOURCES = tests/unit/test_endpoints.c
tests_unit_test_endpoints_CFLAGS = $(unit_cflags)
tests_unit_test_endpoints_LDADD = $(unit_libs)

tests_unit_test_google_error_SOURCES = tests/unit/test_google_error.c
tests_unit_test_google_error_CFLAGS = $(unit_cflags)
tests_unit_test_google_error_LDADD = $(unit_libs)

tests_unit_test_journal_SOURCES = tests/unit/test_journal.c
tests_unit_test_journal_CFLAGS = $(unit_cflags)
tests_unit_test_journal_LDADD = $(unit_libs)

tests_unit_test_journal_crash_SOURCES = tests/unit/test_journal_crash.c
tests_unit_test_journal_crash_CFLAGS = $(unit_cflags)
tests_unit_test_journal_crash_LDADD = $(unit_libs)

tests_unit_test_journal_file_SOURCES = tests/unit/test_journal_file.c
tests_unit_test_journal_file_CFLAGS = $(unit_cflags)
tests_unit_test_journal_file_LDADD = $(unit_libs)

tests_unit_test_json_SOURCES = tests/unit/test_json.c
tests_unit_test_json_CFLAGS = $(unit_cflags)
tests_unit_test_json_LDADD = $(unit_libs)

tests_unit_test_landing_SOURCES = tests/unit/test_landing.c
tests_unit_test_landing_CFLAGS = $(unit_cflags)
tests_unit_test_landing_LDADD = $(unit_libs)

tests_unit_test_login_SOURCES = tests/unit/test_login.c
tests_unit_test_login_CFLAGS = $(unit_cflags)
tests_unit_test_login_LDADD = $(unit_libs)

tests_unit_test_loopback_SOURCES = tests/unit/test_loopback.c
tests_unit_test_loopback_CFLAGS = $(unit_cflags)
tests_unit_test_loopback_LDADD = $(unit_libs)

tests_unit_test_names_SOURCES = tests/unit/test_names.c
tests_unit_test_names_CFLAGS = $(unit_cflags)
tests_unit_test_names_LDADD = $(unit_libs)

tests_unit_test_oauth2_glue_SOURCES = tests/unit/test_oauth2_glue.c
tests_unit_test_oauth2_glue_CFLAGS = $(unit_cflags)
tests_unit_test_oauth2_glue_LDADD = $(unit_libs)

tests_unit_test_paste_SOURCES = tests/unit/test_paste.c
tests_unit_test_paste_CFLAGS = $(unit_cflags)
tests_unit_test_paste_LDADD = $(unit_libs)

tests_unit_test_passwords_file_SOURCES = tests/unit/test_passwords_file.c
tests_unit_test_passwords_file_CFLAGS = $(unit_cflags)
tests_unit_test_passwords_file_LDADD = $(unit_libs)

tests_unit_test_plan_SOURCES = tests/unit/test_plan.c
tests_unit_test_plan_CFLAGS = $(unit_cflags)
tests_unit_test_plan_LDADD = $(unit_libs)

tests_unit_test_plan_file_SOURCES = tests/unit/test_plan_file.c
tests_unit_test_plan_file_CFLAGS = $(unit_cflags)
tests_unit_test_plan_file_LDADD = $(unit_libs)

tests_unit_test_policy_SOURCES = tests/unit/test_policy.c
tests_unit_test_policy_CFLAGS = $(unit_cflags)
tests_unit_test_policy_LDADD = $(unit_libs)

tests_unit_test_redirect_SOURCES = tests/unit/test_redirect.c
tests_unit_test_redirect_CFLAGS = $(unit_cflags)
tests_unit_test_redirect_LDADD = $(unit_libs)

tests_unit_test_retry_SOURCES = tests/unit/test_retry.c
tests_unit_test_retry_CFLAGS = $(unit_cflags)
tests_unit_test_retry_LDADD = $(unit_libs)

tests_unit_test_rules_SOURCES = tests/unit/test_rules.c
tests_unit_test_rules_CFLAGS = $(unit_cflags)
tests_unit_test_rules_LDADD = $(unit_libs)

tests_unit_test_send_as_SOURCES = tests/unit/test_send_as.c
tests_unit_test_send_as_CFLAGS = $(unit_cflags)
tests_unit_test_send_as_LDADD = $(unit_libs)

tests_unit_test_steps_SOURCES = tests/unit/test_steps.c
tests_unit_test_steps_CFLAGS = $(unit_cflags)
tests_unit_test_steps_LDADD = $(unit_libs)

tests_unit_test_suggest_SOURCES = tests/unit/test_suggest.c
tests_unit_test_suggest_CFLAGS = $(unit_cflags)
tests_unit_test_suggest_LDADD = $(unit_libs)

tests_unit_test_text_SOURCES = tests/unit/test_text.c
tests_unit_test_text_CFLAGS = $(unit_cflags)
tests_unit_test_text_LDADD = $(unit_libs)

tests_unit_test_token_SOURCES = tests/unit/test_token.c
tests_unit_test_token_CFLAGS = $(unit_cflags)
tests_unit_test_token_LDADD = $(unit_libs)

tests_unit_test_token_store_SOURCES = tests/unit/test_token_store.c
tests_unit_test_token_store_CFLAGS = $(unit_cflags)
tests_unit_test_token_store_LDADD = $(unit_libs)

tests_unit_test_guide_SOURCES = tests/unit/test_guide.c
tests_unit_test_guide_CFLAGS = $(unit_cflags)
tests_unit_test_guide_LDADD = $(unit_libs)

tests_unit_test_credentials_find_SOURCES = tests/unit/test_credentials_find.c
tests_unit_test_credentials_find_CFLAGS = $(unit_cflags)
tests_unit_test_credentials_find_LDADD = $(unit_libs)

tests_unit_test_workers_SOURCES = tests/unit/test_workers.c
tests_unit_test_workers_CFLAGS = $(unit_cflags)
tests_unit_test_workers_LDADD = $(unit_libs)

tests_unit_test_csv_SOURCES = tests/unit/test_csv.c
tests_unit_test_csv_CFLAGS = $(unit_cflags)
tests_unit_test_csv_LDADD = $(unit_libs)

tests_unit_test_fleet_SOURCES = tests/unit/test_fleet.c
tests_unit_test_fleet_CFLAGS = $(unit_cflags)
tests_unit_test_fleet_LDADD = $(unit_libs)

tests_unit_test_secret_SOURCES = tests/unit/test_secret.c
tests_unit_test_secret_CFLAGS = $(unit_cflags)
tests_unit_test_secret_LDADD = $(unit_libs)

# Of the face, what writes to a stream.
tests_unit_test_runs_screen_SOURCES = tests/unit/test_runs_screen.c \
	src/cli/runs_json.c \
	src/cli/runs_text.c
tests_unit_test_runs_screen_CFLAGS = $(unit_cflags)
tests_unit_test_runs_screen_LDADD = $(unit_libs)

tests_unit_test_select_SOURCES = tests/unit/test_select.c
tests_unit_test_select_CFLAGS = $(unit_cflags)
tests_unit_test_select_LDADD = $(unit_libs)

tests_unit_test_users_SOURCES = tests/unit/test_users.c
tests_unit_test_users_CFLAGS = $(unit_cflags)
tests_unit_test_users_LDADD = $(unit_libs)

tests_unit_test_doctor_SOURCES = tests/unit/test_doctor.c
tests_unit_test_doctor_CFLAGS = $(unit_cflags)
tests_unit_test_doctor_LDADD = $(unit_libs)
