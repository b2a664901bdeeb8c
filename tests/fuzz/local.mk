# Fuzz targets. A fuzzer is built by hand (tests/fuzz/README.md); here each
# target runs over the files in its folder of corpus/.
check_PROGRAMS += tests/fuzz/replay_bounce
TESTS += tests/fuzz/bounce.t
EXTRA_DIST += tests/fuzz/README.md tests/fuzz/bounce.t

tests_fuzz_replay_bounce_SOURCES = \
	tests/fuzz/fuzz_bounce.c \
	tests/fuzz/replay.c
tests_fuzz_replay_bounce_LDADD = $(sendas_libs)

EXTRA_DIST += \
	tests/fuzz/corpus/bounce/421 \
	tests/fuzz/corpus/bounce/534-google \
	tests/fuzz/corpus/bounce/535 \
	tests/fuzz/corpus/bounce/550-command \
	tests/fuzz/corpus/bounce/550-dmarc \
	tests/fuzz/corpus/bounce/certificate \
	tests/fuzz/corpus/bounce/controls \
	tests/fuzz/corpus/bounce/cut-utf8 \
	tests/fuzz/corpus/bounce/dots \
	tests/fuzz/corpus/bounce/e041-english \
	tests/fuzz/corpus/bounce/e041-full-width \
	tests/fuzz/corpus/bounce/e041-html \
	tests/fuzz/corpus/bounce/e041-japanese \
	tests/fuzz/corpus/bounce/e041-torn \
	tests/fuzz/corpus/bounce/empty-line \
	tests/fuzz/corpus/bounce/invalid-utf8 \
	tests/fuzz/corpus/bounce/iso-2022-jp \
	tests/fuzz/corpus/bounce/iso-2022-jp-cut \
	tests/fuzz/corpus/bounce/nuls \
	tests/fuzz/corpus/bounce/numbers \
	tests/fuzz/corpus/bounce/references \
	tests/fuzz/corpus/bounce/shift-jis \
	tests/fuzz/corpus/bounce/tags

check_PROGRAMS += tests/fuzz/replay_answers
TESTS += tests/fuzz/answers.t
EXTRA_DIST += tests/fuzz/answers.t

tests_fuzz_replay_answers_SOURCES = \
	tests/fuzz/fuzz_answers.c \
	tests/fuzz/replay.c
tests_fuzz_replay_answers_LDADD = $(sendas_libs)

EXTRA_DIST += \
	tests/fuzz/corpus/answers/address-name \
	tests/fuzz/corpus/answers/apostrophe \
	tests/fuzz/corpus/answers/arrows \
	tests/fuzz/corpus/answers/bidi \
	tests/fuzz/corpus/answers/comma \
	tests/fuzz/corpus/answers/full-stop \
	tests/fuzz/corpus/answers/host-row \
	tests/fuzz/corpus/answers/huge-number \
	tests/fuzz/corpus/answers/label-none \
	tests/fuzz/corpus/answers/label-tls \
	tests/fuzz/corpus/answers/long \
	tests/fuzz/corpus/answers/not-ticked \
	tests/fuzz/corpus/answers/nul \
	tests/fuzz/corpus/answers/port \
	tests/fuzz/corpus/answers/question-mark \
	tests/fuzz/corpus/answers/shift-jis \
	tests/fuzz/corpus/answers/spaces \
	tests/fuzz/corpus/answers/user

check_PROGRAMS += tests/fuzz/replay_policy
TESTS += tests/fuzz/policy.t
EXTRA_DIST += tests/fuzz/policy.t

tests_fuzz_replay_policy_SOURCES = \
	tests/fuzz/fuzz_policy.c \
	tests/fuzz/replay.c
tests_fuzz_replay_policy_LDADD = $(sendas_libs)

EXTRA_DIST += \
	tests/fuzz/corpus/policy/cut \
	tests/fuzz/corpus/policy/example \
	tests/fuzz/corpus/policy/no-domain \
	tests/fuzz/corpus/policy/starttls \
	tests/fuzz/corpus/policy/unknown-key \
	tests/fuzz/corpus/policy/version

