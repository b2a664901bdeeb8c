libsendas_a_SOURCES += \
	src/base/buf.c \
	src/base/clock.c \
	src/base/csv.c \
	src/base/endpoints.c \
	src/base/error.c \
	src/base/fault.c \
	src/base/file.c \
	src/base/http.c \
	src/base/i18n.c \
	src/base/json.c \
	src/base/mem.c \
	src/base/model.c \
	src/base/model_json.c \
	src/base/paste.c \
	src/base/retry.c \
	src/base/secret.c \
	src/base/smtp.c \
	src/base/state_dir.c \
	src/base/suggest.c \
	src/base/text.c \
	src/base/workers.c
