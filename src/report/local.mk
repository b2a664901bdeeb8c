libsendas_a_SOURCES += \
	src/report/as_json.c \
	src/report/as_log.c \
	src/report/as_text.c