check_PROGRAMS += tests/fuzz/replay_answer
TESTS += tests/fuzz/answer.t
EXTRA_DIST += tests/fuzz/answer.t

tests_fuzz_replay_answer_SOURCES = \
	tests/fuzz/fuzz_answer.c \
	tests/fuzz/replay.c
tests_fuzz_replay_answer_LDADD = $(sendas_libs)

EXTRA_DIST += \
	tests/fuzz/corpus/answer/bom \
	tests/fuzz/corpus/answer/cut \
	tests/fuzz/corpus/answer/deep \
	tests/fuzz/corpus/answer/hostile \
	tests/fuzz/corpus/answer/list \
	tests/fuzz/corpus/answer/nul \
	tests/fuzz/corpus/answer/one \
	tests/fuzz/corpus/answer/wrong-type

check_PROGRAMS += tests/fuzz/replay_users
TESTS += tests/fuzz/users.t
EXTRA_DIST += tests/fuzz/users.t

tests_fuzz_replay_users_SOURCES = \
	tests/fuzz/fuzz_users.c \
	tests/fuzz/replay.c
tests_fuzz_replay_users_LDADD = $(sendas_libs)

EXTRA_DIST += \
	tests/fuzz/corpus/users/after-quote \
	tests/fuzz/corpus/users/bad-lines \
	tests/fuzz/corpus/users/bom \
	tests/fuzz/corpus/users/columns \
	tests/fuzz/corpus/users/csv \
	tests/fuzz/corpus/users/japanese \
	tests/fuzz/corpus/users/lines \
	tests/fuzz/corpus/users/no-column \
	tests/fuzz/corpus/users/not-closed \
	tests/fuzz/corpus/users/nul \
	tests/fuzz/corpus/users/return \
	tests/fuzz/corpus/users/same-hash \
	tests/fuzz/corpus/users/semicolons \
	tests/fuzz/corpus/users/shift-jis \
	tests/fuzz/corpus/users/utf16

check_PROGRAMS += tests/fuzz/replay_passwords_file
TESTS += tests/fuzz/passwords_file.t
EXTRA_DIST += tests/fuzz/passwords_file.t

tests_fuzz_replay_passwords_file_SOURCES = \
	tests/fuzz/fuzz_passwords_file.c \
	tests/fuzz/replay.c
tests_fuzz_replay_passwords_file_LDADD = $(sendas_libs)

EXTRA_DIST += \
	tests/fuzz/corpus/passwords_file/after-quote \
	tests/fuzz/corpus/passwords_file/blank-lines \
	tests/fuzz/corpus/passwords_file/bom-crlf \
	tests/fuzz/corpus/passwords_file/column-missing \
	tests/fuzz/corpus/passwords_file/column-twice \
	tests/fuzz/corpus/passwords_file/control \
	tests/fuzz/corpus/passwords_file/empty \
	tests/fuzz/corpus/passwords_file/good \
	tests/fuzz/corpus/passwords_file/inner-quote \
	tests/fuzz/corpus/passwords_file/invisible \
	tests/fuzz/corpus/passwords_file/japanese \
	tests/fuzz/corpus/passwords_file/line-break \
	tests/fuzz/corpus/passwords_file/moved \
	tests/fuzz/corpus/passwords_file/no-address \
	tests/fuzz/corpus/passwords_file/no-entries \
	tests/fuzz/corpus/passwords_file/no-header \
	tests/fuzz/corpus/passwords_file/no-password \
	tests/fuzz/corpus/passwords_file/no-user \
	tests/fuzz/corpus/passwords_file/not-closed \
	tests/fuzz/corpus/passwords_file/nul \
	tests/fuzz/corpus/passwords_file/order \
	tests/fuzz/corpus/passwords_file/other-column \
	tests/fuzz/corpus/passwords_file/password-first \
	tests/fuzz/corpus/passwords_file/quoted \
	tests/fuzz/corpus/passwords_file/return \
	tests/fuzz/corpus/passwords_file/semicolons \
	tests/fuzz/corpus/passwords_file/shift-jis \
	tests/fuzz/corpus/passwords_file/shift-jis-header \
	tests/fuzz/corpus/passwords_file/shift-jis-password \
	tests/fuzz/corpus/passwords_file/spaces \
	tests/fuzz/corpus/passwords_file/too-few \
	tests/fuzz/corpus/passwords_file/too-many \
	tests/fuzz/corpus/passwords_file/twice \
	tests/fuzz/corpus/passwords_file/utf16 \
	tests/fuzz/corpus/passwords_file/utf16-no-mark

check_PROGRAMS += tests/fuzz/replay_token
TESTS += tests/fuzz/token.t
EXTRA_DIST += tests/fuzz/token.t

tests_fuzz_replay_token_SOURCES = \
	tests/fuzz/fuzz_token.c \
	tests/fuzz/replay.c
tests_fuzz_replay_token_LDADD = $(sendas_libs)

EXTRA_DIST += \
	tests/fuzz/corpus/token/api-form \
	tests/fuzz/corpus/token/bad-lifetime \
	tests/fuzz/corpus/token/clock \
	tests/fuzz/corpus/token/control-in-bearer \
	tests/fuzz/corpus/token/empty \
	tests/fuzz/corpus/token/good \
	tests/fuzz/corpus/token/html \
	tests/fuzz/corpus/token/long-description \
	tests/fuzz/corpus/token/not-utf8 \
	tests/fuzz/corpus/token/nul \
	tests/fuzz/corpus/token/person-revoked \
	tests/fuzz/corpus/token/scope-missing \
	tests/fuzz/corpus/token/unauthorized-client \
	tests/fuzz/corpus/token/unauthorized-client-no-id \
	tests/fuzz/corpus/token/wrong-types

check_PROGRAMS += tests/fuzz/replay_google_error
TESTS += tests/fuzz/google_error.t
EXTRA_DIST += tests/fuzz/google_error.t

tests_fuzz_replay_google_error_SOURCES = \
	tests/fuzz/fuzz_google_error.c \
	tests/fuzz/replay.c
tests_fuzz_replay_google_error_LDADD = $(sendas_libs)

EXTRA_DIST += \
	tests/fuzz/corpus/google_error/delegation \
	tests/fuzz/corpus/google_error/disabled \
	tests/fuzz/corpus/google_error/empty \
	tests/fuzz/corpus/google_error/error-is-text \
	tests/fuzz/corpus/google_error/html \
	tests/fuzz/corpus/google_error/long \
	tests/fuzz/corpus/google_error/mail-off \
	tests/fuzz/corpus/google_error/not-utf8 \
	tests/fuzz/corpus/google_error/percent \
	tests/fuzz/corpus/google_error/rate \
	tests/fuzz/corpus/google_error/restricted \
	tests/fuzz/corpus/google_error/scope \
	tests/fuzz/corpus/google_error/wrong-types

check_PROGRAMS += tests/fuzz/replay_credentials
TESTS += tests/fuzz/credentials.t
EXTRA_DIST += tests/fuzz/credentials.t

tests_fuzz_replay_credentials_SOURCES = \
	tests/fuzz/fuzz_credentials.c \
	tests/fuzz/replay.c
tests_fuzz_replay_credentials_LDADD = $(sendas_libs)

EXTRA_DIST += \
	tests/fuzz/corpus/credentials/authorized-user \
	tests/fuzz/corpus/credentials/bom \
	tests/fuzz/corpus/credentials/der \
	tests/fuzz/corpus/credentials/empty-key \
	tests/fuzz/corpus/credentials/external \
	tests/fuzz/corpus/credentials/half \
	tests/fuzz/corpus/credentials/installed \
	tests/fuzz/corpus/credentials/key-twice \
	tests/fuzz/corpus/credentials/nul-in-email \
	tests/fuzz/corpus/credentials/other-token-uri \
	tests/fuzz/corpus/credentials/pem \
	tests/fuzz/corpus/credentials/service-account \
	tests/fuzz/corpus/credentials/spaces \
	tests/fuzz/corpus/credentials/token \
	tests/fuzz/corpus/credentials/type-is-number

check_PROGRAMS += tests/fuzz/replay_plan_file
TESTS += tests/fuzz/plan_file.t
EXTRA_DIST += tests/fuzz/plan_file.t

tests_fuzz_replay_plan_file_SOURCES = \
	tests/fuzz/fuzz_plan_file.c \
	tests/fuzz/replay.c
tests_fuzz_replay_plan_file_LDADD = $(sendas_libs)

EXTRA_DIST += \
	tests/fuzz/corpus/plan_file/address-is-number \
	tests/fuzz/corpus/plan_file/after-end \
	tests/fuzz/corpus/plan_file/after-is-text \
	tests/fuzz/corpus/plan_file/changed-twice \
	tests/fuzz/corpus/plan_file/crlf \
	tests/fuzz/corpus/plan_file/cut \
	tests/fuzz/corpus/plan_file/deep \
	tests/fuzz/corpus/plan_file/end-is-false \
	tests/fuzz/corpus/plan_file/good \
	tests/fuzz/corpus/plan_file/hostile \
	tests/fuzz/corpus/plan_file/huge-number \
	tests/fuzz/corpus/plan_file/later \
	tests/fuzz/corpus/plan_file/long-time \
	tests/fuzz/corpus/plan_file/newer \
	tests/fuzz/corpus/plan_file/no-end \
	tests/fuzz/corpus/plan_file/no-line-end \
	tests/fuzz/corpus/plan_file/no-such-day \
	tests/fuzz/corpus/plan_file/none \
	tests/fuzz/corpus/plan_file/not-utf8 \
	tests/fuzz/corpus/plan_file/nul \
	tests/fuzz/corpus/plan_file/other-address \
	tests/fuzz/corpus/plan_file/other-before \
	tests/fuzz/corpus/plan_file/other-field \
	tests/fuzz/corpus/plan_file/other-numbers \
	tests/fuzz/corpus/plan_file/report \
	tests/fuzz/corpus/plan_file/twice \
	tests/fuzz/corpus/plan_file/wrong-types

check_PROGRAMS += tests/fuzz/replay_redirect
TESTS += tests/fuzz/redirect.t
EXTRA_DIST += tests/fuzz/redirect.t

tests_fuzz_replay_redirect_SOURCES = \
	tests/fuzz/fuzz_redirect.c \
	tests/fuzz/replay.c
tests_fuzz_replay_redirect_LDADD = $(sendas_libs)

EXTRA_DIST += \
	tests/fuzz/corpus/redirect/ampersands \
	tests/fuzz/corpus/redirect/bad-percent \
	tests/fuzz/corpus/redirect/code-and-error \
	tests/fuzz/corpus/redirect/code-empty \
	tests/fuzz/corpus/redirect/code-newline \
	tests/fuzz/corpus/redirect/code-not-ascii \
	tests/fuzz/corpus/redirect/code-twice \
	tests/fuzz/corpus/redirect/cut-percent \
	tests/fuzz/corpus/redirect/empty \
	tests/fuzz/corpus/redirect/encoded \
	tests/fuzz/corpus/redirect/encoded-nul \
	tests/fuzz/corpus/redirect/equals-twice \
	tests/fuzz/corpus/redirect/fragment \
	tests/fuzz/corpus/redirect/good \
	tests/fuzz/corpus/redirect/good-error \
	tests/fuzz/corpus/redirect/long \
	tests/fuzz/corpus/redirect/neither \
	tests/fuzz/corpus/redirect/no-state \
	tests/fuzz/corpus/redirect/not-utf8 \
	tests/fuzz/corpus/redirect/nul \
	tests/fuzz/corpus/redirect/other-state \
	tests/fuzz/corpus/redirect/pasted \
	tests/fuzz/corpus/redirect/pasted-bare \
	tests/fuzz/corpus/redirect/pasted-error \
	tests/fuzz/corpus/redirect/pasted-localhost \
	tests/fuzz/corpus/redirect/pasted-other-port \
	tests/fuzz/corpus/redirect/pasted-page \
	tests/fuzz/corpus/redirect/state-and-other \
	tests/fuzz/corpus/redirect/state-twice
